"""What the rounding of printed figures leaves open: the least and the greatest that a figure made of them can be."""

from math import inf

from briefing.figures import Figure, derived


def quotient_range(now: float, now_step: float, before: float, before_step: float) -> tuple[float, float]:
    """The least and the greatest ratio of two sizes, each printed to a step of its last digit.

    >>> low, high = quotient_range(17.0, 0.1, 21.7, 0.1)
    >>> round(low - 1, 4), round(high - 1, 4)
    (-0.2207, -0.2125)
    """
    now, before = abs(now), abs(before)
    below, above = max(now - now_step / 2, 0.0), now + now_step / 2
    least = before - before_step / 2
    return below / (before + before_step / 2), above / least if least > 0 else inf


def change_range(now: float, now_step: float, before: float, before_step: float) -> tuple[float, float]:
    """The least and the greatest relative change between two printed sizes, as fractions."""
    low, high = quotient_range(now, now_step, before, before_step)
    return low - 1, high - 1


def ends(figure: Figure, low: float, high: float) -> tuple[Figure, Figure]:
    """Both ends of a range as figures, the smaller size first."""
    near, far = sorted((low, high), key=abs)
    words = "the {} that the rounding of the printed figures allows: {}"
    return tuple(  # type: ignore[return-value]
        derived(f"{figure.id}.{name}", value, figure.unit, figure.period, words.format(end, figure.formula), [figure])
        for name, value, end in (("near", near, "nearest to nil"), ("far", far, "farthest from nil"))
    )
