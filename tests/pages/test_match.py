import pytest
from django.urls import reverse

from apps.contenders.models import Contender, Output
from apps.judging.models import Judge, Judgment, Score
from apps.ratings.match_record import match_record
from tests import cast, stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    return cast.full_board()


@pytest.fixture
def match(full):
    """Aster and Briar on the first prompt; all judgments and Ada say Aster, Ben says tie."""
    return full.matches[0]


def match_page(client, match):
    return client.get(reverse("board:match", args=[match.pk]))


def camps(match) -> dict[str, tuple[list[str], int]]:
    return {
        camp.outcome.value: ([str(panel.judge) for panel in camp.judges], camp.n_votes)
        for camp in match_record(match.pk).camps
    }


def test_the_prompt_and_both_answers_stand_on_the_page(client, match):
    said = text_of(match_page(client, match))

    assert "Aster and Briar" in said
    assert "Question 1, turn 1?" in said
    assert 2 == said.count("Answer to turn 1.")


def written(match, a: str, b: str) -> None:
    for output, text in ((match.output_a, a), (match.output_b, b)):
        output.texts = [text]
        output.save()


def test_answers_are_shown_as_written_where_that_is_asked_for(client, match):
    written(match, "**bold** <b>", "plain")

    page = client.get(reverse("board:match", args=[match.pk]), {"view": "raw"}).content.decode()

    assert "**bold** &lt;b&gt;</pre>" in page
    assert "<strong>bold</strong>" not in page
    assert 'href="?view=diff#answers"' in page


def test_word_by_word_each_answer_has_its_own_words_marked(client, match):
    written(match, "The sky is blue & <i>", "The sea is blue & <i>")

    page = client.get(reverse("board:match", args=[match.pk]), {"view": "diff"}).content.decode()

    assert 'The <mark class="own">sky</mark> is blue &amp; &lt;i&gt;</pre>' in page
    assert 'The <mark class="own">sea</mark> is blue &amp; &lt;i&gt;</pre>' in page


def test_answers_too_long_to_be_compared_stand_as_written(client, match):
    written(match, "word " * 3000, "plain")

    said = text_of(client.get(reverse("board:match", args=[match.pk]), {"view": "diff"}))

    assert "too long to be compared word by word; they stand as written" in said
    assert said.count("word word") > 100


def test_an_unknown_way_of_showing_is_left_aside_and_said(client, match):
    response = client.get(reverse("board:match", args=[match.pk]), {"view": "sideways"})

    assert 200 == response.status_code
    assert "Answers cannot be shown as “sideways”" in text_of(response)


def test_the_ribbon_says_who_said_what(match):
    assert {
        "model_a": (["Gavel", "Wig"], 1),
        "tie": ([], 1),
        "both_bad": ([], 0),
        "model_b": ([], 0),
    } == camps(match)


def test_a_judge_whose_two_orders_differ_stands_with_the_ties_and_is_marked(client, full, match):
    Judgment.objects.filter(match=match, judge=full.judges["Wig"], order="ba").update(outcome="model_b")

    assert (["Wig"], 1) == camps(match)["tie"]
    assert "changed with the order" in text_of(match_page(client, match))


def test_a_tie_in_one_order_and_both_bad_in_the_other_is_no_change_of_mind(full, match):
    own = Judgment.objects.filter(match=match, judge=full.judges["Wig"])
    own.filter(order="ab").update(outcome="tie")
    own.filter(order="ba").update(outcome="both_bad")

    wig = match_record(match.pk).panels[1]

    assert ("tie", False) == (wig.outcome, wig.changed_its_mind)


def test_the_sentence_says_that_judges_and_people_differ(client, full, match):
    cast.vote(full, "Cleo", match, "tie")

    said = text_of(match_page(client, match))

    assert "Judges and people differ. Most judges say: Aster is better. Most people say: a tie." in said


def test_where_no_vote_has_a_majority_people_are_split(client, match):
    assert "Most judges say: Aster is better. People are split." in text_of(match_page(client, match))


def test_each_judge_shows_both_orders_with_reason_tokens_time_and_raw_reply(client, full, match):
    Judgment.objects.filter(match=match, judge=full.judges["Gavel"], order="ba").update(
        reason="The second is *vague*.",
        raw="The second is vague.\n[[A]]",
        tokens_in=1263,
        tokens_out=93,
        latency_ms=2400,
    )

    response = match_page(client, match)
    said = text_of(response)

    assert "Briar shown first Aster is better The second is vague." in said
    assert "1,263 in, 93 out" in said
    assert "2.4 s" in said
    assert "The second is vague.\n[[A]]</pre>" in response.content.decode()


@pytest.fixture
def grader():
    return stage.judge("grader", protocol="pointwise-100")


def scored(match, grader, a, b, outcome):
    """What the grader said of both sides, and the judgment that followed."""
    for output, points in ((match.output_a, a), (match.output_b, b)):
        told = {
            "status": "done",
            "score": points,
            "tokens_in": 700 + points,
            "tokens_out": 31,
            "answered_at": cast.NOON,
        }
        Score.objects.create(
            judge=grader, output=output, reason=f"Worth {points}.", raw=f"Worth {points}.\n[[{points}]]", **told
        )
    return stage.judgment(grader, match, "merged", outcome)


def test_a_pointwise_judge_shows_both_scores_with_reason_tokens_and_raw_reply(client, match, grader):
    scored(match, grader, 87, 62, "model_a")

    response = match_page(client, match)
    said = text_of(response)

    assert "Grader scores each answer alone Aster is better Aster 87 of 100 Worth 87." in said
    assert "Briar 62 of 100 Worth 62." in said
    assert "787 in, 31 out" in said
    assert "Worth 62.\n[[62]]</pre>" in response.content.decode()
    assert "as published" not in said
    assert (["Gavel", "Grader", "Wig"], 1) == camps(match)["model_a"]


def test_a_pointwise_judge_without_a_legal_score_says_which_one(client, match, grader):
    judgment = scored(match, grader, 87, 62, "model_a")
    Score.objects.filter(output=match.output_b).update(status="unusable", score=None, problem="It holds no number.")
    Judgment.objects.filter(pk=judgment.pk).update(status="unusable", outcome=None, problem="No score for one.")

    said = text_of(match_page(client, match))

    assert "No legal verdict: it counts for nobody. No score for one. Aster 87 of 100" in said
    assert "Briar No legal score. It holds no number." in said


def test_scores_take_one_query_more(client, match, grader, django_assert_num_queries):
    scored(match, grader, 87, 62, "model_a")
    scored(match, stage.judge("second", protocol="pointwise-100"), 50, 50, "tie")

    with django_assert_num_queries(8):
        match_page(client, match)


def test_a_verdict_on_its_own_family_is_marked(client, full, match):
    assert "its own family" not in text_of(match_page(client, match))
    Judge.objects.filter(pk=full.judges["Wig"].pk).update(family="aster")
    Contender.objects.filter(name="Aster").update(family="aster")

    assert 1 == text_of(match_page(client, match)).count("judges its own family: changes no rating")


@pytest.mark.parametrize(("grade", "words"), [(2, "Aster is better, by much"), (1, "Aster is better, slightly")])
def test_a_grade_says_how_much_better(client, full, match, grade, words):
    Judgment.objects.filter(match=match, judge=full.judges["Wig"]).update(grade=grade)

    assert words in text_of(match_page(client, match))


def test_how_sure_a_judge_was_stands_beside_its_verdict_where_it_is_known(client, full, match):
    assert "sure at" not in text_of(match_page(client, match))
    own = Judgment.objects.filter(match=match, judge=full.judges["Wig"])
    own.filter(order="ab").update(chances={"model_a": 0.934, "model_b": 0.066})
    own.filter(order="ba").update(chances={"model_b": 1.0})  # of another verdict than the one it stands beside

    said = text_of(match_page(client, match))

    assert 1 == said.count("Aster is better sure at 93 %")
    assert 1 == said.count("sure at")


def test_a_score_shows_what_is_to_be_expected_where_it_is_known(client, match, grader):
    scored(match, grader, 87, 62, "model_a")
    Score.objects.filter(output=match.output_a).update(chances={"87": 0.5, "80": 0.5})

    said = text_of(match_page(client, match))

    # 83.5, rounded to the even 84
    assert "87 of 100 on average 84, as its probabilities tell Worth 87." in said
    assert "62 of 100 Worth 62." in said


def test_a_reply_without_a_legal_verdict_is_shown_and_counts_for_nobody(client, full, match):
    Judgment.objects.filter(match=match).update(
        status="unusable", outcome=None, problem="The last line holds no verdict.", raw="Hm."
    )

    said = text_of(match_page(client, match))

    assert "No legal verdict: it counts for nobody. The last line holds no verdict." in said
    assert {outcome: [] for outcome in camps(match)} == {
        outcome: judges for outcome, (judges, _) in camps(match).items()
    }


def test_voters_are_shown_by_number_and_group_and_never_by_name(client, match):
    said = text_of(match_page(client, match))

    assert "Person 1 expert Aster is better" in said
    assert "Person 2 expert a tie" in said
    assert "Ada" not in said


def test_an_answer_cannot_act_on_the_page(client, match):
    Output.objects.filter(pk=match.output_a_id).update(
        texts=["<script>alert(1)</script> [x](javascript:alert(1)) ![spy](https://spy.example/x.png)"]
    )

    page = match_page(client, match).content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'src="https://spy.example' not in page
    assert "picture from elsewhere left out: spy" in page


def test_texts_carry_the_language_of_their_prompt(client, full, match):
    match.prompt.language = "te"
    match.prompt.save()

    # the prompt and both answers
    assert 3 == match_page(client, match).content.decode().count('class="prose" lang="te"')


def test_only_the_turns_that_are_compared_are_shown(client):
    first, *_ = stage.matches(1, turns=2)
    first.turn = 1
    first.save()

    said = text_of(match_page(client, first))

    assert "Question 1, turn 1?" in said
    assert "Question 1, turn 2?" not in said


def test_pictures_of_a_prompt_are_shown_beside_its_text(client, match):
    picture = "data:image/png;base64,iVBORw0KGgo="
    match.prompt.messages = [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": picture}},
            ],
        }
    ]
    match.prompt.save()

    page = match_page(client, match).content.decode()

    assert f'src="{picture}"' in page
    assert "What is this?" in page
    assert "[image]" not in page


def test_an_answer_that_never_came_says_why(client, match):
    Output.objects.filter(pk=match.output_b_id).update(
        texts=[], status="failed", problem="The endpoint refused the key."
    )

    assert "No usable answer: The endpoint refused the key." in text_of(match_page(client, match))


def test_a_match_nobody_spoke_about_says_so(client):
    first, *_ = stage.matches(1)

    said = text_of(match_page(client, first))

    assert "Nobody has said anything about it yet." in said
    assert "No judge was asked about this match yet." in said
    assert "Nobody has voted on this match yet." in said


def test_a_reference_answer_is_there_to_unfold(client, match):
    match.prompt.reference = ["Forty-two."]
    match.prompt.save()

    assert "Reference answer Forty-two." in text_of(match_page(client, match))


def test_an_unknown_match_is_not_found(client):
    response = client.get("/b/77/")

    assert 404 == response.status_code
    assert "There is no match 77." in text_of(response)


def test_the_page_takes_seven_queries_however_many_judges_there_are(client, match, django_assert_num_queries):
    with django_assert_num_queries(7):  # the reasons of those who voted and the picture of the board among them
        match_page(client, match)
