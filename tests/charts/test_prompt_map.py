import pytest

from judgeboard.charts.axes import Interval
from judgeboard.charts.prompts import Asked, prompt_map
from tests.charts.drawing import Drawing


def asked(n: int) -> Asked:
    lead = 2 - n / 50
    return Asked(
        f"logic-{n}", f"/prompts/riddles/{n}/", (n % 10) / 40, Interval(lead, lead - 1, lead + 1), tells=lead > 1
    )


@pytest.mark.parametrize("size", [1, 12, 300])
def test_every_prompt_has_a_mark_with_an_interval_that_leads_to_it(size):
    drawing = Drawing(prompt_map([asked(n) for n in range(size)], "Seen."))

    assert [f"/prompts/riddles/{n}/" for n in range(size)] == drawing.addresses
    assert size == sum("stroke-accent" in line.get("class", "") for line in drawing.lines)


def test_a_mark_tells_its_prompt_with_both_figures():
    drawing = Drawing(prompt_map([Asked("logic-1", "/", 0.25, Interval(0.4, -0.1, 0.9), tells=False)], "Seen."))

    assert ["logic-1: neither better in 25 %, discrimination 0.40 (−0.10 to 0.90)"] == drawing.told


def test_prompts_that_surely_tell_strong_from_weak_are_filled():
    drawing = Drawing(prompt_map([asked(0), asked(90)], "Seen."))

    marks = [link[0].get("class", "") for link in drawing.all("a")]
    assert [True, False] == ["fill-accent" in mark for mark in marks]


def test_the_two_lines_stand_whatever_the_prompts_tell():
    drawing = Drawing(prompt_map([Asked("logic-1", "/", 0.1, Interval(3, 2.9, 3.1), tells=True)], "Seen."))

    assert 2 == sum("stroke-soft" in line.get("class", "") for line in drawing.lines)
