from itertools import pairwise

import pytest

from judgeboard.charts.axes import Interval
from judgeboard.charts.labels import Point, labels
from judgeboard.charts.scatter import MOST_NAMES, Seen, scatter
from tests.charts.drawing import Drawing


def seen(name: str, judges: float, people: float, *, apart: bool = False) -> Seen:
    return Seen(
        name,
        f"/models/{name}/",
        Interval(judges, judges - 20, judges + 20),
        Interval(people, people - 30, people + 30),
        apart,
    )


def models(size: int) -> list[Seen]:
    return [seen(f"Model {n}", 1000 + 3 * n, 1000 + 2 * n, apart=n % 2 == 1) for n in range(size)]


@pytest.mark.parametrize("size", [1, 12, 300])
def test_every_model_has_a_mark_and_both_intervals(size):
    drawing = Drawing(scatter(models(size), "Seen."))

    assert size == len(drawing.addresses) == len(drawing.told)
    assert size == sum("stroke-accent" in line.get("class", "") for line in drawing.lines)
    assert size == sum("stroke-ink" in line.get("class", "") for line in drawing.lines)


def test_a_mark_tells_its_model_and_leads_to_it():
    drawing = Drawing(scatter([seen("Aster", 1180, 1150)], "Seen."))

    assert ["Aster: judges 1180 (1160 to 1200), people 1150 (1120 to 1180)"] == drawing.told
    assert ["/models/Aster/"] == drawing.addresses


def test_ratings_that_surely_differ_are_filled_and_the_legend_says_so():
    drawing = Drawing(scatter([seen("Aster", 1180, 1000, apart=True), seen("Briar", 900, 910)], "Seen."))

    marks = [link[0].get("class", "") for link in drawing.all("a")]
    assert 1 == sum("fill-accent" in mark for mark in marks)
    assert 1 == sum("fill-surface" in mark for mark in marks)
    assert {"surely differ", "could be equal"} <= set(drawing.words)


def test_of_many_models_a_few_are_named():
    named = [word for word in Drawing(scatter(models(300), "Seen.")).words if word.startswith("Model")]

    assert 0 < len(named) <= MOST_NAMES


def test_names_cover_neither_each_other_nor_a_point():
    crowd = [Point(f"Model {n}", 200 + 7 * n, 200) for n in range(20)]

    found = list(labels(crowd, 400))

    # A name is about 50 pixels wide, so of those on one line at most every eighth point has one.
    assert 0 < len(found) < 20
    for y in {label.y for label in found}:
        starts = sorted(label.x for label in found if label.y == y and not label.before)
        assert all(right - left >= 40 for left, right in pairwise(starts))


def test_a_name_at_the_right_edge_stands_before_its_point():
    assert [True] == [label.before for label in labels([Point("Aster", 395, 200)], 400)]


def test_the_drawing_holds_nothing_that_a_strict_policy_forbids():
    drawing = Drawing(scatter(models(3), "Seen."))

    assert not {"style", "onclick"} & drawing.attributes
    assert not drawing.all("style")


def test_a_hostile_name_is_text():
    drawing = Drawing(scatter([seen('<script>x</script>&"', 1000, 1000)], "Seen."))

    assert not drawing.all("script")
    assert '<script>x</script>&"' in drawing.words
