"""The contenders' own environment, made once from the pinned list beside this file."""

import subprocess
import sys
from pathlib import Path

from tests.bench.contenders import PROJECT

FOLDER = PROJECT / "build" / "bench" / "env"
LIST = Path(__file__).with_name("requirements.txt")


def python() -> Path:
    """The interpreter of the environment, which is made or brought up to date if need be."""
    interpreter, made = FOLDER / "bin" / "python", FOLDER / ".ready"
    if made.exists() and made.stat().st_mtime >= LIST.stat().st_mtime:
        return interpreter
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER)], check=True)
    sync = ["pip", "sync", "--quiet", "--python", str(interpreter), "--compile-bytecode", "--require-hashes"]
    subprocess.run([uv, *sync, str(LIST)], check=True)
    made.touch()
    return interpreter
