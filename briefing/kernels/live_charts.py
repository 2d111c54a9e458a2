"""The scripts of live Altair charts, for pages without a network; kept in the environment once they are bundled.

The book's own charts are pictures and need none; these are for the notebooks of an analyst.
"""

import contextlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

from briefing import prefork
from briefing.files import write_whole

SCRIPTS = "BRIEFING_SCRIPTS"
"""The environment variable that names the folder from which a server hands out scripts, if one does."""
SERVED = "live-chart.js"
FROM_SERVER = f"""
const address = new URL(`${{document.body.dataset.baseUrl}}static/{SERVED}`, location.origin);
export default async () => (await import(address.href)).default;
"""
"""What a live chart carries where a server hands out its scripts: a line instead of a megabyte."""


def put_scripts_at_hand() -> None:  # patch: altair-scripts
    """Let `JupyterChart.enable_offline` find done what it would do for seconds in each kernel.

    Where a server hands out scripts, a browser fetches them once, and no chart carries them.
    """
    import altair

    scripts = _scripts()
    altair.JupyterChart._esm = FROM_SERVER if _handed_out(scripts) else scripts
    altair.JupyterChart._is_offline = True


def _handed_out(scripts: str) -> bool:
    """Whether they lie where a server hands out its scripts; on a full disk each chart carries them."""
    folder = os.environ.get(SCRIPTS)
    if not folder:
        return False
    try:
        write_whole(Path(folder, SERVED), scripts.encode())
        return True
    except OSError:
        return False


def kept_in() -> Path:
    """The file of the scripts, for the versions of Altair and of what bundles them."""
    versions = "-".join(version(name) for name in ("altair", "anywidget", "vl-convert-python"))
    return Path(sys.prefix, "share", "briefing", f"live-chart-{versions}.js")


def _scripts() -> str:
    file = kept_in()
    if file.is_file():
        return file.read_text(encoding="utf-8")
    scripts = prefork.apart(_bundled)  # it starts threads
    with contextlib.suppress(OSError):  # an environment that cannot be written to bundles anew each time
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, scripts.encode())
    return scripts


def _bundled() -> str:  # patch: altair-scripts
    import altair

    altair.JupyterChart.enable_offline()
    return str(altair.JupyterChart._esm)
