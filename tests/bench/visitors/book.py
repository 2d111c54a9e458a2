"""A visitor of the book's template: what the page draws stands in its HTML, the controls follow.

Its farewell carries a token that the page's script makes; the server asks only that cookie and form agree.
"""

import uuid

from tests.bench.visitors.seat import CHARTS, Seat, fetched, now
from tests.bench.visitors.voila import seated


async def visit(page: str, limit: float) -> Seat:
    """Have three drawings in the HTML, or else three chart widgets; then the controls."""
    response = await fetched(page, limit)
    begin = now()
    drawn = response.body.count(b"<svg") >= CHARTS
    seat = await seated(page, response, uuid.uuid4().hex, limit, 0 if drawn else CHARTS)
    if drawn:
        seat.charts = begin
    return seat
