import pytest

from judgeboard.charts.axes import Interval
from judgeboard.charts.forest import Line, forest
from tests.charts.drawing import Drawing


def around(value: float, **fields) -> Interval:
    return Interval(value, value - 30, value + 30, **fields)


def lines(size: int, *, people: bool = True) -> list[Line]:
    return [
        Line(f"Model {n}", f"/models/{n}/", "", around(1200 - n), around(1190 - n) if people else None)
        for n in range(size)
    ]


@pytest.mark.parametrize("size", [1, 12, 300])
def test_every_model_has_a_name_and_each_rater_a_mark_and_an_interval(size):
    drawing = Drawing(forest(lines(size), "Seen."))

    assert [f"Model {n}" for n in range(size)] == [word for word in drawing.words if word.startswith("Model")]
    assert 2 * size == len(drawing.lines)
    assert 2 * size == sum(", judges: " in told or ", people: " in told for told in drawing.told)


def test_a_model_without_votes_has_the_judges_mark_alone():
    drawing = Drawing(forest(lines(3, people=False), "Seen."))

    assert 3 == len(drawing.lines)
    assert not any("people: " in told for told in drawing.told)


def test_the_raters_differ_in_shape_and_filling_and_not_by_colour_alone():
    drawing = Drawing(forest(lines(1), "Seen."))
    judges, people = (next(path for path in drawing.all("path") if who in _title(path)) for who in ("judges", "people"))

    assert "fill-accent stroke-accent" == judges.get("class")
    assert "fill-surface stroke-ink" == people.get("class")
    assert judges.get("d") != people.get("d")
    assert {"judges", "people"} <= set(drawing.words)


def test_names_and_marks_lead_to_the_model_and_are_passed_over_by_the_keyboard():
    drawing = Drawing(forest(lines(2), "Seen."))

    assert {"/models/0/", "/models/1/"} == set(drawing.addresses)
    assert 6 == len(drawing.addresses)
    assert {"-1"} == {link.get("tabindex") for link in drawing.all("a")}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://elsewhere.example/"])
def test_an_address_outside_this_site_is_not_drawn(address):
    with pytest.raises(ValueError, match="conversion failed"):
        forest([Line("Model", address, "", around(1000), None)], "Seen.")


def test_an_address_on_another_host_in_disguise_is_no_link():
    drawing = Drawing(forest([Line("Model", "//elsewhere.example/", "", around(1000), None)], "Seen."))

    assert [] == drawing.addresses


def test_a_hostile_name_is_text():
    name = "</text><script>alert('1')</script>\"&"

    drawing = Drawing(forest([Line(name, "/models/x/", "", around(1000), around(990))], f"Seen: {name}"))

    assert not drawing.all("script")
    assert f"{name}, judges: 1000 (970 to 1030)" in drawing.told
    assert f"Seen: {name}" == drawing.root.get("aria-label")


def test_a_name_of_two_hundred_letters_is_cut_and_told_in_full():
    name = "wide" * 50

    drawing = Drawing(forest([Line(name, "/models/x/", "", around(1000), None)], "Seen."))

    shown = next(word for word in drawing.words if word.startswith("wide"))
    assert shown.endswith("…")
    assert len(shown) <= 24
    assert name in drawing.told


@pytest.mark.parametrize("bounded", [False, True], ids=["a convention", "of very few matches"])
def test_one_interval_that_goes_far_does_not_push_the_others_together_and_ends_in_an_arrow(bounded):
    endless = Interval(1200, 1150, 9000, bounded=bounded)

    drawing = Drawing(forest([Line("Best", "/b/", "", endless, None), *lines(2, people=False)], "Seen."))

    assert any("1200" == word for word in drawing.words)
    assert not any("2000" == word for word in drawing.words)
    assert 1 == sum(path.get("d", "").count("L") == 2 and "fill" not in path.attrib for path in drawing.all("path"))


def test_groups_that_never_met_stand_under_words_of_their_own():
    apart = [Line(f"Model {n}", "/m/", among, around(1000), None) for n, among in enumerate(["Group 1", "Group 2"])]

    words = [word for word in Drawing(forest(apart, "Seen.")).words if word.startswith(("Group", "Model"))]

    assert {"Group 1", "Group 2", "Model 0", "Model 1"} == set(words)


def test_equal_certain_ratings_still_make_an_axis():
    sure = Interval(1000, 1000, 1000)

    drawing = Drawing(forest([Line("A", "/a/", "", sure, None), Line("B", "/b/", "", sure, None)], "Seen."))

    assert {"960", "1000", "1040"} <= set(drawing.words)


def test_the_drawing_holds_nothing_that_a_strict_policy_forbids():
    drawing = Drawing(forest(lines(3), "Seen."))

    assert "style" not in drawing.attributes
    assert not any(name.startswith("on") for name in drawing.attributes)
    assert not drawing.all("style")
    assert not drawing.all("script")
    assert not drawing.all("image")


def test_every_colour_has_the_class_by_which_a_page_draws_it_in_its_theme():
    drawing = Drawing(forest(lines(3), "Seen."))

    for element in drawing.root.iter():
        for name in {"fill", "stroke"} & set(element.attrib) - {"none"}:
            if element.get(name) != "none":
                assert f"{name}-" in element.get("class", ""), element.attrib


def test_whoever_hears_the_page_is_told_the_summary_alone():
    root = Drawing(forest(lines(2), "Two models.")).root

    assert ("group", "Two models.") == (root.get("role"), root.get("aria-label"))
    assert ["true"] == [child.get("aria-hidden") for child in root]


def _title(element) -> str:
    return next((title.text or "" for title in element), "")


def test_differences_have_a_line_at_nothing_even_beyond_all_intervals():
    drawing = Drawing(forest([Line("Writing", "/w/", "", around(200), None)], "Seen.", axis="Points more", zero=True))

    assert 1 == sum("stroke-dasharray" in line.attrib for line in drawing.lines)
    assert {"0", "Points more"} <= set(drawing.words)
