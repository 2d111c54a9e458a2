"""What our kernel has done once for all sessions of the page, as Streamlit's and Panel's one process has by itself."""

import briefing.kernels.warm_up
import three_charts
from briefing import prefork


def up() -> None:
    """The book's own warm-up, and the page's table, read apart: Arrow's threads must not be there when kernels are forked."""
    briefing.kernels.warm_up.up()
    table = prefork.apart(three_charts.balances)
    three_charts.balances = lambda: table
