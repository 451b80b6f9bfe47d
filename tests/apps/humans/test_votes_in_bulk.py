from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from apps.humans.models import Vote, Voter
from apps.humans.operations import BATCH, NewVote, add_guest, ensure_voter, ensure_voter_of, record_votes
from judgeboard.arena.outcome import Outcome
from tests import stage

pytestmark = pytest.mark.django_db

MAY = datetime(2024, 5, 1, tzinfo=UTC)


def test_votes_are_written_as_they_were_cast():
    (match,) = stage.matches(1)
    voter = ensure_voter(name="expert_1", group="expert")

    assert 1 == record_votes(votes=[NewVote(voter.pk, match.pk, Outcome.BOTH_BAD, shown_first="b", cast_at=MAY)])

    vote = Vote.objects.get()
    assert ("both_bad", "b", MAY) == (vote.outcome, vote.shown_first, vote.cast_at)


def test_importing_twice_adds_nothing_the_second_time():
    voter = ensure_voter(name="expert_1")
    votes = [NewVote(voter.pk, match.pk, "tie") for match in stage.matches(3)]

    assert [3, 0] == [record_votes(votes=votes), record_votes(votes=iter(votes))]
    assert 3 == Vote.objects.count()


def test_of_two_votes_of_one_voter_on_one_match_the_first_stays():
    (match,) = stage.matches(1)
    voter = ensure_voter(name="expert_1")

    assert 1 == record_votes(votes=[NewVote(voter.pk, match.pk, "model_a"), NewVote(voter.pk, match.pk, "model_b")])
    assert "model_a" == Vote.objects.get().outcome


def test_more_votes_than_one_batch_are_all_counted():
    (match,) = stage.matches(1)
    voters = Voter.objects.bulk_create(Voter(name=f"person {n}") for n in range(BATCH + 1))

    assert BATCH + 1 == record_votes(votes=(NewVote(voter.pk, match.pk, "model_a") for voter in voters))


@pytest.mark.parametrize("words", [{"outcome": "left"}, {"outcome": "tie", "shown_first": "left"}])
def test_a_word_that_means_nothing_is_refused_by_name(words):
    with pytest.raises(ValueError, match="left"):
        NewVote(1, 1, **words)


def test_a_voter_is_made_once_and_keeps_its_group():
    first = ensure_voter(name="expert_1", group="expert")
    again = ensure_voter(name="expert_1", group="author", simulated=True)

    assert first == again
    assert ("expert", False) == (again.group, again.simulated)


def test_a_user_votes_under_the_own_name_unless_an_import_has_it():
    ensure_voter(name="mary", group="expert")
    mary, john = (User.objects.create_user(name) for name in ("mary", "john"))

    assert [f"mary-{mary.pk}", "john"] == [ensure_voter_of(user=user).name for user in (mary, john)]
    assert ensure_voter_of(user=mary) == mary.voter


def test_guests_are_strangers_to_each_other():
    assert add_guest().name != add_guest().name
