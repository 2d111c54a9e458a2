"""The frame of a chart, a table, a matrix or a list of events: title, subtitle, what is shown, source note."""

from html import escape
from typing import Any

from briefing.sentences import Sentence


def frame_record(
    kind: str, id: str, title: Sentence, subtitle: str = "", note: str = "", **shown: Any
) -> dict[str, Any]:
    """What is shown, as JSON, in its frame; `kind` says how it is set in print."""
    return {"kind": kind, "id": id, "title": title.spans, "subtitle": subtitle, **shown, "note": note}


def frame_html(kind: str, id: str, title: Sentence, subtitle: str, shown: str, note: str = "") -> str:
    """What is shown, as HTML, in its frame; `kind` is "chart" or "table"."""
    source = f'<p class="source">{escape(note)}</p>' if note else ""
    return (
        f'<figure class="{kind}" id="{id}"><figcaption><strong>{title.inner_html()}</strong>'
        f'<span style="display:block">{escape(subtitle)}</span></figcaption>{shown}{source}</figure>'
    )


def grid_html(label: str, heads: str, body: str, kind: str = "") -> str:
    """A table whose heads and body are HTML, in a region that scrolls by itself where the page is narrow."""
    named = f' class="{kind}"' if kind else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"<table{named}><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
