import numpy as np

from judgeboard.arena.match_by_match import match_by_match
from judgeboard.arena.verdicts import Verdicts


def said(*rows: tuple) -> Verdicts:
    """(outcome, rater, first, match), all told from x; the prompt is the match's number in tens."""
    told = [("x", "y", outcome, match // 10, rater, first, match) for outcome, rater, first, match in rows]
    return Verdicts.from_rows(told, names=["x", "y"])


NOTHING = said()


def table(judged: Verdicts, voted: Verdicts = NOTHING, flipped=None):
    return match_by_match(judged, voted, np.zeros(len(judged), dtype=bool) if flipped is None else np.array(flipped))


def test_each_match_is_counted_and_what_most_say_is_its_outcome():
    found = table(said(("model_a", 1, 0, 20), ("model_a", 2, 0, 20), ("tie", 3, 0, 20), ("model_b", 1, 0, 11)))

    assert [11, 20] == found.match.tolist()
    assert [1, 2] == found.prompt.tolist()
    assert [[0, 1, 0, 0], [2, 0, 1, 0]] == found.judgments.tolist()
    assert [1, 0] == found.judged.tolist()
    assert [-1, -1] == found.voted.tolist()


def test_where_no_outcome_has_most_it_is_a_tie():
    assert [2] == table(said(("model_a", 1, 0, 1), ("model_b", 2, 0, 1))).judged.tolist()


def test_people_differ_where_most_of_them_say_another_thing():
    judged = said(("model_a", 1, 0, 1), ("model_a", 1, 0, 2), ("tie", 1, 0, 3), ("model_a", 1, 0, 4))
    voted = said(("model_b", 9, 0, 1), ("model_a", 9, 0, 2), ("both_bad", 9, 0, 3), ("model_b", 9, 0, 5))
    found = table(judged, voted)

    # of match 3 neither side says that anybody is better; on 4 nobody voted and 5 nobody judged
    assert [True, False, False, False, False] == found.differ.tolist()
    assert [True, True, True, False, False] == found.both.tolist()


def test_judges_are_split_where_two_differ_with_their_orders_merged():
    found = table(
        said(
            ("model_a", 1, 0, 1), ("model_b", 1, 1, 1), ("tie", 2, 0, 1),  # changed its mind: a tie, like the other
            ("model_a", 1, 0, 2), ("model_a", 1, 1, 2), ("tie", 2, 0, 2),
            ("both_bad", 1, 0, 3), ("tie", 2, 0, 3),
        )
    )  # fmt: skip

    assert [False, True, False] == found.split.tolist()


def test_a_verdict_that_changed_with_the_order_marks_its_match():
    rows = ("model_a", 1, 0, 1), ("model_b", 1, 1, 1), ("model_a", 1, -1, 2), ("model_a", 1, 0, 3)
    found = table(said(*rows), flipped=[False, False, True, False])

    assert [True, True, False] == found.flipped.tolist()


def test_both_bad_in_the_eyes_of_anybody_is_kept():
    found = table(said(("both_bad", 1, 0, 1), ("model_a", 1, 0, 2), ("tie", 1, 0, 3)), said(("both_bad", 9, 0, 2)))

    assert [True, True, False] == found.bad.tolist()


def test_without_a_word_there_is_no_match():
    assert 0 == len(table(said()).match)
