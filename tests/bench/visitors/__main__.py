"""A crowd that comes at once."""

import asyncio
import importlib
import json
import sys
from typing import Any

from tests.bench.visitors.seat import Seat, now


async def attempt(visit: Any, page: str, limit: float) -> Seat | str:
    """A visitor with the charts, or in words what it met instead."""
    try:
        return await asyncio.wait_for(visit(page, limit), limit)
    except Exception as failure:
        return f"{type(failure).__name__}: {failure}"[:300]


async def crowd(kind: str, page: str, count: int, limit: float) -> None:
    visit = importlib.import_module(f"tests.bench.visitors.{kind}").visit
    begin = now()
    seats = await asyncio.gather(*(attempt(visit, page, limit) for _ in range(count)))
    served = [seat for seat in seats if isinstance(seat, Seat)]
    told = {
        "charts": [seat.charts - begin for seat in served],
        "live": [seat.live - begin for seat in served],
        "failures": [seat for seat in seats if isinstance(seat, str)],
    }
    print(json.dumps(told), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await asyncio.gather(*(seat.leave() for seat in served))


if __name__ == "__main__":
    asyncio.run(crowd(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
