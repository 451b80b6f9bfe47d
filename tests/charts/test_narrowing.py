"""Lines that fall towards the points wished for."""

from judgeboard.charts.narrowing import Reach, narrowing
from tests.charts.drawing import Drawing

TOLD = (Reach(100, 9.5, 12.0), Reach(320, 5.3, None, is_today=True), Reach(1000, 3.0, 3.8))


def drawn() -> Drawing:
    return Drawing(narrowing(TOLD, 3, "Seen."))


def test_each_number_of_votes_has_a_mark_by_whoever_is_measured():
    told = drawn().told

    assert "100 votes, judges: ±9.5 points" in told
    assert "1,000 votes, people: ±3.8 points" in told
    assert not any("320 votes, people" in said for said in told)


def test_what_is_wished_for_and_today_are_dashed_lines():
    assert 2 == sum("stroke-dasharray" in line.attrib for line in drawn().lines)
    assert {"±3 points", "today: 320"} <= set(drawn().told)


def test_the_axes_are_named():
    assert {"Votes", "± points", "today: 320"} <= set(drawn().words)
