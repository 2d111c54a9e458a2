"""What owner, zygote and kernel say to each other.

The owner holds two kinds of Unix socket, each one end of a pair.

- *Control*, one for each zygote. The zygote says once that it is warm, or why it is not. The owner then sends
  a byte for each kernel it wants, and with it three descriptors: the zygote's end of the kernel's *line*, and what
  is to be the kernel's standard output and error. End of file means: no more kernels; end when the last one has.
- A *line*, one for each kernel. The owner sends the order (length, then JSON) and nothing after it. Back come
  lines of JSON: from the zygote the kernel's process (with a pidfd, where there are such), from the kernel that it is
  ready or why not, from the zygote how it ended. End of file towards the kernel means: the owner is gone.

Whoever dies, the operating system closes the socket: nobody needs to be alive to give notice.
"""

import contextlib
import json
import os
import socket
import struct
from dataclasses import asdict, dataclass
from typing import Any

LENGTH = struct.Struct("!I")
CHUNK = 65536
MOST_DESCRIPTORS = 3

Notice = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """A kernel that is wanted: its arguments after its launcher, its folder and its whole environment."""

    arguments: list[str]
    connection_file: str
    folder: str
    environment: dict[str, str]

    def packed(self) -> bytes:
        text = json.dumps(asdict(self)).encode()
        return LENGTH.pack(len(text)) + text


def received_order(line: socket.socket) -> Order:
    """The order on a kernel's line. EOFError if the owner broke off."""
    (length,) = LENGTH.unpack(_exactly(line, LENGTH.size))
    return Order(**json.loads(_exactly(line, length)))


def tell(line: socket.socket, notice: Notice, descriptors: list[int] | None = None) -> None:
    """Give notice; an owner that is gone misses nothing."""
    text = json.dumps(notice).encode() + b"\n"
    with contextlib.suppress(OSError):
        if descriptors:
            socket.send_fds(line, [text], descriptors)
        else:
            line.sendall(text)


def received(line: socket.socket, length: int) -> tuple[bytes, list[int]]:
    """Bytes and the descriptors that came with them, which no program started from here shall inherit."""
    chunk, descriptors, _, _ = socket.recv_fds(line, length, MOST_DESCRIPTORS)
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return chunk, list(descriptors)


class Notices:
    """The notices that arrive on a socket, whole lines only, with the descriptors that came along."""

    def __init__(self) -> None:
        self.descriptors: list[int] = []
        self.ended = False
        self._rest = b""

    def read(self, line: socket.socket) -> list[Notice]:
        """What has arrived. BlockingIOError if nothing has and the socket does not wait."""
        try:
            chunk, descriptors = received(line, CHUNK)
        except ConnectionError:
            chunk, descriptors = b"", []
        self.descriptors += descriptors
        self.ended = not chunk
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        return [json.loads(text) for text in whole]


def _exactly(line: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        chunk = line.recv(min(CHUNK, length - len(parts)))
        if not chunk:
            raise EOFError
        parts += chunk
    return bytes(parts)
