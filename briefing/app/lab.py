"""JupyterLab on the notebooks, the analyst's workbench: the house's look and kernel, and nothing fetched from outside.

The profile of whoever works here is read: it is their workbench. The book's own kernel reads none of it.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from jupyterlab.labapp import LabApp
from traitlets.config import Config

from briefing import kernels, palette, scratch
from briefing.app.server import FONTS, SETTINGS, TEMPLATES, put_at_hand, put_first, require_free
from briefing.chapters.contents import CHAPTERS
from briefing.exhibits.drawing import drawing_process
from briefing.files import write_whole
from briefing.kernels.warm_up import NOTEBOOKS

TEMPLATE = "briefing"
STYLES = TEMPLATES / "voila" / "templates" / TEMPLATE / "static" / "app.css"

NO_MATHJAX = {"mathjax_url": None, "mathjax_config": None}
"""Else a preview fetches it from another host; the book's pages hold no mathematics, and JupyterLab has its own."""


def open_lab(port: int | None = None, *, open_browser: bool = True, notebooks: Path = NOTEBOOKS) -> None:
    """Serve JupyterLab on this machine, opening the workbench, until it is told to end.

    It ends with its kernels on Ctrl-C, SIGTERM, and SIGHUP, which a closed terminal sends. Without a port it takes 8888,
    or a free one near it.

    Raises
    ------
    BriefingError
        If the port is taken.
    """
    if port is not None:
        require_free(port)
    kernels.prestart(pages=False)  # cells run while a notebook still waits for its kernel, JupyterLab drops
    _ask_nobody_about_news()
    put_first("JUPYTER_PATH", TEMPLATES)
    put_at_hand()
    with drawing_process(), scratch.folder_for_sockets("") as folder:
        (folder / "custom.css").write_text(house_styles(), encoding="utf-8")
        put_first("JUPYTER_PATH", _fonts_for_previews(folder))
        server: Any = LabApp.initialize_server(
            argv=[str(notebooks / "explore.ipynb")],
            config=settings(open_browser, port),
            static_custom_path=[str(folder)],
        )
        server.contents_manager.register_pre_save_hook(leave_out_outputs)
        server.web_app.settings |= NO_MATHJAX  # patch: lab-mathjax
        for number in _ending_signals():
            signal.signal(number, lambda *_: server.stop(from_signal=True))
        server.start()


def settings(open_browser: bool, port: int | None = None) -> Config:
    """What is so for everyone; the preview of a page is as the app shows it."""
    place = {} if port is None else {"port": port, "port_retries": 0}
    preview = json.loads(SETTINGS.read_text(encoding="utf-8"))["VoilaConfiguration"]
    return Config(
        ServerApp={
            "ip": "127.0.0.1",
            "open_browser": open_browser,
            **place,
            "allow_root": hasattr(os, "geteuid") and os.geteuid() == 0,
            "extra_static_paths": [str(folder) for folder in FONTS],
        },
        LabApp={
            "default_url": "/lab/tree/explore.ipynb",
            "news_url": None,  # nor if an analyst's settings ask for them: nothing is fetched from outside
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "custom_css": True,
        },
        VoilaConfiguration=preview,
    )


def _fonts_for_previews(folder: Path) -> Path:
    """A Jupyter data folder from which a preview, whose styles look beside themselves, has the fonts of the house."""
    static = folder / "voila" / "templates" / TEMPLATE / "static"
    static.mkdir(parents=True)
    for name in re.findall(r"static/([\w-]+\.otf)", STYLES.read_text(encoding="utf-8")):
        (font,) = (file for fonts in FONTS for file in fonts.glob(name))
        shutil.copy(font, static)
    return folder


def _ask_nobody_about_news() -> None:
    """JupyterLab asks on every page until it is answered; here the answer is no."""
    overrides = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.d", "briefing.json")
    asked = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    with contextlib.suppress(OSError):  # where the environment cannot be written to, it asks
        overrides.parent.mkdir(parents=True, exist_ok=True)
        write_whole(overrides, json.dumps(asked, indent=1).encode())


def leave_out_outputs(*, model: dict[str, Any], path: str, **_: Any) -> None:
    """A chapter is saved without what its cells showed: it is made anew wherever it is read.

    The workbench and an analyst's own notebooks are saved as they are.
    """
    if model["type"] != "notebook" or path.strip("/") not in {f"{chapter.name}.ipynb" for chapter in CHAPTERS}:
        return
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"].pop("execution", None)
    model["content"]["metadata"]["language_info"] = {"name": "python"}
    model["content"]["metadata"].pop("widgets", None)


def house_styles() -> str:
    """The app's styles for what a chapter shows, stronger there than JupyterLab's own, and nowhere else."""
    styles = f"{palette.styles()}\n{STYLES.read_text(encoding='utf-8')}"
    fonts = re.findall(r"@font-face \{.*?\}", styles, re.DOTALL)
    rest = re.sub(r"@font-face \{.*?\}", "", styles, flags=re.DOTALL).replace(":root", "&")
    served = "\n".join(fonts).replace("../../../static/", "../static/")
    return f"{served}\n.jp-RenderedHTMLCommon .slot.slot.slot {{\n{rest}\n}}\n{OF_JUPYTERLAB}"


OF_JUPYTERLAB = """
.jp-RenderedHTMLCommon .slot.slot :is(dt, dd) { float: none; width: auto; padding: 0; font-weight: inherit; }
.jp-RenderedHTMLCommon .slot.slot tbody tr:nth-child(n) { background: none; }
.jp-OutputArea .widget-vbox:has(> .chooser):has(.slot:empty) { display: none; }
.jp-RenderedHTMLCommon figure.table :is(th, td).text { text-align: left; }
.jp-OutputArea .field button { display: none; }
.jp-OutputArea .field > span { margin-left: .6rem; }
.jp-OutputArea .edition-bar .widget-readout { min-width: max-content; }
.jp-RenderedHTMLCommon .slot.slot.slot { color: var(--text); font-family: var(--sans); font-size: 1rem; line-height: 1.5; max-width: var(--measure); }
"""


def _ending_signals() -> list[signal.Signals]:
    """Those that end the server; at a terminal Jupyter itself hears Ctrl-C, and asks. One that is switched off stays so."""
    names = ["SIGTERM", "SIGHUP", *([] if sys.stdin and sys.stdin.isatty() else ["SIGINT"])]
    heard = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in heard if signal.getsignal(number) != signal.SIG_IGN]
