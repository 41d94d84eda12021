"""Tables that only ORM classes and migrations define are definitions, for statements of all kinds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import relink, write

DECLARATIVE = """
import datetime
from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import declarative_base, relationship
Base = declarative_base()

class Stamped:
    made = Column(DateTime)

class User(Stamped, Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column("name", String(50), unique=True)
    active = Column(Boolean)
    tags = Column(ARRAY(String))
    extra = Column(JSONB)
    orders = relationship("Order")

class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("user_id", "total"),)
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    total = Column(Numeric)
"""
MAPPED = """
import datetime
from decimal import Decimal
from typing import Any, Optional
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    __table_args__ = {"schema": "shared_common"}
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Optional[str]] = mapped_column(unique=True)
    made: Mapped[datetime.datetime]
    active: Mapped[bool | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(String))
    extra: Mapped[Any] = mapped_column(JSONB)
    orders: Mapped[list["Order"]] = relationship()

class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("user_id", "total"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    total: Mapped[Decimal]
"""
SQLMODEL = """
from datetime import datetime
from decimal import Decimal
from sqlalchemy import Column, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, Relationship, SQLModel

class Stamped(SQLModel):
    made: datetime

class User(Stamped, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    active: bool
    tags: list[str] = Field(sa_column=Column(ARRAY(String)))
    extra: dict = Field(sa_type=JSONB)
    orders: list["Order"] = Relationship()

class Order(SQLModel, table=True):
    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("user_id", "total"),)
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id")
    total: Decimal
"""
CORE = """
from sqlalchemy import (
    ARRAY, BOOLEAN, TIMESTAMP, Column, ForeignKey, Integer, MetaData, Numeric, Table, Text, UniqueConstraint
)
from sqlalchemy.dialects import postgresql
metadata = MetaData()
users = Table(
    "users", metadata, Column("id", Integer, primary_key=True), Column("name", Text(), unique=True),
    Column("made", TIMESTAMP), Column("active", BOOLEAN), Column("tags", ARRAY(Text)),
    Column("extra", postgresql.JSONB()),
)
orders = Table("orders", metadata, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("users.id")),
               Column("total", Numeric), UniqueConstraint("user_id", "total"))
"""
ALEMBIC = """
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

def upgrade():
    op.create_table(
        "users", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(50)),
        sa.Column("made", sa.DateTime(timezone=True)), sa.Column("tags", postgresql.ARRAY(sa.Text())),
        sa.Column("extra", postgresql.JSONB()), sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("name"),
    )
    op.add_column("users", sa.Column("active", sa.Boolean()))
    op.create_table("orders", sa.Column("id", sa.Integer()), sa.Column("user_id", sa.Integer()),
                    sa.Column("total", sa.Numeric()), sa.UniqueConstraint("user_id", "total"))
"""
USED = (
    "SELECT u.name, sum(o.total) FROM users u JOIN orders o ON o.user_id = u.id WHERE u.active GROUP BY u.id",
    "SELECT id FROM users WHERE id = 5 UNION SELECT user_id FROM orders",
    "SELECT made + interval '1 day', tags[1], extra->>'a' FROM users WHERE 'x' = ANY(tags)",
    "INSERT INTO users (name, active) VALUES (%s, true) ON CONFLICT (name) DO NOTHING",
    "INSERT INTO orders (user_id, total) VALUES (%s, %s) ON CONFLICT (user_id, total) DO NOTHING",
)


@pytest.mark.parametrize("models", [DECLARATIVE, MAPPED, SQLMODEL, CORE, ALEMBIC])
def test_no_stand_in_is_needed(models: str, tmp_path: Path) -> None:
    code = "import psycopg2\ncursor = psycopg2.connect('').cursor()\n" + "".join(
        f"cursor.execute({text!r})\n" for text in USED
    )
    write(tmp_path, {"models.py": models, "app.py": code})
    outcome = relink(tmp_path, "verify", "--output-format", "json")
    found = json.loads(outcome.out)["statements"]
    assert [(each["status"], each["message"]) for each in found] == [("same", "")] * len(USED)


def test_a_column_of_a_type_of_ones_own_is_left_to_a_stand_in(tmp_path: Path) -> None:
    models = DECLARATIVE.replace("Column(Boolean)", "Column(Flag)")
    code = "import psycopg2\npsycopg2.connect('').cursor().execute('SELECT id FROM users WHERE active')\n"
    write(tmp_path, {"models.py": models, "app.py": code})
    outcome = relink(tmp_path, "verify")
    assert "      1  no definition of the tree gives public.users a column active\n" in outcome.out
