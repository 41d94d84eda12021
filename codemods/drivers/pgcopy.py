"""pgcopy, which takes a name with its schema: https://github.com/altaurog/pgcopy"""

from codemods.drivers.model import Driver, Query

DRIVER = Driver(
    "pgcopy",
    "postgresql",
    queries=(Query(("pgcopy.CopyManager", "pgcopy.copy.CopyManager"), 1, ("table",), around=("SELECT FROM ", "")),),
)
