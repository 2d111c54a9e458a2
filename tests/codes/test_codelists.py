"""Codes and names: each name finds one code, aggregates are no partners, codes are text."""

import pytest
from briefing.codes import codelists


def test_every_name_in_the_code_list_finds_its_own_code() -> None:
    for code in codelists.PARTNERS:
        assert codelists.partner_code(codelists.AREAS[code]) == code
        assert codelists.partner_code(codelists.in_prose(code)) == code
        assert codelists.partner_code(codelists.short_label(code)) == code


def test_no_two_partners_share_a_name() -> None:
    names = [
        {codelists._folded(name) for name in (label, codelists.in_prose(code), codelists.short_label(code))}
        for code, label in codelists.PARTNERS.items()
    ]
    assert sum(map(len, names)) == len(set().union(*names))


def test_another_name_for_a_partner_takes_none_from_the_code_list() -> None:
    labels = {codelists._folded(label) for label in codelists.AREAS.values()}
    assert not labels & {codelists._folded(name) for name in codelists._OTHER_NAMES}
    assert {*codelists._OTHER_NAMES.values()} <= {*codelists.PARTNERS, codelists.WORLD}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Korea, South", "5800"),
        ("south korea", "5800"),
        ("Republic of Korea", "5800"),
        ("Korea, North", "5790"),
        ("  GERMANY ", "4280"),
        ("the Netherlands", "4210"),
        ("cote d'ivoire", "7480"),
        ("Sudan", "7321"),
        ("Serbia", "4801"),
        ("World", "0015"),
        ("the world", "0015"),
        ("0015", "0015"),
        ("UK", "4120"),
        ("Britain", "4120"),
        ("UAE", "5200"),
        ("Korea", "5800"),
        ("ROK", "5800"),
        ("DPRK", "5790"),
        ("PRC", "5700"),
        ("Burma", "5460"),
        ("Holland", "4210"),
        ("Ivory Coast", "7480"),
        ("Russia", "4621"),
    ],
)
def test_a_partner_is_found_by_any_of_its_names(name: str, code: str) -> None:
    assert codelists.partner_code(name) == code


@pytest.mark.parametrize("name", ["", "15", "580", "0003", "0004", "Atlantis", "European Union", "58 00"])
def test_what_is_no_partner_finds_no_code(name: str) -> None:
    assert codelists.partner_code(name) is None


def test_aggregates_lie_below_1000_and_partners_above() -> None:
    assert max(codelists.AGGREGATES) < "1000" <= min(codelists.PARTNERS)
    assert not {*codelists.AGGREGATES} & {*codelists.PARTNERS}


def test_codes_are_four_digits_of_text() -> None:
    assert all(isinstance(code, str) and len(code) == 4 and code.isdigit() for code in codelists.AREAS)
    assert "0015" in codelists.AREAS and "15" not in codelists.AREAS


def test_residuals_and_car_makers_are_partners() -> None:
    assert {*codelists.RESIDUALS, *codelists.CAR_MAKERS} <= {*codelists.PARTNERS}
    assert not codelists.RESIDUALS & {*codelists.CAR_MAKERS}


@pytest.mark.parametrize(
    ("code", "prose", "label"),
    [
        ("5800", "South Korea", "South Korea"),
        ("4210", "the Netherlands", "Netherlands"),
        ("2771", "the Netherlands Antilles", "Netherlands Antilles"),
        ("4120", "the United Kingdom", "United Kingdom"),
        ("5650", "the Philippines", "Philippines"),
        ("0015", "the world", "World"),
        ("4280", "Germany", "Germany"),
        ("7320", "Sudan (to 2011)", "Sudan (to 2011)"),
    ],
)
def test_a_name_in_prose_has_its_article_and_a_label_has_none(code: str, prose: str, label: str) -> None:
    assert codelists.in_prose(code) == prose
    assert codelists.short_label(code) == label


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("Germny", "Germany (4280)"),
        ("Korea, democratic", "Korea, North (5790)"),
        ("Türkiye", "Turkey (4890)"),
        ("5801", "Japan (5880)"),
    ],
)
def test_the_nearest_partners_to_a_misspelt_name_are_offered_with_their_codes(asked: str, nearest: str) -> None:
    offered = codelists.nearest_partners(asked)
    assert nearest in offered
    assert len(offered) <= 3


def test_nothing_is_offered_where_nothing_comes_near() -> None:
    assert codelists.nearest_partners("9999") == codelists.nearest_partners("") == []


def test_only_partners_allowed_are_offered() -> None:
    assert codelists.nearest_partners("Korea", ["5790", "4280"]) == ["Korea, North (5790)"]


def test_a_short_name_finds_its_partner_before_those_whose_names_hold_it() -> None:
    assert codelists.found_by("uk", codelists.PARTNERS) == ["4120", "4623"]
    assert codelists.found_by("korea", codelists.PARTNERS) == ["5800", "5790"]


@pytest.mark.parametrize("name", ["USA", "US", "U.S.", "the United States", "America"])
def test_the_united_states_are_no_partner_of_themselves(name: str) -> None:
    assert codelists.is_own_country(name) and codelists.partner_code(name) is None
