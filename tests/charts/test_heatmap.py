import pytest

from judgeboard.charts.heatmap import DARKEST, Cell, Head, heatmap
from judgeboard.charts.theme import WIDTH
from tests.charts.drawing import Drawing


def grid(size: int, **fields) -> Drawing:
    cells = [
        Cell(
            row,
            column,
            row / size,
            f"{row}.{column}",
            f"Row {row}, column {column}",
            f"/compare/{row}/{column}/",
            **fields,
        )
        for row in range(size)
        for column in range(size)
    ]
    heads = [Head(f"Model {n}", f"/models/{n}/") for n in range(size)]
    return Drawing(heatmap(heads, [f"{n}" for n in range(size)], cells, "Seen."))


@pytest.mark.parametrize("size", [1, 8, 30])
def test_every_cell_has_its_number_and_leads_to_its_pair(size):
    drawing = grid(size)

    assert size * size == sum("." in word for word in drawing.words)
    assert size * size + size == len(drawing.addresses)
    assert {"/compare/0/0/", "/models/0/"} <= set(drawing.addresses)


def test_a_cell_is_as_dark_as_it_may_be_and_still_be_read():
    cells = [Cell(0, 0, 1.7, "x", "x"), Cell(0, 1, 0.0, "y", "y")]

    drawn = Drawing(heatmap([Head("Model")], ["1", "2"], cells, "Seen.")).of_class("path", "fill-accent")

    assert [f"{DARKEST}", "0"] == [cell.get("fill-opacity") for cell in drawn]


def test_many_columns_make_a_wide_drawing_and_few_the_usual_one():
    assert ["chart", "chart wide"] == [grid(size).root.get("class") for size in (3, 30)]
    assert float(grid(3).root.get("width")) == WIDTH


def test_what_is_sure_is_bold():
    weights = [text.get("font-weight") for text in grid(1, strong=True).all("text") if text.text == "0.0"]

    assert ["bold"] == weights


def test_lines_of_a_cell_stand_below_each_other_and_a_cell_without_page_is_no_link():
    drawing = Drawing(heatmap([Head("Ada")], ["Ben"], [Cell(0, 0, 0.5, "0.61\n55 %", "Ada and Ben")], "Seen."))

    assert ["0.61", "55 %"] == [line.text for line in drawing.all("tspan")]
    assert [] == drawing.addresses
    assert "Ada and Ben" in drawing.told


def test_a_hostile_name_is_text():
    drawing = Drawing(heatmap([Head("<script>x</script>")], ["1"], [Cell(0, 0, 0, "<b>", "<i>")], "Seen."))

    assert not drawing.all("script")
    assert {"<script>x</script>", "<b>"} <= set(drawing.words)
    assert not {"style", "onclick"} & drawing.attributes
