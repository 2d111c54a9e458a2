"""A raised link in the tree of a PDF becomes a reference, and no other element does."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from briefing.press.references import referenced
from pikepdf import Array, Dictionary, Name


def element(kind: str, held: Any = None, layout: Any = None) -> Dictionary:
    """An element of the tree: what it holds, alone or in an array, and how it is set."""
    parts = {"K": held, "A": layout}
    return Dictionary(
        Type=Name.StructElem, S=Name(f"/{kind}"), **{key: part for key, part in parts.items() if part is not None}
    )


def raised(by: float) -> Dictionary:
    return Dictionary(O=Name.Layout, BaselineShift=by)


def tree_of(*children: Dictionary) -> list[Any]:
    """The kinds of elements of the tree as it is after, each with those below it."""
    document, written = pikepdf.new(), BytesIO()
    document.add_blank_page()
    root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    root.K = Array([document.make_indirect(child) for child in children])
    document.Root.StructTreeRoot = root
    document.save(written)
    marked = referenced(written.getvalue())
    assert marked == referenced(written.getvalue()), "the same bytes for the same file"
    with pikepdf.open(BytesIO(marked)) as after:
        for one in after.Root.StructTreeRoot.K:
            if Name.Reference == one.S:
                assert one.P.Type == Name.StructTreeRoot and Name.Reference == one.K[0].P.S
        return [kinds(one) for one in after.Root.StructTreeRoot.K]


def kinds(one: Any) -> Any:
    held = one.get(Name.K)
    below = [kinds(part) for part in held if isinstance(part, Dictionary)] if isinstance(held, Array) else []
    return {str(one.S): below} if below else str(one.S)


@pytest.mark.parametrize(
    "layout", [raised(3), raised(0.5), Array([raised(3)]), Array([Name.Other, Dictionary(O=Name.Other), raised(3)])]
)
def test_a_link_whose_text_is_raised_stands_in_a_reference(layout: Any) -> None:
    assert tree_of(element("Link", Array([7, element("Span", layout=layout)]))) == [
        {"/Reference": [{"/Link": ["/Span"]}]}
    ]


@pytest.mark.parametrize(
    "layout", [None, raised(0), raised(-3), Array([]), Array([Dictionary(O=Name.Layout)]), Name.Other]
)
def test_a_link_whose_text_is_not_raised_stays_as_it_is(layout: Any) -> None:
    link = element("Link", Array([element("Span", layout=layout), 7]))
    assert tree_of(link, element("Link")) == [{"/Link": ["/Span"]}, "/Link"]


def test_only_links_are_references_however_deep_they_stand() -> None:
    mark = element("Link", Array([element("Span", layout=raised(3))]))
    deep = element("P", Array([element("Span", Array([element("Span", layout=raised(3))])), 7, mark, element("P", 7)]))
    assert tree_of(deep) == [{"/P": [{"/Span": ["/Span"]}, {"/Reference": [{"/Link": ["/Span"]}]}, "/P"]}]
