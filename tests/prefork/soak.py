"""Many starts and stops, and what they leave: `python -m tests.prefork.soak [starts]`, 1000 unless told otherwise."""

import asyncio
import gc
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil
from briefing.prefork import prestart, shutdown
from jupyter_client import AsyncKernelManager

from .kernels import PATIENCE, eventually, files_in, install

AT_ONCE = 8
SETTLING = 24  # starts until caches are filled


@dataclass(frozen=True)
class Held:
    """What owner and zygote hold when no kernel is alive."""

    owner_descriptors: int
    zygote_descriptors: int
    zygote_children: int
    files: int
    owner_memory: int
    zygote_memory: int


async def start_and_stop(number: int, folder: Path, turn: asyncio.Semaphore) -> None:
    async with turn:
        file = folder / f"kernel-{number}.json"
        one = AsyncKernelManager(kernel_name="forked", transport="ipc", connection_file=str(file))
        await one.start_kernel()
        process = one.provisioner.process  # type: ignore[union-attr]
        assert type(process).__name__ == "ForkedKernel"
        await one.shutdown_kernel(now=number % 4 > 0)
        one.context.term()


async def many(first: int, last: int, folder: Path) -> None:
    turn = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(start_and_stop(number, folder, turn) for number in range(first, last)))


def soak(starts: int, folder: Path) -> tuple[Held, Held]:
    """What is held after a few starts, and after all."""
    prestart("forked").result(PATIENCE)
    asyncio.run(many(0, SETTLING, folder))
    before = held(folder)
    asyncio.run(many(SETTLING, starts, folder))
    return before, held(folder)


def held(folder: Path) -> Held:
    gc.collect()
    owner = psutil.Process()
    (zygote,) = [child for child in owner.children() if "briefing.prefork.zygote" in child.cmdline()]
    eventually(lambda: not zygote.children())
    return Held(
        owner.num_fds(),
        zygote.num_fds(),
        len(zygote.children()),
        len(files_in(folder)),
        owner.memory_info().rss,
        zygote.memory_info().rss,
    )


def main(starts: int = 1000) -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"JUPYTER_PATH": folder, "JUPYTER_RUNTIME_DIR": folder}
        install(Path(folder), "forked")
        before, after = soak(starts, Path(folder))
        print(f"after {SETTLING}: {before}\nafter {starts}: {after}")
        shutdown()


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
