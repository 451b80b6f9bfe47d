"""How numbers are written on every page. What was not measured is said so, and is never 0."""

from typing import Any

from django import template

from apps.board.whisker import PERCENT, Axis
from apps.ratings.queries import HUMANS

register = template.Library()

NOT_MEASURED = "–"
MINUS, EN_DASH, NARROW_SPACE = "\N{MINUS SIGN}", "–", "\N{NARROW NO-BREAK SPACE}"


@register.filter
def points(value: float | None) -> str:
    """A rating: 1177."""
    return NOT_MEASURED if value is None else f"{value:.0f}".replace("-", MINUS)


@register.filter
def signed(value: float | None) -> str:
    """A difference of ratings: +12, −3, 0."""
    if value is None:
        return NOT_MEASURED
    whole = round(value)
    return "0" if whole == 0 else f"{whole:+d}".replace("-", MINUS)


@register.filter
def percent(share: float | None) -> str:
    """A share in [0, 1]: 66 %."""
    return NOT_MEASURED if share is None else f"{100 * share:.0f}{NARROW_SPACE}%"


@register.filter
def hundredths(value: float | None) -> str:
    """Kappa or a correlation: 0.50."""
    return NOT_MEASURED if value is None else f"{value:.2f}".replace("-", MINUS)


@register.filter
def grouped(count: int | None) -> str:
    """A count: 1,343."""
    return NOT_MEASURED if count is None else f"{count:,}"


@register.filter
def seconds(milliseconds: float | None) -> str:
    """2.4 s, 340 ms."""
    if milliseconds is None:
        return NOT_MEASURED
    short = f"{milliseconds:.0f}{NARROW_SPACE}ms"
    return short if milliseconds < 1000 else f"{milliseconds / 1000:.1f}{NARROW_SPACE}s"


@register.simple_tag
def span(lower: float | None, upper: float | None, form: str = "points") -> str:
    """An interval: `points` 1150–1204, `signed` −3 to +12, `percent` 63–69 %, `hundredths` 0.41 to 0.60."""
    if lower is None or upper is None:
        return ""
    if form == "percent":
        return f"{100 * lower:.0f}{EN_DASH}{percent(upper)}"
    write = {"points": points, "signed": signed, "hundredths": hundredths}[form]
    joined = EN_DASH if form == "points" and lower >= 0 else " to "
    return f"{write(lower)}{joined}{write(upper)}"


@register.filter
def ranks(rating: Any) -> str:
    """A rank interval: 1 or 1–3."""
    if rating is None or rating.rank_low is None:
        return NOT_MEASURED
    if rating.rank_low == rating.rank_high:
        return str(rating.rank_low)
    return f"{rating.rank_low}{EN_DASH}{rating.rank_high}"


@register.inclusion_tag("components/_whiskers.html")
def whiskers(axis: Axis, judges: Any, humans: Any) -> dict[str, Any]:
    """The judges' rating and the people's, over each other on the table's axis."""
    return {"axis": axis, "judges": _drawn(axis, judges), "humans": _drawn(axis, humans)}


@register.inclusion_tag("components/_whiskers.html")
def share_whisker(told: Any) -> dict[str, Any]:
    """An agreement on the axis from 0 to 100 %, with the mark of whoever is compared with the people."""
    if told is None or told.agreement is None:
        return {"axis": PERCENT}
    drawn = PERCENT.whisker(100 * told.agreement, 100 * told.lower, 100 * told.upper)
    return {"axis": PERCENT, "humans" if told.left == HUMANS else "judges": drawn, "alone": True}


def _drawn(axis: Axis, told: Any) -> Any:
    return None if told is None or told.rating is None else axis.whisker(told.rating, told.lower, told.upper)
