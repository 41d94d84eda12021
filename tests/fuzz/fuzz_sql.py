"""Coverage-guided fuzzing of the SQL reader, with libpg_query as its judge.

atheris is not a dependency of the project; in an environment of its own:

    uv venv fuzz && uv pip install --python fuzz/bin/python atheris pglast sqlglot
    PYTHONPATH=. fuzz/bin/python tests/fuzz/fuzz_sql.py FINDS SEEDS -max_total_time=3600

`SEEDS` is a folder of texts, `FINDS` a folder that gets one file for each kind of failure. Other options are
libFuzzer's. A find that is mended becomes a case under fixtures/sql.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "sql")]

with atheris.instrument_imports(include=["codemods.sql"]):
    from codemods.sql import looks_like_sql, read

from agreement import disagreement  # noqa: E402
from pglast_names import asks_a_server, names  # noqa: E402
from renaming import renaming_trouble  # noqa: E402

FINDS = Path(sys.argv.pop(1))
SLOWEST = 1.0  # seconds for a text of at most 4,096 bytes

# A name glued to quotes cannot get quotes itself;
# `%s` is an operator and a name to PostgreSQL, `users $1` a type and a literal to libpg_query.
_LEFT_OUT = re.compile(r"""[\w$]{56}|\w"|%[\w(%]|[\w"]\s*\$\d""")
_CARRIES_TEXT = re.compile(
    r"\b(?:do|function|procedure|format)\b|dblink|\breg[a-z]+|geometry|\w\s*\([^()]*'", re.IGNORECASE
)


def check(text: str) -> str | None:
    """What relink gets wrong about a text; None when all holds."""
    start = time.process_time()
    script = read(text)
    looks_like_sql(text)
    if time.process_time() - start > SLOWEST:
        return "slow"
    for statement in script.statements:
        for found in statement.references:
            if not 0 <= found.start < found.end <= len(text):
                return "a reference outside of the text"
    expected = names(text) if "\0" not in text and not _LEFT_OUT.search(text) else None
    if expected is None or len(script.statements) != 1 or script.statements[0].temporary:
        return None
    problem = script.statements[0].problem
    if problem and problem != "a name in a literal with escapes" and not _CARRIES_TEXT.search(text):
        return f"a problem that is none: {problem}"
    other = None if asks_a_server(text) else disagreement(text, script, expected)
    return other or renaming_trouble(text, script)


def fuzz(data: bytes) -> None:
    """One input of the fuzzer. Failures are kept, one for each kind, and fuzzing goes on."""
    text = data.decode("utf-8", "ignore")
    try:
        problem = check(text)
    except (RecursionError, ArithmeticError, LookupError, AttributeError, TypeError, ValueError) as error:
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        line = trace.tb_lineno if trace else 0
        problem = f"{type(error).__name__} in line {line}: {error}"
    if problem:
        kind = "".join(character if character.isalnum() else "-" for character in problem[:40])
        if not (find := FINDS / kind).exists():
            find.write_text(f"{text}\n\n{problem}\n", encoding="utf-8", errors="replace")


if __name__ == "__main__":
    FINDS.mkdir(parents=True, exist_ok=True)
    atheris.Setup([*sys.argv, "-max_len=4096"], fuzz)
    atheris.Fuzz()
