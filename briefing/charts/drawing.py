"""From a Vega-Lite specification to a picture: one function of text to text, and the engine behind it.

A picture follows from its specification, the house fonts and the version of the engine alone, so that one
drawn for one edition, or on one visit, serves every other that asks for the same.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import font_source_sans_pro

Engine = Callable[[str], str]
"""A specification as JSON to the SVG of it."""

MOST_REMEMBERED = 64
VEGA_LITE = "6.4"

_remembered: OrderedDict[bytes, str] = OrderedDict()


def drawn(spec: str) -> str:
    """The SVG of a specification, as the engine draws it."""
    key = hashlib.sha256(spec.encode()).digest()
    if key not in _remembered:
        _remembered[key] = _engine(spec)
        while len(_remembered) > MOST_REMEMBERED:
            _remembered.popitem(last=False)
    _remembered.move_to_end(key)
    return _remembered[key]


def use(engine: Engine) -> None:
    """Draw with another engine from now on; what the last one drew is forgotten."""
    global _engine
    _engine = engine
    _remembered.clear()


def in_this_process(spec: str) -> str:
    """Drawn by vl-convert, which starts its JavaScript engine at the first picture."""
    import vl_convert

    _fonts_ready()
    # Read here, not there: vl-convert's own reader takes some numbers for their neighbours, one unit in the last place off.
    picture: str = vl_convert.vegalite_to_svg(json.loads(spec), vl_version=VEGA_LITE)
    return picture


@cache
def _fonts_ready() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(Path(font_source_sans_pro.__file__).parent / "files"))


_engine: Engine = in_this_process
