"""A visitor of Panel: the page, then the document through Bokeh's socket, as its script pulls it."""

import json
import re
from typing import Any

from bokeh.protocol import Protocol
from bokeh.protocol.message import Message
from bokeh.protocol.receiver import Receiver
from tornado.websocket import WebSocketClientConnection

from tests.bench.visitors.seat import CHARTS, Seat, connected, fetched, now, received


async def visit(page: str, limit: float) -> Seat:
    """Have a document with three Vega plots."""
    html = (await fetched(page, limit)).body.decode()
    token = re.search(r'"token":\s*"([^"]+)"', html)
    if token is None:
        raise ValueError("the page holds no token")
    socket = await connected(f"{page}/ws", limit, ["bokeh", token[1]])
    protocol = Protocol()
    receiver = Receiver(protocol)
    await reply(receiver, socket)  # ACK: only now may something be asked
    request = protocol.create("PULL-DOC-REQ")
    for part in (request.header_json, request.metadata_json, request.content_json):
        await socket.write_message(part)
    document = await reply(receiver, socket)
    plots = json.dumps(document.content, default=str).count('VegaPlot"')
    if plots < CHARTS:
        raise ValueError(f"{document.msgtype} with {plots} charts")
    return Seat(now(), now(), socket)


async def reply(receiver: Receiver, socket: WebSocketClientConnection) -> Message[Any]:
    """The next whole message, which comes in parts."""
    while True:
        whole = await receiver.consume(await received(socket))
        if whole is not None:
            return whole
