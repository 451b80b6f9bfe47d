import pytest

from judgeboard.charts.bump import Followed, Rank, bump
from tests.charts.drawing import Drawing

RATERS = ["All judges", "gavel", "People"]


def followed(name: str, *ranks: int | None) -> Followed:
    told = tuple(rank and Rank(rank, max(rank - 1, 1), rank + 1) for rank in ranks)
    return Followed(name, f"/models/{name.lower()}/", told)


def drawn(*models: Followed) -> Drawing:
    return Drawing(bump(models, RATERS, "Seen."))


@pytest.mark.parametrize("size", [1, 20])
def test_every_model_has_a_rank_by_each_rater_and_a_bar_for_those_left_open(size):
    drawing = drawn(*(followed(f"Model {n}", n, n, n) for n in range(1, size + 1)))

    assert 3 * size == len(drawing.of_class("line", "stroke-accent"))
    assert 3 * size == sum("rank" in told for told in drawing.told)
    assert set(RATERS) <= set(drawing.words)


def test_a_mark_tells_the_ranks_left_open_and_leads_to_the_model():
    drawing = drawn(followed("Aster", 1, 2, 1))

    assert "Aster, gavel: rank 2 (1 to 3)" in drawing.told
    assert {"/models/aster/"} == set(drawing.addresses)


def test_bars_that_overlap_stand_beside_each_other():
    drawing = drawn(followed("Aster", 1, 1, 1), followed("Briar", 2, 2, 2))

    places = {bar.get("transform").split(",")[0] for bar in drawing.of_class("line", "stroke-accent")}
    assert 6 == len(places)


def test_whoever_a_rater_did_not_rate_has_no_mark_there():
    drawing = drawn(followed("Aster", 1, 1, None))

    assert not any("People" in told for told in drawing.told)
    assert "Aster" in drawing.words


def test_a_hostile_name_is_text():
    drawing = drawn(followed("<script>x</script>", 1, 1, 1))

    assert not drawing.all("script")
    assert not {"style", "onclick"} & drawing.attributes


def test_models_that_are_not_shown_take_no_place_but_count_in_the_ranks():
    drawing = drawn(followed("Aster", 1, 1, 202), followed("Briar", 2, 2, 5))

    heights = {
        title: mark.get("transform").split(",")[1]
        for mark in drawing.all("path")
        for title in [_title(mark)]
        if "People" in title
    }
    assert "202" in drawing.words
    assert heights["Briar, People: rank 5 (4 to 6)"] < heights["Aster, People: rank 202 (201 to 203)"]
    assert float(drawing.root.get("height")) < 200


def _title(element) -> str:
    return next((title.text or "" for title in element), "")
