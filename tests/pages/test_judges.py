import pytest
from django.urls import reverse

from apps.judging.models import Judgment
from apps.ratings.models import Agreement, JudgeRecord, Leaderboard
from apps.ratings.operations import refit_board
from tests import cast, stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(now):
    """The cast's board rated anew: in every one of twelve matches Gavel, Wig and Ada prefer the older, Ben says tie."""
    told = cast.assemble()
    cast.play_matches(told)
    Judgment.objects.filter(judge=told.judges["Wig"], match=told.matches[0], order="ba").update(outcome="model_b")
    told.leaderboard = refit_board(board=told.board, now=now)
    return told


def judges_page(client, **query):
    return client.get(reverse("board:judges"), query)


def judge_page(client, key="wig", **query):
    return client.get(reverse("board:judge", args=[key]), query)


def test_each_judge_stands_with_its_agreement_and_the_ceiling_above(client):
    cast.full_board()

    said = text_of(judges_page(client))

    assert "Two people agree on 63 % of 721 comparisons (60–66 %) on Everyday" in said
    assert "64 % 61–67 % of 1,300 kappa 0.50 (0.40 to 0.60)" in said


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ((0.7, 0.6), "2 of 2 judges agree with people as far as people agree with each other"),
        ((0.7, 0.2), "Gavel alone agrees with people as far as people agree with each other"),
        ((0.1, 0.2), "No judge agrees with people as far as people agree with each other"),
    ],
)
def test_the_verdict_on_all_judges_comes_first(client, full, shares, verdict):
    Agreement.objects.filter(leaderboard=full.leaderboard, left="humans").update(lower=0.5)
    for name, share in zip(("Gavel", "Wig"), shares, strict=True):
        Agreement.objects.filter(leaderboard=full.leaderboard, judge=full.judges[name]).update(agreement=share)

    assert verdict in text_of(judges_page(client))


def test_one_human_and_three_that_do_not_read_stand_below(client, full):
    said = text_of(judges_page(client))

    # Ada and Ben never agree. A coin hits half of Ada's twelve verdicts, of 24 votes in all.
    assert "One human 0 %" in said
    assert "Coin 25 %" in said
    assert said.index("Wig") < said.index("One human") < said.index("Always longer") < said.index("Always first")


def test_taking_the_right_answer_is_told_where_a_key_is_known(client, full):
    page, own = reverse("board:judges"), reverse("board:judge", args=["gavel"])
    before = text_of(client.get(own))
    right = {"n": 40, "value": 0.9, "lower": 0.8, "upper": 0.96, "state": "measured", "unit": None}
    for record in JudgeRecord.objects.all():
        JudgeRecord.objects.filter(pk=record.pk).update(traits=record.traits | {"right": right})

    assert "Right and wrong, where a program can tell: not measured" in before
    assert (
        "of two answers of which one is right, Gavel takes that one in 90 % of 40 verdicts (80–96 %), one human 90 %"
        in text_of(client.get(own))
    )
    assert "Right where one is" in text_of(client.get(page))
    assert 0.9 == client.get(reverse("api:judges")).json()["judges"][0]["traits"]["right"]["value"]


def test_a_judge_nobody_voted_beside_is_not_measured(client):
    stage.judge()

    said = text_of(judges_page(client))

    assert "Strict not measured" in said


def test_a_simulated_judge_says_so(client):
    cast.full_board(simulated=True)

    said = text_of(judges_page(client))

    assert "Judges on this page are played by the simulator" in said
    assert 3 == said.count("Simulated")


def test_an_unknown_board_is_said_and_the_first_shown(client, full):
    assert "There is no board called “moon”" in text_of(judges_page(client, board="moon"))


def test_without_a_judge_the_page_says_where_one_comes_from(client):
    assert "No judge yet" in text_of(judges_page(client))


def test_the_verdict_on_a_judge_comes_first_with_interval_and_number(client, full):
    said = text_of(judge_page(client))

    # People never agree with each other, so half of the votes is as far as they do.
    assert (
        "Wig agrees with people as far as people agree with each other It sides with people on 50 % of 24 votes" in said
    )
    assert "The order of the answers changed 8 % of its 12 verdicts" in said


def test_a_judge_below_people_is_said_to_be(client):
    cast.agree(cast.full_board(), "humans", 0.90, 700)
    Leaderboard.objects.get().agreements.filter(left="humans", agreement=0.63).delete()

    assert "Gavel agrees with people less than people agree with each other" in text_of(judge_page(client, "gavel"))


def test_a_judge_without_votes_beside_it_says_what_is_missing(client, now):
    (match,) = stage.matches(1)
    stage.judgment(stage.judge(), match)
    refit_board(board=stage.board(match.prompt.prompt_set), now=now)

    said = text_of(judge_page(client, "strict"))

    assert "Strict: not measured against people Nobody has voted on a match that it judged on Everyday." in said
    assert "Vote on matches" in said


def test_a_judge_that_said_nothing_has_no_scorecard_and_its_prompt(client, full):
    stage.judge("mallet", instructions="Mind the spelling.")

    said = text_of(judge_page(client, "mallet"))

    assert "Nothing it said counts on Everyday yet" in said
    assert "You compare two answers to one question" in said
    assert "Mind the spelling." in said


def test_the_leanings_stand_beside_those_of_people(client, full):
    said = text_of(judge_page(client))

    # 23 of 24 verdicts are for the older model: shown first it won 12 of 12, shown second it lost one of 12 to the first
    assert "First shown won Of verdicts with a winner. 54 %" in said
    assert (
        "Own family is worth Elo points beyond what all others make of it; such verdicts change no rating. not measured"
        in said
    )
    assert "Changed when asked again The same question to versions that differ in nothing. not measured" in said


@pytest.mark.parametrize(
    ("show", "n"), [("human-differs", 1), ("order-flipped", 1), ("latest", 12), ("", 1), ("nonsense", 1)]
)
def test_its_matches_come_by_kind(client, full, show, n):
    cast.vote(full, "Cleo", full.matches[1], "model_b")
    cast.vote(full, "Cleo", full.matches[0], "model_b")  # of this one Wig changed its mind

    page = judge_page(client, show=show)

    assert n == page.content.decode().count('class="duel-match"')
    assert ("There is no list of matches called “nonsense”" in text_of(page)) == (show == "nonsense")


def test_a_tie_and_both_bad_are_no_change_with_the_order(client, full):
    Judgment.objects.filter(judge=full.judges["Wig"], match=full.matches[0], order="ab").update(outcome="tie")
    Judgment.objects.filter(judge=full.judges["Wig"], match=full.matches[0], order="ba").update(outcome="both_bad")

    assert "No match of this kind." in text_of(judge_page(client, show="order-flipped"))


def test_a_match_shows_what_was_said_in_each_order_and_a_reason(client, full):
    Judgment.objects.filter(judge=full.judges["Wig"], match=full.matches[0], order="ba").update(reason="B is short.")

    said = text_of(judge_page(client, show="order-flipped"))

    assert (
        "Aster and Briar everyday-01 · Writing Aster first Aster Briar first Briar People 1 : 0, 1 tied B is short."
        in said
    )


def test_a_second_version_has_an_address_of_its_own_and_names_the_first(client, full):
    stage.judge("wig", endpoint=False, version=2)

    page = judge_page(client, "wig.2")

    assert "Wig v2: not measured against people" in text_of(page)
    assert 'href="/judges/wig/?board=everyday"' in page.content.decode()


def test_an_unknown_judge_is_not_found_and_the_nearest_is_named(client, full):
    response = judge_page(client, "wigg")

    assert 404 == response.status_code
    assert "There is no judge called “wigg”. Did you mean wig?" in text_of(response)


def test_without_a_board_a_judge_has_a_page_too(client):
    stage.judge()

    assert "Nothing it said counts yet" in text_of(judge_page(client, "strict"))


def test_names_and_reasons_cannot_act(client, full):
    full.judges["Wig"].name = "<script>alert(1)</script>" + "x" * 170
    full.judges["Wig"].save()
    Judgment.objects.update(reason="<script>alert(1)</script>")

    assert "<script>alert" not in judge_page(client, show="latest").content.decode()


def test_judges_are_linked_from_matches_models_and_their_list(client, full):
    pages = [
        client.get(reverse("board:match", args=[full.matches[0].pk])),
        client.get(reverse("board:model", args=["aster"])),
        judges_page(client),
    ]

    assert all('href="/judges/wig/' in page.content.decode() for page in pages)


def test_the_pages_take_the_same_queries_however_much_was_said(client, full, now, django_assert_num_queries):
    with django_assert_num_queries(11):
        judges_page(client)
    with django_assert_num_queries(17):
        judge_page(client, show="latest")
    for prompt in stage.prompt_set("more", size=3).prompts.all():
        full.board.prompt_sets.add(prompt.prompt_set)
        match = stage.match(*(stage.output(full.contenders[name], prompt) for name in ("Aster", "Briar")))
        for judge in (*full.judges.values(), stage.judge(f"new-{match.pk}")):
            stage.judgment(judge, match, reason="Because.")
    refit_board(board=full.board, now=now)
    with django_assert_num_queries(11):
        judges_page(client)
    with django_assert_num_queries(17):
        judge_page(client, show="latest")


def test_the_twins_hold_what_the_pages_show(client, full):
    listed, one = (client.get(f"/api/judges{path}").json() for path in ("", "/wig?show=order-flipped"))

    assert ["gavel", "wig"] == [card["judge"] for card in listed["judges"]]
    assert ["person", "longer", "first", "coin"] == [told["name"] for told in listed["references"]]
    assert (24, 0.5) == tuple(one["card"]["agreement"][name] for name in ("n", "agreement"))
    assert {"n": 12, "value": pytest.approx(1 / 12)}.items() <= one["card"]["traits"]["order_flipped"].items()
    assert one["card"]["traits"]["own_family"]["value"] is None
    assert [(full.matches[0].pk, "aster", {"model_a": 1, "tie": 1})] == [
        (told["match"], told["a"], told["votes"]) for told in one["matches"]
    ]


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/wigg", "There is no judge 'wigg'. Did you mean 'wig'?"),
        ("?board=moon", "There is no board 'moon' here."),
        ("/wig?category=cooking", "Everyday has no category 'cooking'; its categories: writing."),
    ],
)
def test_the_twins_refuse_what_they_do_not_know(client, full, path, detail):
    response = client.get(f"/api/judges{path}")

    assert (404, {"detail": detail}) == (response.status_code, response.json())


def test_without_a_board_the_twin_is_empty(client):
    assert ([], None) == tuple(client.get("/api/judges").json()[name] for name in ("judges", "board"))


def test_there_is_one_record_for_each_judge_and_each_rater_beside_it(full):
    assert 2 + 4 == JudgeRecord.objects.filter(leaderboard=full.leaderboard).count()
