from judgeboard.charts.axes import Interval
from judgeboard.charts.price import Priced, pareto
from tests.charts.drawing import Drawing


def priced(name: str, usd: float, rating: float, *, frontier: bool = False) -> Priced:
    return Priced(name, f"/models/{name.lower()}/", usd, Interval(rating, rating - 30, rating + 30), frontier)


def drawn(*models: Priced) -> Drawing:
    return Drawing(pareto(models, "Dollars per win", "Seen."))


def test_every_model_has_a_mark_an_interval_and_its_page():
    drawing = drawn(priced("Aster", 0.5, 1100, frontier=True), priced("Briar", 3, 1000))

    assert ["Aster: 1100 (1070 to 1130), $0.5", "Briar: 1000 (970 to 1030), $3"] == drawing.told
    assert ["/models/aster/", "/models/briar/"] == drawing.addresses
    assert 2 == len(drawing.of_class("line", "stroke-accent"))


def test_the_frontier_is_filled_and_a_line_and_the_legend_says_so():
    drawing = drawn(priced("Aster", 0.5, 1100, frontier=True), priced("Briar", 3, 1000))

    marks = [link[0].get("class", "") for link in drawing.all("a")]
    assert ["fill-accent" in mark for mark in marks] == [True, False]
    assert 1 == len(drawing.of_class("path", "stroke-soft"))
    assert {"on the frontier", "something as cheap is rated higher"} <= set(drawing.words)


def test_what_costs_nothing_stands_left_of_everything_that_costs():
    drawing = drawn(priced("Free", 0, 900, frontier=True), priced("Aster", 0.5, 1100, frontier=True))

    free, paid = (float(link[0].get("transform").split("(")[1].split(",")[0]) for link in drawing.all("a"))
    assert 0 <= free < paid
    assert "Free: 900 (870 to 930), $0" in drawing.told


def test_equal_prices_still_make_an_axis():
    assert "$1" in drawn(priced("Aster", 1, 1100, frontier=True), priced("Briar", 1, 1000)).words


def test_prices_over_many_powers_of_ten_are_ticked_at_each():
    words = drawn(priced("Aster", 0.0001, 1100, frontier=True), priced("Briar", 100, 1000)).words

    assert {"$0.01", "$1", "$100"} <= set(words)
    assert "$2" not in words
