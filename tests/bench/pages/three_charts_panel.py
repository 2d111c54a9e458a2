"""The three charts as a Panel app: a control replaces them."""

import panel as pn
from three_charts import DEFAULT_YEAR, FIRST_YEARS, PARTNERS, charts

pn.extension("vega")

partner = pn.widgets.Select(name="Partner", options={label: code for code, label in PARTNERS.items()}, value="5800")
first_year = pn.widgets.IntSlider(name="First year", start=FIRST_YEARS[0], end=FIRST_YEARS[1], value=DEFAULT_YEAR)
panes = [pn.pane.Vega(chart) for chart in charts(partner.value, first_year.value)]


def redraw(*_: object) -> None:
    for pane, chart in zip(panes, charts(partner.value, first_year.value), strict=True):
        pane.object = chart


for control in (partner, first_year):
    control.param.watch(redraw, "value")
pn.Column(partner, first_year, *panes).servable()
