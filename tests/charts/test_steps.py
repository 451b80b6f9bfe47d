from judgeboard.charts.steps import Share, Step, steps
from tests.charts.drawing import Drawing

CLOSE = Step("0 to 50", Share(0.54, 0.5, 0.58, 300), Share(0.52, 0.41, 0.63, 60), 0.53)
FAR = Step("over 400", Share(0.95, 0.93, 0.97, 300), None, 0.94)


def drawn(*told: Step) -> Drawing:
    return Drawing(steps(told, "Points apart", "Points of the better rated", "Seen."))


def test_each_side_has_a_mark_and_an_interval_at_every_step_at_which_it_spoke():
    drawing = drawn(CLOSE, FAR)

    assert 2 == len(drawing.of_class("line", "stroke-accent"))
    assert "0 to 50, people: 52 % (41 to 63), n = 60" in drawing.told
    assert not any("over 400, people" in told for told in drawing.told)


def test_what_was_expected_is_a_line_of_its_own_across_the_step():
    drawing = drawn(CLOSE, FAR)

    assert 2 == sum("stroke-dasharray" in line.attrib for line in drawing.lines)
    assert "over 400: 94 % expected" in drawing.told


def test_steps_and_axes_are_named():
    assert {"0 to 50", "over 400", "Points apart", "Points of the better rated"} <= set(drawn(CLOSE, FAR).words)


def test_without_expectation_there_is_no_line():
    drawing = drawn(Step("0 to 50", CLOSE.judges, CLOSE.people))

    assert not any("stroke-dasharray" in line.attrib for line in drawing.lines)
