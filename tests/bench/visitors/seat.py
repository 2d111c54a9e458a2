"""A visitor that has got the charts and stays."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httputil import HTTPHeaders
from tornado.websocket import WebSocketClientConnection, websocket_connect

CHARTS = 3
LARGE = 1 << 30


async def nothing() -> None:
    """A server that needs no farewell."""


@dataclass
class Seat:
    """When the charts were there, and when the controls could be used; how to leave.

    The socket is read to its end in the background, as a browser does.
    """

    charts: float
    live: float
    socket: WebSocketClientConnection
    farewell: Callable[[], Awaitable[None]] = nothing
    reading: asyncio.Task[None] = field(init=False)

    def __post_init__(self) -> None:
        self.reading = asyncio.create_task(read_on(self.socket))

    async def leave(self) -> None:
        """Say the farewell that the page would say, and close the socket."""
        with contextlib.suppress(Exception):
            await self.farewell()
        self.socket.close()
        self.reading.cancel()


async def read_on(socket: WebSocketClientConnection) -> None:
    while await socket.read_message() is not None:
        pass


async def fetched(address: str, limit: float) -> HTTPResponse:
    """A page, by a client of its own, so that no visitor waits for another's connection."""
    client = AsyncHTTPClient(force_instance=True, max_body_size=LARGE, max_buffer_size=LARGE)
    return await client.fetch(address, request_timeout=limit, connect_timeout=limit)


async def connected(
    address: str, limit: float, protocols: list[str] | None = None, headers: dict[str, str] | None = None
) -> WebSocketClientConnection:
    """A socket of the server that sent a page."""
    from tornado.httpclient import HTTPRequest

    request = HTTPRequest(
        address.replace("http", "ws", 1),
        connect_timeout=limit,
        request_timeout=limit,
        headers=HTTPHeaders(headers or {}),
    )
    return await websocket_connect(request, max_message_size=LARGE, subprotocols=protocols)


async def received(socket: WebSocketClientConnection) -> str | bytes:
    """The next message; an error if the server has closed the socket."""
    message = await socket.read_message()
    if message is None:
        raise ConnectionError(f"socket closed by the server: {socket.close_code} {socket.close_reason}")
    return message


def now() -> float:
    return time.perf_counter()
