"""What a figure counts: the product codes of its observations, and their names."""

from dataclasses import dataclass

import pandas as pd

from briefing.codes import codelists
from briefing.errors import MixedBasis, ObservationError
from briefing.figures import Figure
from briefing.record import observations as obs
from briefing.record.lines import Lines

HS_LEVELS = {2: "chapter", 4: "heading", 6: "subheading", 10: "number"}
"""What a code of so many digits is called; the contract of observations knows no others."""


@dataclass(frozen=True)
class Product:
    """Codes of one classification and one level, none of which is a part of another: they may be added up."""

    classification: str
    codes: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its part of a figure's id: "autos" for HS chapter 87, "hs-72+73", "end-use-30000"."""
        if (self.classification, self.codes) == ("HS", ("87",)):
            return "autos"
        return "-".join([self.classification.lower().replace("_", "-"), "+".join(self.codes)]).removesuffix("-TOTAL")

    @property
    def kind(self) -> str:
        """What such a code is, as ids name it: "end-use", "hs-chapter", "hs-heading".

        >>> [Product("HS", (code,)).kind for code in ("87", "8703", "870323", "8703230100")]
        ['hs-chapter', 'hs-heading', 'hs-subheading', 'hs-number']
        """
        if self.classification != "HS":
            return self.classification.lower().replace("_", "-")
        return f"hs-{HS_LEVELS[len(self.codes[0])]}"

    @property
    def words(self) -> str:
        """Its codes, as a formula names them.

        >>> Product("HS", ("87",)).words, Product("HS", ("72", "73")).words, Product("END_USE", ("30000",)).words
        ('HS chapter 87', 'HS chapters 72 and 73', 'end-use 30000')
        """
        if self.classification == "TOTAL":
            return "all goods"
        codes = codelists.listed(self.codes)
        if self.classification == "END_USE":
            return f"end-use {codes}"
        level = HS_LEVELS[len(self.codes[0])]
        return f"HS {level}{'s' * (len(self.codes) > 1)} {codes}"

    @property
    def goods(self) -> str:
        """What it counts, in prose: the chapter's name, or the codes.

        >>> Product("HS", ("87",)).goods, Product("HS", ("72", "73")).goods, Product("HS", ("8703",)).goods
        ('vehicles and parts', 'iron and steel and articles of iron or steel', 'goods of HS heading 8703')
        """
        chapters = self.classification == "HS" and all(code in codelists.HS_CHAPTERS for code in self.codes)
        if chapters:
            return codelists.listed([codelists.HS_CHAPTERS[code].lower() for code in self.codes])
        return self.words if self.classification == "TOTAL" else f"goods of {self.words}"


def product_of(observations: pd.DataFrame) -> Product:
    """The product that the rows are of, by `classification` and `commodity`.

    Raises
    ------
    MixedBasis
        If two levels or classifications are among them, of which one holds goods of the other.
    ObservationError
        If there is no row.
    """
    return product_in(obs.lines_of(observations))


def product_in(lines: Lines) -> Product:
    """The same of lines, by `classification` and `commodity`.

    Raises
    ------
    MixedBasis, ObservationError
    """
    return _product(set(zip(lines.columns["classification"], lines.columns["commodity"], strict=True)))


def product_counted(figure: Figure) -> Product:
    """The product that a figure was computed of, read off the rows it and its parts sum.

    Raises
    ------
    MixedBasis, ObservationError
        Where it sums no one product.
    """
    return _product(_counted(figure))


def systems_counted(figure: Figure) -> set[str]:
    """The systems of trade, "total", "general" or "consumption", of the rows that a figure and its parts sum."""
    own = {end for rows in figure.rows for column, *ends in rows.where if column == "trade_system" for end in ends}
    return own.union(*(systems_counted(part) for part in figure.parts))


def _counted(figure: Figure) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for rows in figure.rows:
        ends = {column: (first, last) for column, first, last in rows.where}
        if len({*ends["commodity"]}) > 1:
            raise MixedBasis(
                f"Figure {figure.id} sums products from {' to '.join(ends['commodity'])}: it is of no one product."
            )
        found.add((ends["classification"][0], ends["commodity"][0]))
    for part in figure.parts:
        found |= _counted(part)
    return found


def _product(counted: set[tuple[str, str]]) -> Product:
    if not counted:
        raise ObservationError(
            "There is no observation, so nothing says which product is counted. Select rows that hold the product."
        )
    classifications, codes = {of for of, _ in counted}, sorted({code for _, code in counted})
    if len(classifications) > 1 or len({len(code) for code in codes}) > 1:
        named = ", ".join(f"{of} {code}" for of, code in sorted(counted))
        raise MixedBasis(
            f"The products {named} are of different classifications or levels. A sum over them would count goods twice. "
            "Select codes of one level first."
        )
    return Product(classifications.pop(), tuple(codes))


def added_up(observations: pd.DataFrame) -> pd.DataFrame:
    """The rows summed over the codes of one level, one row for each month, flow and partner; `commodity` joins the codes.

    Raises
    ------
    MixedBasis
    """
    if observations.empty or observations["commodity"].nunique() == 1:
        return observations
    codes = "+".join(product_of(observations).codes)
    keys = [column for column in obs.KEY if column != "commodity"]
    sums = observations.groupby(keys, sort=False, observed=True)["obs_value"].sum().reset_index()
    return sums.assign(commodity=codes)
