"""Downloads country.xlsx of the US Census Bureau: trade in goods by country and month, no key needed.

`country_workbook` reads it. Its address is one for all vintages: each release puts a new file in its place.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

from briefing.acquire.fetching import Client, Reply
from briefing.acquire.sheets import OLE, kind_of_ole
from briefing.errors import MalformedReply, NoData

NAME = "Census workbook"
KINDS = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream")
SIGNATURE = b"PK\x03\x04"
READ_SECONDS = 120


def workbook_client(address: str, raw: Path, **options: Any) -> Client:
    """A client for the workbook whose full download address this is."""
    return Client(NAME, address, raw, **{"read_seconds": READ_SECONDS, **options})


def download_country_workbook(client: Client) -> Reply:
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
    reply = client.ask("", {}, accept=KINDS)
    if reply is None:
        raise NoData(
            f"{NAME}: there is nothing at {client.address}. Nothing of the record changed. "
            "Ask again later, or correct its address in data/sources.toml."
        )
    if reply.content.startswith(OLE):
        _refuse(reply, f"it is {kind_of_ole(reply.content)[0]}, where a workbook (.xlsx) was", "It cannot be read.")
    if not reply.content.startswith(SIGNATURE):
        _refuse(reply, "it is no workbook, which begins with PK", "It holds no data.")
    if not zipfile.is_zipfile(io.BytesIO(reply.content)):
        _refuse(reply, "it breaks off before its end", "Rows would be missing.")
    return reply


def _refuse(reply: Reply, what: str, spoilt: str) -> None:
    raise MalformedReply(
        f"{NAME}: {what}. {spoilt} Nothing of the record changed; the bytes are kept as {reply.file.name}. "
        "Ask again later."
    )
