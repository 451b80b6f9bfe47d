import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.humans.models import Ballot, Vote, Voter
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged_match():
    (match,) = stage.matches(1, names=("Alder Secret", "Birch Hidden"))
    stage.judgment(stage.judge(), match, "ab", "model_a", reason="The first one is *clearer*.")
    return match


def hand_out(client) -> Ballot:
    assert 200 == client.get("/vote/").status_code
    return Ballot.objects.order_by("-pk").first()


def cast(client, ballot, choice="left", **options):
    return client.post(f"/vote/{ballot.token}/", {"choice": choice}, **options)


def test_a_guest_votes_and_is_told_what_was_hidden(client, judged_match):
    ballot = hand_out(client)

    html = cast(client, ballot, "left", follow=True).content.decode()
    page_of_it = client.get(f"/vote/{ballot.token}/").content.decode()

    vote = Vote.objects.get()
    left = "Birch Hidden" if ballot.b_first else "Alder Secret"
    assert re.fullmatch(r"guest-[0-9a-f]{16}", vote.voter.name)
    assert f"You preferred {left}" in html
    assert "Alder Secret" in html
    assert "Birch Hidden" in html
    assert f'href="/vote/{ballot.token}/"' in html
    assert f"You preferred {left}" in page_of_it
    assert "<em>clearer</em>" in page_of_it
    assert f"/b/{judged_match.pk}/" in page_of_it


def test_the_next_ballot_tells_of_the_vote_before_it_and_of_no_other(client):
    stage.matches(3)
    first = hand_out(client)
    assert "Your last vote" not in client.get("/vote/").content.decode()

    after_the_first = cast(client, first, "tie", follow=True).content.decode()
    after_a_skip = cast(client, hand_out(client), "skip", follow=True).content.decode()

    assert "Which answer is better?" in after_the_first
    assert "You called it a tie" in after_the_first
    assert f'action="/vote/{first.token}/undo/"' in after_the_first
    assert "Your last vote" not in after_a_skip


def test_a_vote_of_a_guest_is_not_told_to_who_signs_in_afterwards(client):
    stage.matches(2)
    cast(client, hand_out(client))

    client.force_login(User.objects.create_user("mary"))

    assert "Your last vote" not in client.get("/vote/").content.decode()


def test_whoever_is_signed_in_votes_under_the_own_name(client, judged_match):
    mary = User.objects.create_user("mary")
    client.force_login(mary)

    cast(client, hand_out(client), "tie")

    assert mary == Vote.objects.get().voter.user


def test_a_session_is_one_guest(client):
    stage.matches(3)

    for _ in range(3):
        cast(client, hand_out(client))

    assert 1 == Voter.objects.count()
    assert 3 == Vote.objects.count()


def test_a_ballot_hides_who_answered(client, judged_match):
    ballot = hand_out(client)
    a, b = judged_match.output_a, judged_match.output_b
    for url in ("/vote/", f"/vote/{ballot.token}/"):
        answer = client.get(url)
        told = (answer.content.decode() + str(answer.headers)).lower()
        for side in (a, b):
            assert side.contender.name.lower() not in told
            assert side.contender.slug not in told
        assert "strict" not in told  # the judge, who has spoken already


def test_a_ballot_holds_no_key_but_its_own(client):
    prompt = stage.prompt_set().prompts.get()
    # Keys unlike any number the page may hold for another reason.
    outputs = [
        stage.output(stage.contender(name, pk=key), prompt, pk=key)
        for name, key in (("Alder", 918273), ("Birch", 918274))
    ]
    stage.match(*outputs, pk=918275)

    answer = client.get("/vote/")

    assert "Answer to turn 1." in answer.content.decode()
    assert "91827" not in answer.content.decode() + str(answer.headers)


def test_fifty_double_posts_are_one_vote(client, judged_match):
    ballot = hand_out(client)

    answers = {cast(client, ballot, choice).url for choice in ["left"] + ["right", "both_bad", "skip"] * 16 + ["tie"]}

    assert {"/vote/"} == answers
    assert ("model_b" if ballot.b_first else "model_a") == Vote.objects.get().outcome


def test_a_foreign_ballot_is_not_found_whatever_is_asked_of_it(client, judged_match):
    ballot = hand_out(client)
    stranger, other = Client(), Client()
    other.get("/vote/")

    for intruder in (stranger, other):
        assert 404 == intruder.get(f"/vote/{ballot.token}/").status_code
        assert 404 == cast(intruder, ballot).status_code
        assert 404 == intruder.post(f"/vote/{ballot.token}/undo/").status_code
    assert not Vote.objects.exists()


def test_a_guests_ballot_is_foreign_to_a_signed_in_person(client, judged_match):
    ballot = hand_out(client)
    client.force_login(User.objects.create_user("mary"))

    assert 404 == cast(client, ballot).status_code


@pytest.mark.parametrize("choice", ["", "model_a", "LEFT"])
def test_an_unknown_choice_is_refused_with_a_sentence_and_the_ballot_again(client, judged_match, choice):
    answer = cast(client, hand_out(client), choice)

    assert 400 == answer.status_code
    assert "none of the five answers" in answer.content.decode()
    assert not Vote.objects.exists()


def test_a_skip_goes_straight_to_the_next_ballot(client):
    stage.matches(2)

    assert "/vote/" == cast(client, hand_out(client), "skip").url
    assert not Vote.objects.exists()


def test_the_last_vote_can_be_taken_back(client, judged_match):
    ballot = hand_out(client)
    assert "Take this vote back" in cast(client, ballot, "left", follow=True).content.decode()

    assert f"/vote/{ballot.token}/" == client.post(f"/vote/{ballot.token}/undo/").url

    assert not Vote.objects.exists()
    assert "Skipped" in client.get(f"/vote/{ballot.token}/").content.decode()


def test_an_older_vote_stays(client):
    stage.matches(2)
    first = hand_out(client)
    cast(client, first)
    cast(client, hand_out(client))

    assert 404 == client.post(f"/vote/{first.token}/undo/").status_code
    assert "Take this vote back" not in client.get(f"/vote/{first.token}/").content.decode()
    assert 2 == Vote.objects.count()


@pytest.mark.parametrize("path", ["", "undo/"])
def test_a_vote_wants_a_csrf_token(judged_match, path):
    strict = Client(enforce_csrf_checks=True)
    ballot = hand_out(strict)

    assert 403 == strict.post(f"/vote/{ballot.token}/{path}", {"choice": "left"}).status_code
    assert not Vote.objects.exists()


def test_with_nothing_to_vote_on_the_page_says_so(client):
    assert "Nothing to vote on right now" in client.get("/vote/").content.decode()


def test_a_conversation_is_shown_turn_by_turn(client):
    stage.matches(1, turns=2)

    html = client.get("/vote/").content.decode()

    assert "turn 2 of 2" in html
    assert html.index("Question 1, turn 1?") < html.index("Question 1, turn 2?")
    assert 2 == html.count("Answer to turn 2.")


def test_simulated_models_are_said_to_be_so_without_saying_which(client):
    prompt = stage.prompt_set().prompts.get()
    makers = stage.contender("Alder"), stage.contender("Birch", endpoint=True, simulated=True)
    stage.match(*(stage.output(maker, prompt) for maker in makers))

    before = client.get("/vote/").content.decode()
    after = cast(client, hand_out(client), follow=True).content.decode()

    assert 1 == before.count("badge simulated")
    assert before.index("badge simulated") < before.index("<main")
    assert "badge simulated" in after


def test_what_models_write_is_never_markup(client):
    prompt = stage.prompt_set().prompts.get()
    wicked = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    stage.match(*(stage.output(stage.contender(name), prompt, wicked) for name in ("Alder", "Birch")))

    html = client.get("/vote/").content.decode()

    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_the_pages_ask_the_database_a_fixed_number_of_questions(client, judged_match, django_assert_max_num_queries):
    ballot = hand_out(client)
    for n in range(5):
        stage.judgment(stage.judge(f"judge-{n}"), judged_match)

    # Session, voter, open ballot, match with its prompt, outputs and models.
    with django_assert_max_num_queries(5):
        client.get("/vote/")
    cast(client, ballot)
    # Session, voter, ballot, match, votes, judgments, reasons of the vote.
    with django_assert_max_num_queries(7):
        client.get(f"/vote/{ballot.token}/")
