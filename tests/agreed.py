"""What was agreed on and is kept in `tests/expected/`: a file that a test holds against what is made now."""

import os
from pathlib import Path

EXPECTED = Path(__file__).parent / "expected"
RENEW = "UPDATE_EXPECTED=1 .venv/bin/pytest {test}"
REFUSED = (
    "UPDATE_EXPECTED is set in CI (CI={ci}): every expectation would be met by being rewritten. Unset one of them."
)


def objection() -> str:
    """Why this run may not write expectations anew; empty where it may, or does not want to."""
    ci = os.environ.get("CI", "")
    wanted = bool(os.environ.get("UPDATE_EXPECTED"))
    return REFUSED.format(ci=ci) if wanted and ci.lower() not in ("", "0", "false") else ""


def as_agreed(name: str, text: str, folder: Path = EXPECTED) -> None:
    """The text is that of the file, or becomes it where `UPDATE_EXPECTED` is set."""
    path = folder / name
    if os.environ.get("UPDATE_EXPECTED"):
        path.write_text(text, encoding="utf-8")
    test = os.environ["PYTEST_CURRENT_TEST"].partition("::")[0]
    renew = (
        f"If the change is meant, `{RENEW.format(test=test)}` writes {path.name} anew; read the difference like prose."
    )
    assert path.exists(), f"{path.name} is not there. {renew}"
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs. {renew}"
