"""Tables: the same figure in every form, a true minus, a dash for what is not held."""

import pytest
from briefing.exhibits.tables import Column, Table, cell_text, figures_table
from briefing.figures import Figure
from briefing.outputs import MEDIA_TYPE
from briefing.sentences import Sentence

from tests.origins import OF_COUNTRIES


def figure(value: float, unit: str = "US dollars") -> Figure:
    return Figure(f"f{value}", value, unit, "2017-11", "given", (OF_COUNTRIES,))


TABLE = Table(
    id="t",
    title=Sentence("title", "A <title> & more"),
    subtitle="Million dollars",
    columns=[Column("Month"), Column("Balance"), Column("Before")],
    rows=[["November", figure(-2_228_196_656), None], [[("USTR", "https://ustr.gov/?a=1&b=2")], "text", None]],
    basis="Census basis.",
    emphasis=0,
)


def test_figures_of_any_unit_are_listed_with_their_months_and_formula_and_what_is_none_is_not() -> None:
    html = figures_table([figure(-2_228_196_656), figure(3e9), None, figure(-0.1842, "fraction")]).html()
    assert "−$2.2 billion" in html and "−18.4 percent" in html and html.count("November 2017</td>") == 3
    assert (
        html.count("<tr") == 4
        and ">$3.0 billion<" in html
        and "US Census Bureau, U.S. Trade in Goods by Country" in html
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-2_228_196_656, "US dollars", "−2,228.2"),
        (-40_000, "US dollars", "−0.04"),
        (0.1842, "fraction", "18.4"),
        (10, "rank", "10"),
        (0, "US dollars", "0.0"),
    ],
)
def test_a_cell_prints_one_decimal_and_a_true_minus(value: float, unit: str, text: str) -> None:
    assert cell_text(figure(value, unit), 1e6) == text


def test_html_and_record_print_the_same_cells() -> None:
    html, record = TABLE.html(), TABLE.record()
    assert record["rows"][0] == [{"text": "November"}, {"text": "−2,228.2", "figure": "f-2228196656"}, {"text": "–"}]
    assert "−2,228.2" in html and 'aria-label="not held"' in html


def test_a_column_is_set_as_numbers_are_where_no_cell_is_text() -> None:
    held = Table("t", TABLE.title, "", [Column("Month"), Column("Now"), Column("Before")],
                 [["November", figure(1e9), None], ["December", None, None]])  # fmt: skip
    assert [column["numeric"] for column in held.record()["columns"]] == [False, True, True]
    html = held.html()
    assert html.count("class=text") == 1 and html.count('class="text"') == 2
    assert '<th scope="row" class="text">December</th><td>' in html
    assert [column["numeric"] for column in TABLE.record()["columns"]] == [False, False, True]
    assert [column["numeric"] for column in figures_table([figure(1.0)]).record()["columns"]] == [
        False,
        True,
        False,
        False,
    ]


def test_names_and_addresses_are_escaped() -> None:
    html = TABLE.html()
    assert "A &lt;title&gt; &amp; more" in html and "a=1&amp;b=2" in html
    assert "<title>" not in html


def test_a_table_carries_its_figures_and_names_its_source() -> None:
    bundle = TABLE._repr_mimebundle_()
    assert [figure["id"] for figure in bundle[MEDIA_TYPE]["figures"]] == ["f-2228196656"]
    assert "vintage of 5 October 2018 (later vintage). Census basis." in TABLE.note
    assert bundle["text/plain"] == "Table t: A <title> & more (2 rows)"
