"""Why an answer was preferred: told by chips after the vote, taken back, counted."""

import re

import pytest
from django.test import Client

from apps.humans.models import Ballot, Reason, Vote, VoteReason
from apps.humans.operations import ensure_voter, tell_reason
from apps.ratings.operations import refit_board
from tests import stage

pytestmark = pytest.mark.django_db


def voted(client: Client, choice: str = "left") -> Ballot:
    client.get("/vote/")
    ballot = Ballot.objects.order_by("-pk").first()
    client.post(f"/vote/{ballot.token}/", {"choice": choice})
    return ballot


def tell(client: Client, ballot: Ballot, **said: str):
    return client.post(f"/vote/{ballot.token}/reasons/", said)


def told() -> list[str]:
    return list(VoteReason.objects.order_by("pk").values_list("reason", flat=True))


def pressed(html: str) -> list[str]:
    return re.findall(r'value="(\w+)" aria-pressed="true"', html)


@pytest.fixture(autouse=True)
def matches():
    return stage.matches(3)


def test_chips_stand_beside_the_last_vote(client):
    voted(client)
    html = client.get("/vote/").content.decode()
    assert [*Reason.labels] == re.findall(r'aria-pressed="false">([^<]+)</button>', html)


def test_a_reason_is_given_and_taken_back(client):
    ballot = voted(client)

    tell(client, ballot, give="correct")
    tell(client, ballot, give="clear")
    assert ["correct", "clear"] == told() == pressed(client.get("/vote/").content.decode())

    tell(client, ballot, take="correct")
    assert ["clear"] == told()


def test_given_twice_it_is_given_once(client):
    ballot = voted(client)
    for _ in range(2):
        tell(client, ballot, give="safe")
    assert ["safe"] == told()


def test_it_leads_back_to_where_it_was_told(client):
    ballot = voted(client)
    assert "/vote/" == tell(client, ballot, give="safe").url
    assert f"/vote/{ballot.token}/" == tell(client, ballot, take="safe", back="ballot").url


def test_htmx_gets_the_chips_alone(client):
    ballot = voted(client)
    answer = client.post(f"/vote/{ballot.token}/reasons/", {"give": "safe"}, headers={"HX-Request": "true"})
    assert ["safe"] == pressed(answer.content.decode())
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("choice", ["tie", "both_bad", "skip"])
def test_without_a_better_answer_nothing_made_it_better(client, choice):
    ballot = voted(client, choice)
    assert "aria-pressed" not in client.get("/vote/").content.decode()
    tell(client, ballot, give="correct")
    assert [] == told()


def test_a_word_that_is_no_reason_is_left_aside(client):
    ballot = voted(client)
    assert 302 == tell(client, ballot, give="I like it").status_code
    assert [] == told()


def test_the_vote_takes_its_reasons_along(client):
    ballot = voted(client)
    tell(client, ballot, give="correct")
    client.post(f"/vote/{ballot.token}/undo/")
    assert (0, []) == (Vote.objects.count(), told())


def test_only_the_last_vote_is_told_about(client):
    first = voted(client)
    voted(client)
    assert 404 == tell(client, first, give="correct").status_code
    assert 404 == tell(Client(), first, give="correct").status_code


@pytest.fixture
def said(matches) -> None:
    """Three people on one match: two prefer Alder, one Birch."""
    for name, outcome, reasons in (
        ("mary", "model_a", "correct clear"),
        ("john", "model_a", "clear"),
        ("ada", "model_b", "safe"),
    ):
        voter = ensure_voter(name=name)
        Vote.objects.create(voter=voter, match=matches[0], outcome=outcome)
        ballot = Ballot.objects.create(voter=voter, match=matches[0], b_first=False)
        for reason in reasons.split():
            tell_reason(token=ballot.token, voter=voter, reason=Reason(reason), holds=True)


def plain(html: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.decode()))


def test_the_match_tells_why_each_side_was_preferred(client, matches, said):
    page = plain(client.get(f"/b/{matches[0].pk}/").content)
    assert "Why Alder was preferred: more correct 1, clearer 2." in page
    assert "Why Birch was preferred: safer 1." in page


def test_the_model_tells_why_people_prefer_it(client, matches, said, now):
    board = stage.board(matches[0].prompt.prompt_set)
    refit_board(board=board, now=now)
    assert "Why people prefer it: more correct 1, clearer 2." in plain(client.get("/models/alder/").content)
    assert "Why people prefer it: safer 1." in plain(client.get("/models/birch/").content)


def test_reasons_change_no_rating(matches, said, now):
    board = stage.board(matches[0].prompt.prompt_set)
    before = refit_board(board=board, now=now).evidence_digest
    VoteReason.objects.all().delete()
    assert before == refit_board(board=board, now=now).evidence_digest
