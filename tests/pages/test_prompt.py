import pytest
from django.urls import reverse

from apps.contenders.models import Output
from apps.judging.models import Judgment
from apps.prompts.models import Prompt
from apps.ratings.models import Board
from tests import cast, stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    """On both prompts the older model wins in every judge's eyes and in Ada's; Ben says tie."""
    return cast.full_board()


def prompt_page(client, slug="everyday", n=1, **query):
    return client.get(reverse("board:prompt", args=[slug, n]), query)


def test_whose_answer_is_liked_best_comes_first_with_interval_and_number(client, full):
    said = text_of(prompt_page(client))

    # three matches won out of three: Wilson has 43.9 to 100 %
    assert "Aster has the best liked answer Judges gave it 100 % of the points in 3 matches (44–100 %)." in said
    assert "The better rated model took 100 % of the points" in said


def test_answers_with_the_same_points_share_the_first_place(client, full):
    Judgment.objects.update(outcome="tie")

    assert "4 answers are liked best, and alike Judges gave Aster, as the others, 50 % of the points in 3" in text_of(
        prompt_page(client)
    )


def test_every_answer_stands_there_best_first_with_its_matches(client, full):
    page = prompt_page(client)

    said = text_of(page)
    places = [said.index(f"{name} judges: ") for name in ("Aster", "Briar", "Clove", "Dill")]
    assert sorted(places) == places
    assert "Dill judges: 0 % of 3 (0–56 %) · people: 50 % of 3" in said  # a vote for the other, and a tie: no majority
    assert "lost to Aster" in said
    assert f'href="{reverse("board:match", args=[full.matches[0].pk])}"' in page.content.decode()
    assert 4 == said.count("Answer to turn 1.")


def test_what_the_prompt_tells_of_the_models_has_its_numbers(client, full):
    Judgment.objects.filter(match=full.matches[0]).update(outcome="both_bad")
    said = text_of(prompt_page(client))

    # 6 matches, 2 judges, 2 orders
    assert "Difficulty: neither better 17 % 3–60 % of 24 verdicts Both answers bad 17 %" in said
    assert "Discrimination" in said


def test_one_judge_chosen_speaks_alone(client, full):
    for name in full.judges:
        cast.rate_alone(full, name, {"Aster": (1190, 1150, 1230, 1, 1), "Briar": (1100, 1050, 1130, 2, 2)})
    Judgment.objects.filter(judge=full.judges["Wig"]).update(outcome="model_b")

    said = text_of(prompt_page(client, rater="wig"))

    assert "Dill has the best liked answer" in said
    assert "12 judgments" in said


def test_people_decide_where_no_judge_has_spoken(client, full):
    Judgment.objects.all().delete()
    cast.vote(full, "Cleo", full.matches[0], "model_a")

    said = text_of(prompt_page(client))

    assert "Aster has the best liked answer People gave it 67 % of the points in 3 matches" in said
    assert "beat Briar" in said


def test_before_and_after_lead_through_the_set(client, full):
    first, last = (prompt_page(client, n=n).content.decode() for n in (1, 2))

    assert 'rel="next" href="/prompts/everyday/2/"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev" href="/prompts/everyday/1/"' in last
    assert 'rel="next"' not in last


def test_before_anybody_answered_the_page_says_so(client):
    stage.prompt_set()

    said = text_of(prompt_page(client))

    assert "everyday-01: not answered yet Nobody has judged answers to this prompt yet." in said
    assert "No model has answered this prompt yet." in said


def test_answers_without_a_board_stand_there_too(client):
    stage.matches(1)

    assert "2 answers to everyday-01" in text_of(prompt_page(client))


def test_many_answers_come_in_pages(client, full):
    for number in range(20):
        stage.output(stage.contender(f"Extra {number:02}"), Prompt.objects.get(key="everyday-01"))

    assert "1–20 of 24" in text_of(prompt_page(client))
    assert "21–24 of 24" in text_of(prompt_page(client, page=9))


@pytest.mark.parametrize(
    ("slug", "n", "meant"), [("everyday", 3, "everyday"), ("everyda", 1, "everyday"), ("q", 0, None)]
)
def test_a_prompt_that_does_not_exist_is_not_found(client, full, slug, n, meant):
    response = prompt_page(client, slug, n)

    assert 404 == response.status_code
    assert f"There is no prompt {n} in a set called “{slug}”." in text_of(response)
    assert (meant is not None) == ("Did you mean everyday?" in text_of(response))


def test_unknown_words_are_left_aside_and_said(client, full):
    said = text_of(prompt_page(client, rater="mallet", colour="red", version="7", page="x"))

    assert "“mallet” has no ranking of its own" in said
    assert "“colour” is no filter of this page." in said


def test_an_older_version_of_a_set_is_shown_by_its_number(client, full):
    full.board.prompt_sets.get().__class__.objects.create(slug="everyday", version=2, title="Everyday")

    assert 404 == prompt_page(client).status_code  # the newest has no prompt yet
    assert "Everyday v1" in text_of(prompt_page(client, version=1))


def test_answers_cannot_act(client, full):
    Output.objects.update(texts=["<script>alert(1)</script> **bold**"])

    page = prompt_page(client).content.decode()

    assert "<script>alert" not in page
    assert "<strong>bold</strong>" in page


def test_the_set_and_the_match_lead_there(client, full):
    in_set = client.get(reverse("board:prompt_set", args=["everyday"])).content.decode()
    in_match = client.get(reverse("board:match", args=[full.matches[-1].pk])).content.decode()

    assert 'href="/prompts/everyday/2/"' in in_set
    assert 'href="/prompts/everyday/2/?version=1"' in in_match


def test_a_simulated_answer_says_so(client):
    cast.full_board(simulated=True)

    assert "Models on this page are played by the simulator" in text_of(prompt_page(client))


def test_the_page_takes_the_same_queries_however_many_answers_there_are(client, full, django_assert_num_queries):
    with django_assert_num_queries(16):
        prompt_page(client)
    prompt = Prompt.objects.get(key="everyday-01")
    for number in range(3):
        output = stage.output(stage.contender(f"Extra {number}"), prompt)
        stage.judgment(full.judges["Wig"], stage.match(full.matches[0].output_a, output))
    with django_assert_num_queries(16):
        prompt_page(client)


def test_the_twin_holds_what_the_page_shows(client, full):
    answer = client.get("/api/prompts/everyday/1").json()

    assert ("everyday-01", 1, 2, "everyday") == tuple(answer[name] for name in ("prompt", "n", "of", "board"))
    assert ["aster", "briar", "clove", "dill"] == [told["model"] for told in answer["answers"]]
    assert {"n": 3, "share": 1.0}.items() <= answer["answers"][0]["judges"].items()
    assert (24, 0.0) == tuple(answer["item"]["undecided"][name] for name in ("n", "share"))


def test_without_a_board_the_twin_has_nothing_measured(client):
    stage.matches(1)
    Board.objects.all().delete()
    answer = client.get("/api/prompts/everyday/1").json()

    assert (None, None) == (answer["item"], answer["answers"][0]["judges"]["share"])


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("everyday/9", "There is no prompt 9 in a set 'everyday'."),
        ("moon/1", "There is no prompt 1 in a set 'moon'."),
        ("everyday/1?board=moon", "The prompt is not on a board 'moon'."),
        ("everyday/1?rater=mallet", "Everyday has no rater 'mallet'; its raters: people."),
    ],
)
def test_the_twin_refuses_what_it_does_not_know(client, full, path, detail):
    response = client.get(f"/api/prompts/{path}")

    assert (404, {"detail": detail}) == (response.status_code, response.json())
