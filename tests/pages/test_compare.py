import pytest
from django.urls import reverse

from apps.contenders.models import Contender
from apps.judging.models import Judge, Judgment
from apps.prompts.models import Category
from apps.prompts.operations import ensure_category
from apps.ratings.duel_matches import Show, listing
from apps.ratings.head_to_head import duel
from apps.ratings.models import Board
from apps.ratings.selection import select
from tests import cast, stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    """Aster wins both matches with Briar in every judge's eyes; of people, Ada says so and Ben says tie."""
    return cast.full_board()


@pytest.fixture
def alder_and_birch():
    """Eight matches on eight prompts; one judge, shown both orders, prefers Alder on seven."""
    matches = stage.matches(8)
    stage.board(matches[0].prompt.prompt_set)
    strict = stage.judge()
    for match in matches:
        outcome = "model_b" if match == matches[-1] else "model_a"
        for order in ("ab", "ba"):
            stage.judgment(strict, match, order, outcome, reason=f"Answer A is short on {match.prompt.key}.")
    return matches


def compare_page(client, a, b, **query):
    return client.get(reverse("board:compare", args=[a, b]), query)


def told(**query):
    """Alder against Birch."""
    one, other = Contender.objects.get(name="Alder"), Contender.objects.get(name="Birch")
    return duel(one, other, select(Board.objects.get(), **query))


def listed(show: Show):
    return [row.match for row in listing(told(), show, 1).matches]


def test_the_verdict_comes_first_with_interval_and_number(client, alder_and_birch):
    said = text_of(compare_page(client, "alder", "birch"))

    # 7/8, by prompt worth 7 independent rows: Wilson has 50.4 to 97.9 %
    assert (
        "Alder beats Birch By Strict: Alder wins 88 % of 8 judged matches (50–98 %) and Birch 12 %; 0 % are ties."
        in said
    )
    assert "What people say is not measured: nobody has voted on their matches." in said


def test_told_from_the_other_side_the_verdict_is_the_same(client, alder_and_birch):
    said = text_of(compare_page(client, "birch", "alder"))

    assert "Alder beats Birch By Strict: Alder wins 88 % of 8 judged matches (50–98 %) and Birch 12 %" in said


def test_an_interval_with_the_middle_in_it_tells_nobody_apart(client, full):
    said = text_of(compare_page(client, "aster", "briar"))

    assert "Aster and Briar cannot be told apart By Gavel and Wig: Aster wins 100 % of 2 judged matches" in said
    assert "People: Aster wins 0 % of 2 voted matches" in said
    assert "Most judges and most people say the same on 0 % of 2" in said


def test_people_alone_give_a_verdict_too(client, alder_and_birch):
    Judgment.objects.all().delete()
    ada = cast.Voter.objects.create(name="Ada")
    for match in alder_and_birch:
        cast.Vote.objects.create(voter=ada, match=match, outcome="model_b")

    said = text_of(compare_page(client, "alder", "birch"))

    assert "People prefer Birch to Alder No judge has a verdict on their 8 matches yet." in said


def test_each_judge_has_a_line_with_its_orders_merged(full):
    Judgment.objects.filter(judge=full.judges["Wig"], match=full.matches[0], order="ba").update(outcome="model_b")
    record = duel(*_two(full), select(full.board))

    lines = {str(row.judge): (row.told.won.share, row.told.tied.share, row.n_judgments) for row in record.each_judge}
    assert {"Gavel": (1, 0, 4), "Wig": (0.5, 0.5, 4)} == lines


def test_a_judge_of_the_family_changes_nothing(full):
    Judge.objects.filter(slug="wig").update(family="north")
    Contender.objects.filter(name="Aster").update(family="north")

    assert ["Gavel"] == [str(row.judge) for row in duel(*_two(full), select(full.board)).each_judge]


def test_one_judge_chosen_speaks_for_the_judges(client, full):
    for name in full.judges:
        cast.rate_alone(full, name, {"Aster": (1190, 1150, 1230, 1, 1)})
    Judgment.objects.filter(judge=full.judges["Wig"]).update(outcome="model_b")

    page = compare_page(client, "aster", "briar", rater="wig")

    assert "By Wig: Briar wins 100 % of 2 judged matches" in text_of(page)
    assert "Wig’s rating" in text_of(page)
    assert "/api/compare/aster/briar?board=everyday&amp;rater=wig" in page.content.decode()
    answer = api(client, rater="wig").json()
    assert ("wig", 2, 1.0) == (answer["rater"], answer["judges"]["n"], answer["judges"]["lost"]["share"])


def test_of_a_release_the_ratings_are_told_and_the_matches_counted_today(client, full):
    said = text_of(compare_page(client, "aster", "briar", release="2025-03-04"))

    assert "This is the release of 4 March 2025." in said
    assert "Matches are counted today, not as of the release" in said


def _two(full):
    return full.contenders["Aster"], full.contenders["Briar"]


def test_a_category_is_told_alone_and_the_others_stay_in_the_table(client, alder_and_birch):
    last = alder_and_birch[-1].prompt
    last.category = ensure_category("coding")
    last.save()

    record = told(category="coding")

    assert (1, 1) == (record.judges.n, record.judges.lost.share)
    assert [("writing", 7), ("coding", 1)] == [(row.category.slug, row.judges.n) for row in record.categories]
    assert "Alder and Birch cannot be told apart in coding" in text_of(
        compare_page(client, "alder", "birch", category="coding")
    )


def test_the_lists_hold_what_their_names_say(alder_and_birch):
    first, second, third, *_, last = alder_and_birch
    Judgment.objects.filter(match=first, order="ba").update(outcome="model_b")
    stage.judgment(stage.judge("wig"), second, outcome="both_bad")
    ada = cast.Voter.objects.create(name="Ada")
    cast.Vote.objects.create(voter=ada, match=third, outcome="model_b")

    assert [last] == listed(Show.LOST)
    assert [first] == listed(Show.TIED) == listed(Show.FLIPPED)
    assert [second] == listed(Show.SPLIT) == listed(Show.BAD)
    assert [third] == listed(Show.DIFFER)
    assert 6 == len(listed(Show.WON))
    assert alder_and_birch == listed(Show.ALL)


def test_why_one_lost_is_one_click_from_the_verdict(client, alder_and_birch):
    page = compare_page(client, "alder", "birch", show="lost")

    said = text_of(page)
    assert "everyday-08 Writing Judges Birch 0 : 2 People nobody" in said
    assert "Strict, shown Alder as A: Answer A is short on everyday-08." in said
    assert "everyday-07" not in said
    assert f'href="{reverse("board:match", args=[alder_and_birch[-1].pk])}"' in page.content.decode()


def test_a_reason_names_who_was_called_a_also_from_the_other_side(client, alder_and_birch):
    Judgment.objects.filter(order="ab").update(reason="")

    assert "Strict, shown Birch as A: Answer A" in text_of(compare_page(client, "birch", "alder", show="won"))


def test_many_matches_come_in_pages(client):
    matches = stage.matches(30)
    stage.board(matches[0].prompt.prompt_set)
    strict = stage.judge()
    for match in matches:
        stage.judgment(strict, match)

    assert "1–25 of 30" in text_of(compare_page(client, "alder", "birch"))
    assert "26–30 of 30" in text_of(compare_page(client, "alder", "birch", page=2, show="won"))


def test_a_list_without_matches_says_so(client, alder_and_birch):
    assert "No match of theirs is of this kind." in text_of(compare_page(client, "alder", "birch", show="both-bad"))


def test_what_is_not_judged_yet_is_told(client, alder_and_birch):
    Judgment.objects.filter(match=alder_and_birch[0]).delete()

    assert "Judges have spoken on 7 of their 8 matches so far." in text_of(compare_page(client, "alder", "birch"))


def test_before_the_first_word_the_page_says_what_is_missing(client, alder_and_birch):
    Judgment.objects.all().delete()

    said = text_of(compare_page(client, "alder", "birch"))

    assert "Alder and Birch: not judged yet" in said
    assert "Their answers wait for a verdict" in said


def test_models_that_never_met_are_said_to_have_not(client, full):
    stage.contender("Elder")

    said = text_of(compare_page(client, "aster", "elder"))

    assert "Aster and Elder have never met No match on Everyday compares their answers." in said
    assert "Choose another opponent" in said


def test_a_model_is_not_compared_with_itself(client, full):
    response = compare_page(client, "aster", "aster")

    assert 200 == response.status_code
    assert "A model cannot be compared with itself" in text_of(response)


def test_without_any_board_nobody_can_have_met(client):
    cast.assemble()
    Board.objects.all().delete()

    assert "There is no board yet on which they could have met." in text_of(compare_page(client, "aster", "briar"))


def test_unknown_models_are_not_found_and_the_nearest_pair_is_named(client, full):
    response = compare_page(client, "astr", "briar")

    assert 404 == response.status_code
    assert "There is no model called “astr”. Did you mean aster and briar?" in text_of(response)
    assert f'href="{reverse("board:compare", args=["aster", "briar"])}"' in response.content.decode()


def test_unknown_models_with_nothing_near_are_not_found_either(client, full):
    response = compare_page(client, "qqq", "zzzz")

    assert 404 == response.status_code
    assert "There is no model called “qqq” and “zzzz”." in text_of(response)


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ({"board": "moon"}, "There is no board called “moon” here; this is Everyday."),
        ({"category": "cooking"}, "Everyday has no category called “cooking”; this is the board over all of them."),
        ({"rater": "mallet"}, "“mallet” has no ranking of its own on Everyday; this is what all judges say."),
        ({"colour": "red"}, "“colour” is no filter of this page."),
        ({"show": "nonsense"}, "There is no list of matches called “nonsense”; these are all of them."),
    ],
)
def test_what_is_unknown_is_left_aside_and_said(client, full, query, notice):
    response = compare_page(client, "aster", "briar", **query)

    assert 200 == response.status_code
    assert notice in text_of(response)


def test_names_cannot_act(client, full):
    Contender.objects.filter(slug="aster").update(name="<script>alert(1)</script>" + "x" * 170)

    assert "<script>alert" not in compare_page(client, "aster", "briar").content.decode()


def test_a_simulated_comparison_says_so(client):
    cast.full_board(simulated=True)

    assert "simulated-banner" in compare_page(client, "aster", "briar").content.decode()


def test_two_selects_lead_to_the_comparison(client, full):
    assert "Compare two models" in text_of(client.get(reverse("board:compare_any")))

    response = client.get(reverse("board:compare_any"), {"a": "aster", "b": "briar", "board": "everyday"})
    assert reverse("board:compare", args=["aster", "briar"]) + "?board=everyday" == response.url


def test_a_model_that_does_not_exist_cannot_be_chosen(client, full):
    response = client.get(reverse("board:compare_any"), {"a": "../x y", "b": "briar"})

    assert 200 == response.status_code
    assert "There is no model called “../x y”; choose another." in text_of(response)
    assert '<option value="briar" selected>' in response.content.decode()


def test_from_the_board_it_takes_two_clicks_or_one_form(client, full):
    model = client.get(reverse("board:model", args=["aster"])).content.decode()
    board = client.get(reverse("board:home")).content.decode()

    assert f'href="{reverse("board:compare", args=["aster", "briar"])}?board=everyday"' in model
    for page in (model, board):
        assert f'action="{reverse("board:compare_any")}"' in page
        assert '<option value="clove">Clove</option>' in page


def test_the_page_takes_the_same_queries_however_many_matches_there_are(client, full, django_assert_num_queries):
    with django_assert_num_queries(18):
        compare_page(client, "aster", "briar")
    cast.stand(full, category=Category.objects.get(slug="writing"))
    for prompt in stage.prompt_set("more", size=3).prompts.all():
        full.board.prompt_sets.add(prompt.prompt_set)
        match = stage.match(*(stage.output(full.contenders[name], prompt) for name in ("Aster", "Briar")))
        stage.judgment(full.judges["Wig"], match, reason="Because.")
    with django_assert_num_queries(18):
        compare_page(client, "aster", "briar")


def api(client, a="aster", b="briar", **query):
    return client.get(f"/api/compare/{a}/{b}", query)


def test_the_twin_holds_what_the_page_shows(client, full):
    answer = api(client, show="human-differs").json()

    assert ("aster", "briar", "everyday", None) == tuple(answer[name] for name in ("a", "b", "board", "category"))
    assert (2, 1.0, "open") == (answer["judges"]["n"], answer["judges"]["won"]["share"], answer["judges"]["ahead"])
    assert (2, 1.0) == (answer["people"]["n"], answer["people"]["tied"]["share"])
    assert {"n": 2, "share": 0.0}.items() <= answer["same"].items()
    assert {"all": 2, "won": 2, "lost": 0, "human-differs": 2}.items() <= answer["lists"].items()
    assert ("everyday-01", "model_a", "tie") == (
        answer["matches"][0]["prompt"],
        answer["matches"][0]["judges"]["outcome"],
        answer["matches"][0]["people"]["outcome"],
    )


def test_what_nobody_measured_is_null_in_the_twin(client, full):
    stage.contender("Elder")
    answer = api(client, "aster", "elder").json()

    judged = answer["judges"]
    assert (0, None, "not measured") == (judged["n"], judged["won"]["share"], judged["ahead"])


@pytest.mark.parametrize(
    ("a", "query", "detail"),
    [
        ("astr", {}, "There is no model 'astr'. Did you mean 'aster'?"),
        ("briar", {}, "A model cannot be compared with itself."),
        ("aster", {"board": "moon"}, "The two do not both stand on a board 'moon'; they do on: everyday."),
        ("aster", {"category": "cooking"}, "Everyday has no category 'cooking'; its categories: writing."),
    ],
)
def test_the_twin_refuses_what_it_does_not_know(client, full, a, query, detail):
    response = api(client, a, **query)

    assert (404, {"detail": detail}) == (response.status_code, response.json())
