"""The marks of figures as references in the tagged PDF: Typst tags a raised link as a link and no more."""

from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object


def referenced(pdf: bytes) -> bytes:
    """The same pages, in whose structure each raised link stands in a Reference; the same bytes for the same file."""
    written = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        _mark_below(document.Root.StructTreeRoot, document)
        document.save(written, deterministic_id=True)
    return written.getvalue()


def _mark_below(parent: Object, document: pikepdf.Pdf) -> None:
    for place, child in enumerate(_held(parent)):
        if not _is_element(child):
            continue
        if str(child.S) == "/Link" and any(_is_raised(part) for part in _held(child)):
            reference = Dictionary(Type=Name.StructElem, S=Name.Reference, P=parent, K=Array([child]))
            parent.K[place] = child.P = document.make_indirect(reference)
        else:
            _mark_below(child, document)


def _held(element: Object) -> list[Object]:
    """What an element holds, in order; one that holds a single thing without a list holds no mark."""
    held = element.get(Name.K)
    if held is None:
        return []
    return list(held) if isinstance(held, Array) else [held]


def _is_element(held: Object) -> bool:
    return isinstance(held, Dictionary) and Name.S in held


def _is_raised(element: Object) -> bool:
    if not _is_element(element):
        return False
    attributes = element.get(Name.A, Array())
    layouts = attributes if isinstance(attributes, Array) else [attributes]
    return any(one.get(Name.BaselineShift, 0) > 0 for one in layouts if isinstance(one, Dictionary))
