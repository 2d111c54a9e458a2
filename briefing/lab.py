"""JupyterLab on the notebooks, the analyst's workbench: the house's look and kernel, and nothing fetched from outside.

The profile of whoever works here is read: it is their workbench. The book's own kernel reads none of it.
"""

import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

from jupyterlab.labapp import LabApp
from traitlets.config import Config

from briefing import kernels, scratch
from briefing.build import CHAPTERS
from briefing.drawing import drawing_process
from briefing.serve import FONTS, SETTINGS, TEMPLATES, put_first
from briefing.warm import NOTEBOOKS

STYLES = TEMPLATES / "voila" / "templates" / "briefing" / "static" / "app.css"


def open_lab(*, open_browser: bool = True) -> None:
    """Serve JupyterLab on this machine, opening the workbench, until it is told to end.

    It ends with its kernels on Ctrl-C, SIGTERM, and SIGHUP, which a closed terminal sends.
    """
    kernels.installed()
    put_first("JUPYTER_PATH", TEMPLATES)
    with drawing_process(), scratch.folder_for_sockets("") as folder:
        (folder / "custom.css").write_text(house_styles(), encoding="utf-8")
        server: Any = LabApp.initialize_server(
            argv=[str(NOTEBOOKS / "explore.ipynb")],
            config=settings(open_browser),
            static_custom_path=[str(folder)],
        )
        server.contents_manager.register_pre_save_hook(leave_out_outputs)
        for number in _ending_signals():
            signal.signal(number, lambda *_: server.stop(from_signal=True))
        server.start()


def settings(open_browser: bool) -> Config:
    """What is so for everyone; the preview of a page is as the app shows it."""
    preview = json.loads(SETTINGS.read_text(encoding="utf-8"))["VoilaConfiguration"]
    return Config(
        ServerApp={
            "ip": "127.0.0.1",
            "open_browser": open_browser,
            "allow_root": hasattr(os, "geteuid") and os.geteuid() == 0,
            "extra_static_paths": [str(folder) for folder in FONTS],
        },
        LabApp={
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "custom_css": True,
        },
        VoilaConfiguration=preview,
    )


def leave_out_outputs(*, model: dict[str, Any], path: str, contents_manager: Any, **_: Any) -> None:
    """A chapter is saved without what its cells showed: it is made anew wherever it is read."""
    saved = Path(contents_manager.root_dir, path.lstrip("/")).resolve()
    if model["type"] != "notebook" or saved not in {(NOTEBOOKS / f"{name}.ipynb").resolve() for name in CHAPTERS}:
        return
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"].pop("execution", None)
    model["content"]["metadata"]["language_info"] = {"name": "python"}
    model["content"]["metadata"].pop("widgets", None)


def house_styles() -> str:
    """The app's styles for what a chapter shows, stronger there than JupyterLab's own, and nowhere else."""
    styles = STYLES.read_text(encoding="utf-8")
    fonts = re.findall(r"@font-face \{.*?\}", styles, re.DOTALL)
    rest = re.sub(r"@font-face \{.*?\}", "", styles, flags=re.DOTALL).replace(":root", "&")
    served = "\n".join(fonts).replace("../../../static/", "../static/")
    return f"{served}\n.jp-RenderedHTMLCommon .slot.slot.slot {{\n{rest}\n}}\n{OF_JUPYTERLAB}"


OF_JUPYTERLAB = """
.jp-RenderedHTMLCommon .slot.slot.slot { color: var(--text); font-family: var(--sans); font-size: 1rem; line-height: 1.5; max-width: var(--measure); }
"""


def _ending_signals() -> list[signal.Signals]:
    """Those that end the server; at a terminal Jupyter itself hears Ctrl-C, and asks. One that is switched off stays so."""
    names = ["SIGTERM", "SIGHUP", *([] if sys.stdin and sys.stdin.isatty() else ["SIGINT"])]
    heard = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in heard if signal.getsignal(number) != signal.SIG_IGN]
