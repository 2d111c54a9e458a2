"""A PostgreSQL of its own for the tests of the store: made in a folder, reached by a socket in it, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.needs import needed

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql/bin"))
OPTIONS = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c jit=off"


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a running server. PostgreSQL refuses to run as root: root lends it the user "postgres"."""
    needed(PROGRAMS / "initdb", "database")
    folder = Path(tempfile.mkdtemp(prefix="book-postgres-", dir="/tmp"))
    lent = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if lent:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*lent, str(PROGRAMS / program), "-D", f"{folder}/data", *arguments], check=True, capture_output=True
        )

    try:
        run("initdb", "-U", "book", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", f"{OPTIONS} -k {folder}", "start")
        yield f"postgresql://book@/postgres?host={folder}"
        run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
