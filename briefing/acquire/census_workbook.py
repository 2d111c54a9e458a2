"""Downloads country.xlsx of the US Census Bureau: trade in goods by country and month, no key needed.

`country_workbook` reads it. Its address is one for all vintages: each release puts a new file in its place.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any, ClassVar

from briefing.acquire.fetching import Office
from briefing.acquire.replies import Reply
from briefing.acquire.sheets import OLE, kind_of_ole
from briefing.errors import NoData

SIGNATURE = b"PK\x03\x04"
LATER = "Ask again later."


class CensusWorkbook(Office):
    """The workbook whose full download address this is."""

    title = "Census workbook"
    kinds = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream")
    usual: ClassVar[Mapping[str, Any]] = {"read_seconds": 120}


def download_country_workbook(client: CensusWorkbook) -> Reply:
    """The workbook as it now stands; its bytes lie in the reply's file.

    Raises
    ------
    NoData
        If there is nothing at its address.
    MalformedReply
        If it is no workbook, or is cut.
    FetchError
        As `Client.ask`.
    """
    reply = client.answer("", {})
    if reply is None:
        raise NoData(
            f"{client.name}: there is nothing at {client.address}. Nothing of the record changed. "
            "Ask again later, or correct its address in data/sources.toml."
        )
    if reply.content.startswith(OLE):
        reply.refuse(
            f"it is {kind_of_ole(reply.content)[0]}, where a workbook (.xlsx) was", "It cannot be read.", LATER
        )
    if not reply.content.startswith(SIGNATURE):
        reply.refuse("it is no workbook, which begins with PK", "It holds no data.", LATER)
    if not zipfile.is_zipfile(io.BytesIO(reply.content)):
        reply.refuse("it breaks off before its end", "Rows would be missing.", LATER)
    return reply
