"""What an address selects, on every page that shows a board, and what becomes of words that name nothing."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from apps.board.context import read_context
from apps.prompts.models import Category
from apps.ratings.models import Board, Rating
from apps.ratings.selection import board_releases, select
from tests import cast, stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db

TURNED = {"Aster": (1000, 970, 1030, 2, 2), "Briar": (1200, 1170, 1230, 1, 1)}  # Wig sees the first two the other way


@pytest.fixture
def full():
    told = cast.full_board()
    cast.rate_alone(told, "Gavel", {name: judged for name, *_, judged, _ in cast.MODELS})
    cast.rate_alone(told, "Wig", TURNED)
    return told


@pytest.fixture
def released(full):
    """The board as of today and as of 40 days ago, when Aster was 30 points lower and Clove alone of its kind."""
    today = full.leaderboard
    then = [(*row[:4], (row[4][0] - 30 * (row[0] == "Aster"), *row[4][1:]), row[5]) for row in cast.MODELS[:3]]
    cast.stand(full, models=then, fitted_at=cast.NOON - timedelta(days=40), n_judgments=77)
    full.leaderboard = today
    return full


def get(client, page, *args, **query):
    return client.get(reverse(f"board:{page}", args=args), query)


def board_text(client, **query):
    return text_of(get(client, "board", "everyday", **query))


def context(path="/agreement/", **query):
    return read_context(RequestFactory().get(path, query), list(Board.objects.all()))


def test_one_judge_chosen_gives_the_places_and_the_trust_of_that_judge(client, full):
    cast.agree(full, "Wig", 0.58, 1300, judge=full.judges["Wig"], unit="vote")
    full.leaderboard.agreements.filter(left="Wig", agreement=0.64).delete()

    said = board_text(client, rater="wig")

    assert "Briar leads in the eyes of Wig" in said
    assert "Judged by Wig, who sides with people on 58 %" in said
    assert "Wig’s rating" in said
    assert "Can Wig be trusted?" in said


def test_models_that_the_chosen_judge_did_not_rate_stand_below(client, full):
    assert "Not ranked: no judgment on them counts yet" in board_text(client, rater="wig")


def test_people_chosen_give_the_places_by_votes(client, full):
    full.leaderboard.ratings.filter(by="humans", contender__name="Aster").update(rank_low=2, rank_high=2)
    full.leaderboard.ratings.filter(by="humans", contender__name="Briar").update(rank_low=1, rank_high=1)

    said = board_text(client, rater="people")

    assert "Briar leads in people’s eyes" in said
    assert "Ranked by 1,343 votes of 3 people, of whom two agree on 63 %" in said
    assert "Not ranked: no vote on them counts yet" in said


def test_without_votes_people_have_no_ranking_and_the_page_says_so(client):
    nothing = (None,) * 5
    cast.stand(cast.assemble(), models=[(*row[:5], nothing) for row in cast.MODELS])

    assert "nobody has voted on two models yet" in board_text(client, rater="people")


def test_a_release_is_named_by_its_day_and_shows_that_days_figures(client, released):
    said = board_text(client, release="2025-01-23")

    assert "This is the release of 23 January 2025." in said
    assert "from 77 judgments" in said
    assert "Dill" not in said


def test_of_one_day_the_last_snapshot_is_the_release(full):
    cast.stand(full, fitted_at=cast.NOON - timedelta(hours=3))

    assert [full.board.leaderboards.first().fitted_at] == [release.fitted_at for release in board_releases(full.board)]


def test_a_category_of_a_release_is_the_snapshot_of_that_day(released):
    writing = Category.objects.get(slug="writing")
    then = cast.stand(released, category=writing, fitted_at=cast.NOON - timedelta(days=40))
    cast.stand(released, category=writing)

    assert then == select(released.board, release="2025-01-23", category="writing").leaderboard


def test_a_change_is_told_against_the_release_30_days_before_and_the_move_of_all(client, released):
    row = next(
        piece for piece in get(client, "board", "everyday").content.decode().split("<tr") if ">Aster</a>" in piece
    )

    # Aster moved by +30, Briar and Clove by 0: the scale by +10. Half-widths 30 and 30: 42.4 for the difference.
    assert "+20<span" in row
    assert "−22 to +62" in row


def test_young_boards_have_no_column_of_changes(client, full):
    assert "30 days" not in text_of(get(client, "board", "everyday")).partition("How to read")[0]


@pytest.mark.parametrize(
    ("words", "notice"),
    [
        ({"release": "1999-01-01"}, "Everyday has no release of “1999-01-01”; this is the latest."),
        ({"release": "yesterday"}, "Everyday has no release of “yesterday”"),
        ({"rater": "mallet"}, "“mallet” has no ranking of its own on Everyday; this is what all judges say."),
        ({"category": "cooking"}, "Everyday has no category called “cooking”; this is the board over all of them."),
        ({"colour": "red"}, "“colour” is no filter of this page."),
        ({"rater": "\x00"}, "has no ranking of its own"),
    ],
)
@pytest.mark.parametrize("page", ["board", "agreement", "judges", "model"])
def test_a_word_that_names_nothing_is_left_aside_with_a_notice(client, full, page, words, notice):
    args = {"board": ["everyday"], "model": ["aster"]}.get(page, [])

    answer = get(client, page, *args, **words)

    assert 200 == answer.status_code
    assert notice in text_of(answer)


def test_a_long_unknown_word_is_cut_in_the_notice(client, full):
    assert "x" * 100 + "”" in board_text(client, rater="x" * 5000)


def test_words_that_are_known_or_empty_raise_no_notice(client, full):
    said = board_text(client, rater="gavel", category="writing", release="", name="")

    assert "no filter" not in said
    assert "no ranking" not in said


def test_the_form_of_a_board_page_may_name_another_board_and_leads_to_its_own_address(client, full):
    stage.board(slug="other")

    answer = client.get("/boards/everyday/?board=other&release=&rater=people&name=")

    assert (302, "/boards/other/?rater=people") == (answer.status_code, answer["Location"])


def test_an_unknown_board_in_the_address_of_a_board_page_changes_nothing(client, full):
    assert 200 == client.get("/boards/everyday/?board=moon").status_code


def test_links_to_other_pages_carry_the_selection_along(client, full):
    page = get(client, "board", "everyday", rater="wig").content.decode()

    assert 'href="/agreement/?board=everyday&amp;rater=wig"' in page
    assert 'href="/models/aster/?board=everyday&amp;rater=wig"' in page
    assert 'href="/judges/?board=everyday&amp;rater=wig"' in page
    assert "/api/boards/everyday/leaderboard?rater=wig" in page


def test_the_way_back_from_a_model_keeps_the_selection(client, full):
    assert 'href="/boards/everyday/?rater=wig"' in get(client, "model", "aster", rater="wig").content.decode()


def test_the_permanent_link_names_the_release_that_is_shown(released):
    assert "/agreement/?board=everyday&release=2025-03-04&rater=wig" == context(rater="wig").link
    assert "/agreement/?board=everyday&release=2025-01-23" == context(release="2025-01-23").link


def test_a_second_version_of_a_judge_has_a_word_of_its_own(full):
    second = stage.judge("wig", endpoint=False, version=2)
    Rating.objects.filter(judge=full.judges["Wig"]).update(judge=second)

    assert second == select(full.board, rater="wig.2").rater.judge
    assert {"rater": "wig"} == select(full.board, rater="wig").unknown


def test_a_choice_of_one_is_none(full):
    assert ["rater", "style"] == [field.name for field in context().fields]
    assert () == context().categories


def test_the_agreement_page_shows_the_chosen_judge_beside_the_people(client, full):
    said = text_of(get(client, "agreement", rater="wig"))

    assert "Wig sides with people on 64 % of 1,300 votes" in said
    assert "Gavel, against people" not in said
    assert "People, against each other" in said


def test_the_agreement_page_shows_people_alone_where_they_are_chosen(client, full):
    said = text_of(get(client, "agreement", rater="people"))

    assert "Two people agree on 63 % of 721 comparisons" in said
    assert "against people" not in said.replace("against each other", "")


def test_the_judges_page_shows_the_chosen_judge_alone(client, full):
    page = text_of(get(client, "judges", rater="wig")).partition("Judge Agrees")[2]

    assert "Wig" in page
    assert "Gavel" not in page


def test_a_models_page_shows_what_the_chosen_judge_says_of_it(client, full):
    said = text_of(get(client, "model", "aster", rater="wig"))

    assert "Rank 2 by Wig on Everyday" in said
    # 2 prompts x 2 orders of Wig alone
    assert "Briar Compare 100 % 4, 0, 0" in said


def test_a_models_page_counts_matches_of_the_chosen_category_alone(client, full):
    full.board.prompt_sets.get().prompts.filter(position=2).update(
        category=Category.objects.create(slug="logic", name="Logic")
    )

    cast.stand(full, category=Category.objects.get(slug="logic"))

    said = text_of(get(client, "model", "aster", category="logic"))

    # 1 prompt x 2 judges x 2 orders
    assert "Briar Compare 100 % 4, 0, 0" in said


def test_a_board_on_which_the_model_does_not_stand_is_said(client, full):
    stage.board(slug="other")

    assert "There is no board called “other” here; this is Everyday." in text_of(
        get(client, "model", "aster", board="other")
    )


def test_the_bar_is_the_same_on_every_page(client, full):
    pages = [
        get(client, *page, rater="wig")
        for page in (("board", "everyday"), ("agreement",), ("judges",), ("model", "aster"))
    ]

    bars = [page.content.decode().partition('class="context-bar"')[2].partition("</form>")[0] for page in pages]
    assert 1 == len({bar.partition(">Ranked by")[2].partition("<a ")[0] for bar in bars})


def test_where_a_model_has_no_place_the_page_leads_to_the_whole_board(client, full):
    said = text_of(get(client, "model", "aster", category="writing"))

    assert "No place on Everyday in writing yet" in said
    assert "The whole board" in said
