"""A visitor of Streamlit: the page, then a run of the script through its socket, as its front end asks for it."""

from urllib.parse import urljoin

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.visitors.seat import CHARTS, Seat, connected, fetched, now, received


async def visit(page: str, limit: float) -> Seat:
    """Have three charts and the word that the script has finished."""
    await fetched(page, limit)
    socket = await connected(urljoin(page, "/_stcore/stream"), limit, ["streamlit"])
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    await socket.write_message(ask.SerializeToString(), binary=True)
    charts = 0
    while True:
        raw = await received(socket)
        news = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
        charts += news.delta.new_element.WhichOneof("type") in ("vega_lite_chart", "arrow_vega_lite_chart")
        if news.WhichOneof("type") == "script_finished":
            break
    if charts < CHARTS:
        raise ValueError(f"script finished with {charts} charts")
    return Seat(now(), now(), socket)
