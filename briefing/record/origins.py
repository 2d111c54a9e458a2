"""Where a figure comes from: what goes with every observation, and with every page that told a number."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Origin:
    """A dataset of the register in one vintage.

    `standing` says how the vintage stands to the as-of day ("held", "later", "earlier"). A quoted figure names the page
    that printed it in `reference` and `address`; of any other, notes print the dataset's short `title`, and the day of the
    vintage where `dated`: where the office keeps its vintages apart.
    """

    dataset: str
    vintage: str
    standing: str
    reference: str = ""
    address: str = ""
    title: str = ""
    dated: bool = False
