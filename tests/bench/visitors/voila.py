"""A visitor of Voila: the page, then the widgets' state through the kernel's socket, as its scripts fetch it.

Stock Voila ends the kernel of a closed tab only if the page has an `_xsrf` cookie, which none of its answers sets.
"""

import json
import re
import struct
import uuid
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin

from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.websocket import WebSocketClientConnection

from tests.bench.visitors.seat import CHARTS, Seat, connected, fetched, now, received


async def visit(page: str, limit: float) -> Seat:
    """Have three widgets that each hold a chart's specification."""
    response = await fetched(page, limit)
    return await seated(page, response, xsrf(response), limit)


async def seated(page: str, response: HTTPResponse, token: str, limit: float, charts: int = CHARTS) -> Seat:
    """Fetch the widgets' state and stay."""
    kernel = kernel_of(response.body.decode())
    socket = await connected(urljoin(page, f"/api/kernels/{kernel}/channels?session_id={uuid.uuid4()}"), limit)
    states = await widget_states(socket)
    drawn = [state for state in states if "spec" in state["state"]]
    if len(drawn) < charts or not states:
        raise ValueError(f"{len(states)} widgets, {len(drawn)} of them charts")
    live = now()

    async def farewell() -> None:
        await AsyncHTTPClient(force_instance=True).fetch(
            urljoin(page, f"/voila/api/shutdown/{kernel}"),
            method="POST",
            body=urlencode({"_xsrf": token}),
            headers={"Cookie": f"_xsrf={token}"} if token else {},
        )

    return Seat(live, live, socket, farewell)


def kernel_of(html: str) -> str:
    """The kernel that the page names; without one it is an error page."""
    named = re.search(r'"kernelId":\s*"([0-9a-f-]{36})"', html)
    if named is None:
        raise ValueError("the page names no kernel")
    return named[1]


def xsrf(response: HTTPResponse) -> str:
    """The cookie that the page's farewell would send."""
    cookies: SimpleCookie = SimpleCookie()
    for header in response.headers.get_list("Set-Cookie"):
        cookies.load(header)
    return cookies["_xsrf"].value if "_xsrf" in cookies else ""


async def widget_states(socket: WebSocketClientConnection) -> list[dict[str, Any]]:
    """Every widget of the kernel, in one message, through the control channel of ipywidgets 8."""
    comm = uuid.uuid4().hex
    opening = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
    await socket.write_message(message("comm_open", opening, {"version": "1.0.0"}))
    await socket.write_message(message("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}}))
    while True:
        answer = decoded(await received(socket))
        content = answer["content"]
        if answer["header"]["msg_type"] == "comm_msg" and content["data"].get("method") == "update_states":
            await socket.write_message(message("comm_close", {"comm_id": comm, "data": {}}))
            return list(content["data"]["states"].values())


def message(kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None) -> str:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "", "version": "5.3"}
    whole = {"header": header, "parent_header": {}, "metadata": metadata or {}, "content": content}
    return json.dumps({**whole, "channel": "shell", "buffers": []})


def decoded(raw: str | bytes) -> dict[str, Any]:
    """A message of the kernel; one with buffers is binary, and its first part is the JSON."""
    if isinstance(raw, bytes):
        (count,) = struct.unpack_from("!I", raw)
        offsets = [*struct.unpack_from(f"!{count}I", raw, 4), len(raw)]
        raw = raw[offsets[0] : offsets[1]].decode()
    return dict(json.loads(raw))
