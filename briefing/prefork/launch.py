"""One launch, in the event loop of whoever asked: the order out, the fork's answer back, nothing blocked meanwhile."""

import asyncio
import contextlib
import socket

from . import wire
from .errors import KernelNotStarted, NoZygote, ZygoteGone
from .kernel import ForkedKernel
from .owner import Recipe, Zygote, zygotes

PATIENCE = 30.0  # seconds
ATTEMPTS = 3


async def launch(recipe: Recipe, order: wire.Order, stdout: int, stderr: int) -> ForkedKernel:
    """A kernel that is ready. NoZygote if there is nothing to fork from, KernelNotStarted if the fork did not become one."""
    packed = order.packed()
    gone = NoZygote("The process that kernels are forked from ends again and again.")
    for _ in range(ATTEMPTS):
        zygote = zygotes.current(recipe)
        try:
            await asyncio.shield(asyncio.wrap_future(zygote.warm))
            return await _launched(zygote, packed, stdout, stderr)
        except ZygoteGone as error:
            if zygote.is_shut_down:
                raise KernelNotStarted(
                    "All kernels of this program were told to end while this one started. Start it again."
                ) from None
            gone = error
            await asyncio.to_thread(zygote.wait, 1.0)
    raise gone


async def _launched(zygote: Zygote, packed: bytes, stdout: int, stderr: int) -> ForkedKernel:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    kernel = ForkedKernel(zygote, ours)
    zygote.kernels.add(kernel)
    try:
        with theirs:
            zygote.order(theirs, stdout, stderr)
        async with asyncio.timeout(PATIENCE):
            await _send(ours, packed)
            await _readiness(kernel)
    except BaseException as error:
        kernel.close()
        if isinstance(error, TimeoutError):
            zygote.kill()
            raise KernelNotStarted(
                f"A kernel was not ready after {PATIENCE:.0f} seconds. Start it again: the process that "
                "kernels are forked from is replaced."
            ) from None
        raise
    return kernel


async def _send(line: socket.socket, packed: bytes) -> None:
    with contextlib.suppress(OSError):  # the reason stands on the line
        await asyncio.get_running_loop().sock_sendall(line, packed)


async def _readiness(kernel: ForkedKernel) -> None:
    while not kernel.is_ready:
        await _readable(kernel.line)
        kernel.listen()
        if kernel.failure:
            raise _refusal(kernel.failure)
        if kernel.is_ready:
            return
        if kernel.returncode is not None:
            raise KernelNotStarted(
                f"The kernel ended before it was ready (exit code {kernel.returncode}). Start it again."
            )
        if kernel.is_cut_off:
            raise ZygoteGone("The process that kernels are forked from ended while it forked.")


def _refusal(notice: wire.Notice) -> Exception:
    if "refused" in notice:
        return NoZygote(notice["refused"])
    return KernelNotStarted(f"The kernel could not start. {notice['failed']} Start it again.")


async def _readable(line: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[None] = loop.create_future()
    loop.add_reader(line, arrived.set_result, None)
    try:
        await arrived
    finally:
        loop.remove_reader(line)
