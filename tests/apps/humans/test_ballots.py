"""What is handed out, and what a choice comes to."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from apps.humans.models import Ballot, Vote
from apps.humans.operations import (
    Choice,
    NoSuchBallot,
    add_guest,
    cast_vote,
    ensure_voter,
    hand_out_ballot,
    outcome_of,
    take_back_vote,
)
from apps.humans.queries import WINDOW, revealed, showing
from judgeboard.arena.outcome import Outcome
from tests import stage

pytestmark = pytest.mark.django_db


def hand_out(voter, seed=1):
    return hand_out_ballot(voter=voter, now=timezone.now(), chance=random.Random(seed))


def cast(ballot, choice, voter=None):
    return cast_vote(token=ballot.token, voter=voter or ballot.voter, choice=Choice(choice), now=timezone.now())


@pytest.fixture
def mary():
    return ensure_voter(name="mary")


def test_nothing_is_handed_out_while_there_are_no_matches(mary):
    assert hand_out(mary) is None


def test_a_match_with_an_output_still_to_come_is_not_handed_out(mary):
    prompt = stage.prompt_set().prompts.get()
    ready, unready = stage.contender("Alder"), stage.contender("Birch")
    stage.match(stage.output(ready, prompt), stage.output(unready, prompt, status="wanted"))

    assert hand_out(mary) is None


def test_an_open_ballot_is_handed_out_again_as_it_was(mary):
    stage.matches(5)

    first, second = hand_out(mary, seed=1), hand_out(mary, seed=2)

    assert first == second
    assert first.b_first == second.b_first


def test_no_match_comes_twice_to_one_voter(mary):
    wanted = {match.pk for match in stage.matches(5)}

    handed_out = []
    while ballot := hand_out(mary, seed=len(handed_out)):
        handed_out.append(ballot.match_id)
        cast(ballot, "skip" if len(handed_out) == 2 else "tie")

    assert sorted(wanted) == sorted(handed_out)


def test_another_voter_may_get_the_same_match(mary):
    (match,) = stage.matches(1)
    cast(hand_out(mary), "left")

    assert match.pk == hand_out(add_guest()).match_id


def test_the_whole_table_is_reached_from_any_random_key(mary):
    matches = stage.matches(3)
    keys = {hand_out(add_guest(), seed=seed).match_id for seed in range(40)}

    assert {match.pk for match in matches} == keys


def test_a_judged_match_comes_before_one_that_no_judge_has_seen(mary):
    first, *_ = stage.matches(WINDOW)
    stage.judgment(stage.judge(), first)
    behind_the_first = min(range(10_000), key=lambda seed: random.Random(seed).randint(first.pk, first.pk + WINDOW - 1))

    assert first.pk == hand_out(mary, seed=behind_the_first).match_id


def test_a_match_without_votes_comes_before_one_that_has_some(mary):
    voted, fresh = stage.matches(2)
    for _ in range(3):
        Vote.objects.create(voter=add_guest(), match=voted, outcome="tie")
    from_the_start = min(range(100), key=lambda seed: random.Random(seed).randint(voted.pk, fresh.pk))

    assert fresh.pk == hand_out(mary, seed=from_the_start).match_id


def test_the_sides_are_drawn_by_lot(mary):
    stage.matches(1)

    b_first = [hand_out(add_guest(), seed=seed).b_first for seed in range(200)]

    # Binomial(200, 1/2): 60 to 140 is more than five standard deviations either way.
    assert 60 < sum(b_first) < 140


@pytest.mark.parametrize(
    ("choice", "b_first", "outcome"),
    [
        ("left", False, Outcome.MODEL_A),
        ("left", True, Outcome.MODEL_B),
        ("right", False, Outcome.MODEL_B),
        ("right", True, Outcome.MODEL_A),
        ("tie", True, Outcome.TIE),
        ("both_bad", True, Outcome.BOTH_BAD),
    ],
)
def test_left_and_right_are_told_back_to_the_sides_of_the_match(choice, b_first, outcome):
    assert outcome == outcome_of(Choice(choice), b_first=b_first)


@pytest.mark.parametrize("b_first", [False, True])
def test_a_vote_says_which_answer_stood_left(mary, b_first):
    (match,) = stage.matches(1)
    ballot = Ballot.objects.create(voter=mary, match=match, b_first=b_first)

    cast(ballot, "left")

    vote = Vote.objects.get()
    assert (("b", "model_b") if b_first else ("a", "model_a")) == (vote.shown_first, vote.outcome)
    assert Ballot.objects.get().cast_at == vote.cast_at


def test_posting_a_ballot_fifty_times_is_one_vote_the_first(mary):
    stage.matches(1)
    ballot = hand_out(mary)

    for n in range(50):
        cast(ballot, "tie" if n == 0 else "left")

    assert ["tie"] == list(Vote.objects.values_list("outcome", flat=True))


def test_two_ballots_on_one_match_are_still_one_vote(mary):
    (match,) = stage.matches(1)
    ballots = [Ballot.objects.create(voter=mary, match=match, b_first=False) for _ in range(2)]

    for ballot, choice in zip(ballots, ("left", "right"), strict=True):
        cast(ballot, choice)

    assert ["model_a"] == list(Vote.objects.values_list("outcome", flat=True))


def test_a_ballot_whose_match_was_voted_on_otherwise_is_not_shown_again(mary):
    first, second = stage.matches(2)
    for _ in range(2):
        Ballot.objects.create(voter=mary, match=first, b_first=False)
    cast(Ballot.objects.first(), "left")

    assert second.pk == hand_out(mary).match_id


def test_a_foreign_ballot_is_refused_and_stays_open(mary):
    stage.matches(1)
    ballot = hand_out(mary)

    with pytest.raises(NoSuchBallot, match="not handed out to you"):
        cast(ballot, "left", voter=add_guest())
    with pytest.raises(NoSuchBallot):
        take_back_vote(token=ballot.token, voter=add_guest())

    assert not Vote.objects.exists()
    assert Ballot.objects.get().cast_at is None


def test_a_skip_writes_no_vote(mary):
    stage.matches(1)

    ballot = cast(hand_out(mary), "skip")

    assert ballot.skipped
    assert not Vote.objects.exists()


def test_a_vote_taken_back_is_gone_and_its_match_is_not_shown_again(mary):
    stage.matches(2)
    ballot = cast(hand_out(mary), "left")

    closed = take_back_vote(token=ballot.token, voter=mary)
    assert not Vote.objects.exists()
    assert closed.skipped

    cast(closed, "both_bad")  # the names are known by now, so it is too late
    assert not Vote.objects.exists()
    assert ballot.match_id != hand_out(mary).match_id


def test_a_conversation_is_shown_up_to_the_turn_that_is_compared(mary):
    prompt = stage.prompt_set(turns=2).prompts.get()
    outputs = [stage.output(stage.contender(name), prompt, f"{name} 1", f"{name} 2") for name in ("Alder", "Birch")]
    match = stage.match(*outputs, turn=1)

    shown = showing(Ballot.objects.create(voter=mary, match=match, b_first=True))

    assert [("Question 1, turn 1?", "Birch 1", "Alder 1")] == [(t.asked, t.left, t.right) for t in shown.turns]


def test_a_prompt_with_an_image_shows_its_text_and_the_image(mary):
    prompt = stage.prompt_set().prompts.get()
    picture = "data:image/png;base64,AAAA"
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": picture}}]
    prompt.messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": parts}]
    prompt.save()
    match = stage.match(*(stage.output(stage.contender(name), prompt, name) for name in ("Alder", "Birch")))

    shown = showing(Ballot.objects.create(voter=mary, match=match, b_first=False))

    assert "Be brief." == shown.instructions
    assert ("What is this?\n\n[image]", (picture,)) == (shown.turns[0].asked, shown.turns[0].images)


def test_after_the_vote_the_models_the_judges_and_the_others_are_named(mary):
    (match,) = stage.matches(1)
    judge = stage.judge()
    stage.judgment(judge, match, "ab", "model_a", reason="Alder is clearer.")
    stage.judgment(judge, match, "ba", "tie")
    stage.judgment(judge, match, "merged", None, status="wanted")
    for outcome in ("model_b", "tie"):
        Vote.objects.create(voter=add_guest(), match=match, outcome=outcome)
    ballot = Ballot.objects.create(voter=mary, match=match, b_first=True)

    told = revealed(cast(ballot, "left"))

    assert ("Birch", "Alder", "Birch") == (told.left.name, told.right.name, told.own.winner.name)
    # "ab": side a, Alder, was shown first; "ba": Birch was. What is not answered is not told.
    assert [("Alder", "Alder"), ("Birch", None)] == [(s.first.name, s.winner and s.winner.name) for s in told.judged]
    assert (2, 1) == (told.others, told.others_agreeing)


def test_a_skipped_ballot_reveals_without_an_own_vote(mary):
    stage.matches(1)

    assert revealed(cast(hand_out(mary), "skip")).own is None


def test_handing_out_asks_the_database_a_fixed_number_of_questions(mary, django_assert_num_queries):
    stage.matches(60)

    # Open ballot; least and greatest key; window; counts of the window; the new row.
    with django_assert_num_queries(6):
        hand_out_ballot(voter=mary, now=timezone.now(), chance=random.Random(0))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in connection.vendor, reason="SQLite keeps the test database in one thread's memory")
def test_fifty_posts_at_the_same_moment_are_one_vote(mary):
    stage.matches(1)
    ballot = hand_out(mary)

    def post(n):
        try:
            return cast(ballot, "left" if n % 2 else "right").cast_at
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as posts:
        answers = set(posts.map(post, range(50)))

    assert {Vote.objects.get().cast_at} == answers
