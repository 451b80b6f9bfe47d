from decimal import Decimal
from types import SimpleNamespace

import pytest

from apps.board.templatetags.figures import (
    duration,
    grouped,
    hundredths,
    percent,
    points,
    ranks,
    roughly,
    seconds,
    signed,
    span,
    usd,
)


@pytest.mark.parametrize(
    "write", [points, signed, percent, hundredths, grouped, roughly, seconds, ranks, usd, duration]
)
def test_what_was_not_measured_is_a_dash_and_never_0(write):
    assert "–" == write(None)


@pytest.mark.parametrize(("value", "written"), [(12.4, "+12"), (-3.2, "−3"), (0.3, "0"), (-0.3, "0")])
def test_a_difference_has_a_sign_unless_it_rounds_to_nothing(value, written):
    assert written == signed(value)


@pytest.mark.parametrize(("value", "written"), [(0.5047, "0.50"), (-0.04, "−0.04"), (-0.001, "0.00"), (1, "1.00")])
def test_kappa_has_two_digits_and_zero_no_sign(value, written):
    assert written == hundredths(value)


def test_figures_are_grouped_and_carry_their_units():
    assert ("1177", "66\u202f%", "1,343") == (points(1177.4), percent(0.657), grouped(1343))


@pytest.mark.parametrize(
    ("count", "written"), [(7, "7"), (45, "45"), (1287, "1,300"), (96_400, "96,000"), (10**9, "more than a million")]
)
def test_an_estimate_is_told_by_two_digits(count, written):
    assert written == roughly(count)


@pytest.mark.parametrize(("value", "written"), [(340, "340\u202fms"), (2400, "2.4\u202fs")])
def test_times_are_told_in_the_unit_that_is_read_easily(value, written):
    assert written == seconds(value)


@pytest.mark.parametrize(
    ("dollars", "written"),
    [
        ("1234.5", "$1,234.50"),
        ("1", "$1.00"),
        ("0.0042", "$0.0042"),
        ("0", "$0.00"),
        ("0.5", "$0.50"),
        ("0.00001", "<\u202f$0.0001"),
    ],
)
def test_small_sums_keep_the_digits_that_matter(dollars, written):
    assert written == usd(Decimal(dollars))


@pytest.mark.parametrize(("minutes", "written"), [(0.4, "less than a minute"), (12.3, "12 min"), (200, "3 h 20 min")])
def test_a_duration_is_told_in_minutes_and_hours(minutes, written):
    assert written == duration(minutes)


@pytest.mark.parametrize(
    ("ends", "form", "written"),
    [
        ((1150, 1204), "points", "1150–1204"),
        ((-20, 30), "points", "−20 to 30"),
        ((-3, 12), "signed", "−3 to +12"),
        ((0.63, 0.69), "percent", "63–69\u202f%"),
        ((0.41, 0.6), "hundredths", "0.41 to 0.60"),
        ((None, 1), "points", ""),
    ],
)
def test_an_interval_is_written_in_the_form_of_its_value(ends, form, written):
    assert written == span(*ends, form)


@pytest.mark.parametrize(("low", "high", "written"), [(1, 1, "1"), (1, 3, "1–3"), (None, None, "–")])
def test_a_rank_is_an_interval_where_it_is_open(low, high, written):
    assert written == ranks(SimpleNamespace(rank_low=low, rank_high=high))
