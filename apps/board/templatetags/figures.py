"""How numbers are written on every page. What was not measured is said so, and is never 0."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any

from django import template
from django.utils.formats import get_format
from django.utils.translation import gettext, ngettext

from apps.board.whisker import PERCENT, Axis, Whisker
from apps.ratings.models import Agreement, Rating
from apps.ratings.queries import HUMANS
from apps.ratings.told.calibration import gap_told

register = template.Library()

NOT_MEASURED = "–"
DAY = 86_400  # seconds
MINUS, EN_DASH, NARROW_SPACE = "\N{MINUS SIGN}", "–", "\N{NARROW NO-BREAK SPACE}"


def figure(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """Registers a filter for numbers. Templates hand over "" for an attribute of None: that is not measured either."""

    @wraps(write)
    def written(value: Any) -> str:
        return NOT_MEASURED if value is None or value == "" else write(value)

    return register.filter(written)


def _in_thousands(number: str) -> str:
    """With the sign of the reader's language between thousands; a comma would be a decimal one in German."""
    return number.replace(",", get_format("THOUSAND_SEPARATOR"))


@figure
def points(value: float) -> str:
    """A rating: 1177."""
    return f"{value:.0f}".replace("-", MINUS)


@figure
def signed(value: float) -> str:
    """A difference of ratings: +12, −3, 0."""
    whole = round(value)
    return "0" if whole == 0 else f"{whole:+d}".replace("-", MINUS)


@figure
def percent(share: float) -> str:
    """A share in [0, 1]: 66 %."""
    return f"{100 * share:.0f}{NARROW_SPACE}%"


@figure
def hundredths(value: float) -> str:
    """Kappa or a correlation: 0.50."""
    return f"{round(value, 2) + 0:.2f}".replace("-", MINUS)  # plus 0: a zero has no sign


@figure
def grouped(count: int) -> str:
    """A count: 1,343, in German 1 343."""
    return _in_thousands(f"{count:,}")


@figure
def roughly(count: int) -> str:
    """An estimate, by its first two digits: 1,287 is 1,300; of more than a million it is told no further."""
    if count > 1_000_000:
        return gettext("more than a million")
    return grouped(round(count, 2 - len(str(count))))


@figure
def seconds(milliseconds: float) -> str:
    """2.4 s, 340 ms."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f}{NARROW_SPACE}ms"
    return f"{milliseconds / 1000:.1f}{NARROW_SPACE}s"


@figure
def usd(dollars: Decimal) -> str:
    """$12.40, $0.05, $0.0042, < $0.0001: of broken cents below a dollar the hundredths are told."""
    if 0 < dollars < Decimal("0.0001"):
        return f"<{NARROW_SPACE}$0.0001"
    broken = dollars < 1 and dollars != round(dollars, 2)
    return _in_thousands(f"${dollars:,.4f}" if broken else f"${dollars:,.2f}")


@figure
def duration(minutes: float) -> str:
    """less than a minute, 12 min, 3 h 20 min."""
    whole = round(minutes)
    if whole < 1:
        return gettext("less than a minute")
    hours, left = divmod(whole, 60)
    return f"{hours} h {left} min" if hours else f"{left} min"


@figure
def elapsed(time: timedelta) -> str:
    """8 s, 3 min, 3 h 20 min, 2 days: the same time tells less the longer it is."""
    whole = max(0, int(time.total_seconds()))
    if whole < 60:
        return f"{whole}{NARROW_SPACE}s"
    if whole < 2 * DAY:
        return duration(whole // 60)
    return ngettext("{n} day", "{n} days", whole // DAY).format(n=whole // DAY)


@register.filter
def since(now: datetime, then: datetime | None) -> str:
    """`{{ now|since:then }}`: how long ago that is, or how far ahead."""
    return elapsed(abs(now - then) if then else None)


@figure
def ranks(rating: Rating) -> str:
    """A rank interval: 1 or 1–3."""
    if rating.rank_low is None:
        return NOT_MEASURED
    if rating.rank_low == rating.rank_high:
        return str(rating.rank_low)
    return f"{rating.rank_low}{EN_DASH}{rating.rank_high}"


@figure
def tenths(value: float) -> str:
    """A mean rank: 1.2."""
    return f"{value:.1f}"


FORMS: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("prompt", "model", "other", "category", "release"), str),
    "text": lambda told: gettext(told) if told else "",  # some are words, as “All judges”, most are names
    "gap": lambda told: str(gap_told(told)),
    **dict.fromkeys(("count", "compare", "cases"), grouped),
    "points": points,
    "signed": signed,
    "percent": percent,
    "hundredths": hundredths,
    "tenths": tenths,
    "usd": lambda dollars: usd(None if dollars is None else Decimal(str(dollars))),
    "yes": lambda told: gettext("yes") if told else gettext("no"),
}


@register.simple_tag
def span(lower: Any, upper: Any, form: str = "points", of: int | None = None) -> str:
    """An interval: `points` 1150–1204, `signed` −3 to +12, `percent` 63–69 %, `hundredths` 0.41 to 0.60.

    `of`: how many it was measured on.
    """
    if lower in (None, "") or upper in (None, ""):
        return "" if of is None else gettext("of {n}").format(n=grouped(of))
    told = _interval(lower, upper, form)
    return told if of is None else gettext("{interval} of {n}").format(interval=told, n=grouped(of))


def _interval(lower: float, upper: float, form: str) -> str:
    if form == "percent":
        return f"{100 * lower:.0f}{EN_DASH}{percent(upper)}"
    write = {"points": points, "signed": signed, "hundredths": hundredths}[form]
    if form == "points" and lower >= 0:
        return f"{write(lower)}{EN_DASH}{write(upper)}"
    return gettext("{lower} to {upper}").format(lower=write(lower), upper=write(upper))


@register.filter
def told_as(value: Any, form: str) -> str:
    """`{{ cell.value|told_as:cell.form }}`: a cell of a figure's table."""
    return FORMS[form](value)


@register.inclusion_tag("components/_whiskers.html")
def whiskers(axis: Axis, judges: Rating | None, humans: Rating | None) -> dict[str, Any]:
    """The judges' rating and the people's, over each other on the table's axis."""
    return {"axis": axis, "judges": _drawn(axis, judges), "humans": _drawn(axis, humans)}


@register.inclusion_tag("components/_whiskers.html")
def share_whisker(told: Agreement) -> dict[str, Any]:
    """An agreement on the axis from 0 to 100 %, with the mark of whoever is compared with the people."""
    who = "humans" if told.left == HUMANS else "judges"
    return {"axis": PERCENT, who: _drawn_share(told), "alone": True}


@register.inclusion_tag("components/_scale.html")
def share_scale() -> dict[str, Axis]:
    """The numbers under such whiskers."""
    return {"axis": PERCENT}


def _drawn(axis: Axis, told: Rating | None) -> Whisker | None:
    if not told or told.rating is None or told.lower is None or told.upper is None:
        return None
    return axis.whisker(told.rating, told.lower, told.upper)


def _drawn_share(told: Agreement) -> Whisker | None:
    if told.agreement is None or told.lower is None or told.upper is None:
        return None
    return PERCENT.whisker(100 * told.agreement, 100 * told.lower, 100 * told.upper)
