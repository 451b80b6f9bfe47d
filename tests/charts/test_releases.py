from datetime import date

import pytest

from judgeboard.charts.axes import Interval
from judgeboard.charts.releases import Release, releases
from tests.charts.drawing import Drawing


def release(day: date, rating: float, *, people: bool = True) -> Release:
    voted = Interval(rating - 10, rating - 60, rating + 40) if people else None
    return Release(day, f"/models/aster/?release={day}", Interval(rating, rating - 30, rating + 30), voted)


FIRST, LAST = release(date(2025, 1, 3), 1100), release(date(2025, 3, 4), 1180, people=False)


def test_each_release_has_a_mark_and_an_interval_by_whoever_rated_then():
    drawing = Drawing(releases([FIRST, LAST], "Seen."))

    assert ["2025-01-03, judges: 1100 (1070 to 1130)", "2025-01-03, people: 1090 (1040 to 1140)"] == drawing.told[:2]
    assert 2 == len(drawing.of_class("line", "stroke-accent"))
    assert 1 == len(drawing.of_class("line", "stroke-ink"))


def test_a_mark_leads_to_the_model_as_it_stood_then():
    assert "/models/aster/?release=2025-03-04" in Drawing(releases([FIRST, LAST], "Seen.")).addresses


def test_days_are_as_far_apart_as_they_were():
    days = [release(date(2025, 1, day), 1000, people=False) for day in (1, 2, 11)]

    marks = [
        float(link[0].get("transform").split("(")[1].split(",")[0]) for link in Drawing(releases(days, "")).all("a")
    ]

    assert 9 == pytest.approx((marks[2] - marks[1]) / (marks[1] - marks[0]), abs=0.01)


def test_a_few_days_are_all_named():
    assert {"3 Jan 2025", "4 Mar 2025"} <= set(Drawing(releases([FIRST, LAST], "Seen.")).words)


def test_two_releases_of_one_day_still_make_an_axis():
    assert 1 == len(set(Drawing(releases([LAST], "Seen.")).addresses))
