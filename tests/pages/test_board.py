import re

import pytest
from django.urls import reverse

from apps.prompts.models import Category
from apps.ratings.models import Board, Leaderboard
from apps.ratings.operations import POSITION_TOO
from tests import cast, stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    return cast.full_board()


def board_page(client, **query):
    return client.get(reverse("board:board", args=["everyday"]), query)


def row_of(page: str, name: str) -> str:
    """The text of one model's row."""
    return next(row for row in page.split("<tr")[1:] if f">{name}</a>" in row)


def test_the_home_page_is_the_board_with_the_lowest_position(client, full):
    Board.objects.create(slug="first", title="First of all", position=1)

    said = text_of(client.get("/"))

    assert "First of all: nothing rated yet" in said


def test_without_any_board_the_home_page_says_what_to_do(client):
    response = client.get("/")

    assert 200 == response.status_code
    assert "There is no board yet" in text_of(response)
    assert "make demo" in text_of(response)


def test_the_first_sentence_names_all_who_may_be_first(client, full):
    said = text_of(board_page(client))

    assert "Aster and Briar are tied for first" in said


def test_a_model_whose_rank_overlaps_with_nobody_leads_alone(client):
    told = cast.assemble()
    cast.stand(told, models=[(*row[:4], (*row[4][:3], rank, rank), row[5]) for rank, row in enumerate(cast.MODELS, 1)])

    assert "Aster leads" in text_of(board_page(client))


def test_the_sentence_says_how_far_the_judges_and_two_people_agree(client, full):
    said = text_of(board_page(client))

    assert (
        "Judged by Gavel and Wig, who side with people on 66 % of 1,343 votes (63–69 %); two people agree on 63 %."
        in said
    )


def test_one_judge_alone_sides_in_the_singular(client):
    told = cast.assemble()
    cast.stand(told, judges=["Gavel"])
    cast.agree(told, "Gavel", 0.66, 1343)

    assert "Judged by Gavel, who sides with people on 66 %" in text_of(board_page(client))


def test_without_votes_agreement_is_not_measured_and_never_0(client):
    told = cast.assemble()
    cast.stand(told)
    cast.agree(told, "judges", None, 0)

    said = text_of(board_page(client))

    assert "How far they agree with people is not measured." in said
    assert "Vote on matches" in said
    assert "0 %" not in said.partition("Rank")[0]


def test_a_row_shows_rank_interval_both_ratings_and_their_difference_with_intervals(client, full):
    row = text_of(Raw(row_of(board_page(client).content.decode(), "Aster")))

    # 1180 - 1150 = 30; half-widths 30 and 40, so 50 for the difference
    for figure in (
        "1–2",
        "1180",
        "1150–1210",
        "1110–1190",
        "+30",
        "−20 to +80",
        "1201",
        "Arena, May 2024",
        "50 %",
        "closed",
    ):
        assert figure in row


def test_a_model_that_nobody_voted_on_has_no_human_rating_and_no_difference(client, full):
    row = text_of(Raw(row_of(board_page(client).content.decode(), "Dill")))

    assert 2 == row.count("not measured")


def test_models_whose_ranks_touch_stand_in_one_band(client, full):
    bands = board_page(client).content.decode().split('class="band"')[1:]

    assert [["Aster", "Briar"], ["Clove"], ["Dill"]] == [
        [name for name, *_ in cast.MODELS if f">{name}</a>" in band] for band in bands
    ]


def test_a_rating_that_never_lost_is_marked(client, full):
    full.leaderboard.ratings.filter(contender__name="Aster", by="judges").update(bounded=False)

    row = row_of(board_page(client).content.decode(), "Aster")

    assert "†" in row
    assert "never lost or never won" in row


def test_an_unfinished_board_says_from_how_many_judgments_it_was_computed(client):
    cast.stand(cast.assemble(), n_judgments=1204, n_open=100, n_unusable=6)

    said = text_of(board_page(client))

    # 1204 counted + 6 unusable + 100 to come
    assert "computed from 1,204 of 1,310 judgments" in said
    assert "6 judgments came back without a legal verdict. They are kept" in said


def test_a_finished_board_says_nothing_of_what_is_missing(client, full):
    said = text_of(board_page(client))

    assert "Still coming in" not in said
    assert "without a legal verdict" not in said


def test_groups_that_never_met_are_ranked_apart_and_named_so(client):
    cast.stand(cast.assemble(), component={"Dill": 1})

    said = text_of(board_page(client))

    assert "There are 2 groups of models that never met" in said
    assert "Group 2: 1 model, never compared with the groups above" in said


def test_a_model_without_a_judgment_that_counts_stands_below_unranked(client):
    nothing = (None,) * 5
    cast.stand(cast.assemble(), models=[*cast.MODELS[:2], ("Clove", "", "", None, nothing, (1000, 955, 1045, 1, 1))])

    said = text_of(board_page(client))

    assert "Not ranked: no judgment on them counts yet Clove" in said.replace("– Clove", "Clove")


def test_a_board_with_one_model_names_no_leader(client):
    cast.stand(cast.assemble(), models=cast.MODELS[:1])

    said = text_of(board_page(client))

    assert "Everyday: nobody to compare with yet" in said
    assert "Aster leads" not in said


def test_a_board_before_its_first_rating_shows_its_prompt_set_and_the_way_in(client):
    cast.assemble()

    response = board_page(client)

    assert "No ratings yet" in text_of(response)
    assert reverse("board:prompt_set", args=["everyday"]) in response.content.decode()
    assert reverse("board:submit") + "?board=everyday" in response.content.decode()


def test_a_rated_board_without_matches_says_how_many_judgments_are_awaited(client):
    cast.stand(cast.assemble(), models=(), n_judgments=0, n_votes=0, n_open=4)

    said = text_of(board_page(client))

    assert "Everyday: no match judged yet" in said
    assert "4 judgments are asked for and not answered yet." in said


def test_a_category_shows_its_own_snapshot(client, full):
    stage.prompt_set("riddles").boards.add(full.board)
    full.board.prompt_sets.first().prompts.filter(position=2).update(
        category=Category.objects.create(slug="logic", name="Logic")
    )
    cast.stand(full, category=Category.objects.get(slug="logic"), models=cast.MODELS[2:])

    said = text_of(board_page(client, category="logic"))

    assert "Clove" in said
    assert "Aster" not in said
    assert "All categories Logic Writing" in said


def test_an_unknown_category_is_said_and_left_aside(client, full):
    said = text_of(board_page(client, category="cooking"))

    assert "Everyday has no category called “cooking”" in said
    assert "Aster and Briar are tied for first" in said


def test_an_unknown_board_is_not_found_and_the_nearest_is_named(client, full):
    response = client.get("/boards/everydy/")

    assert 404 == response.status_code
    assert "There is no board called “everydy”. Did you mean everyday?" in text_of(response)


def test_simulated_boards_say_so_at_the_top_and_at_each_model(client):
    cast.full_board(simulated=True)

    page = board_page(client).content.decode()

    assert "simulated-banner" in page
    assert all("Simulated" in row_of(page, name) for name, *_ in cast.MODELS)


def test_a_board_of_real_models_has_no_such_banner(client, full):
    assert "simulated-banner" not in board_page(client).content.decode()


def test_model_names_cannot_carry_markup(client, full):
    full.contenders["Aster"].name = "<b>Aster</b>"
    full.contenders["Aster"].save()

    assert b"<b>Aster" not in board_page(client).content


def test_the_page_needs_nothing_that_the_content_security_policy_forbids(client, full):
    page = board_page(client).content.decode()

    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page


def test_each_model_shows_its_price_where_it_is_known(client, full):
    cast.price(full, "Aster", "2.5", "10")
    half = cast.price(full, "Briar", "0.075", "0.3")
    known = text_of(board_page(client))
    half.usd_per_million_out = None
    half.save()

    assert "$2.50 in $10.00 out" in known
    assert "$0.0750 in $0.30 out" in known
    assert "$0.0750" not in text_of(board_page(client, sort="model"))  # half a price is none
    assert 3 == board_page(client, sort="model").content.decode().count('data-label="$ per million tokens">–</td>')


def test_the_page_takes_the_same_queries_whatever_it_shows(client, full, django_assert_num_queries):
    cast.price(full, "Aster", "2.5", "10")
    with django_assert_num_queries(13):
        board_page(client)


def test_the_methodology_page_says_what_was_left_out_of_the_first_board(client):
    cast.stand(cast.assemble(), n_unusable=6)

    assert "1,204 judgments and 1,343 votes count; 6 judgments held no legal verdict" in text_of(
        client.get(reverse("board:methodology"))
    )


def test_the_contents_of_the_methodology_page_name_every_section_in_its_order(client):
    html = client.get(reverse("board:methodology")).content.decode()

    contents, article = html.split('<article class="article">')
    article = article.split("</article>")[0]

    sections = re.findall(r'<h2 id="([a-z-]+)">(.+?)</h2>', article)
    assert len(sections) > 10
    assert sections == re.findall(r'<li><a href="#([a-z-]+)">(.+?)</a>', contents)


def test_the_methodology_page_says_how_runs_choose_and_stop_and_what_standing_first_is_worth(client):
    stood = cast.stand(cast.assemble())
    Leaderboard.objects.update(method="Bradley-Terry")

    text = text_of(client.get(reverse("board:methodology")))

    # 5 % of error over 20 looks leave a quarter of a percent to each.
    assert "10 % of its draws are spread evenly" in text
    assert "the order is held to 99.75 % rather than 95 % (Bonferroni over 20 looks" in text
    assert "differ by no more than 20 Elo points are one tier" in text
    assert "10 % of their matches judged in both orders" in text
    assert "saw more than 10 % of its matches in one order only" in text
    assert "it is allowed for" not in text

    Leaderboard.objects.update(method=f"Bradley-Terry{POSITION_TOO}")
    assert f"On {stood.board.title} it is allowed for." in text_of(client.get(reverse("board:methodology")))


def test_the_health_page_answers_while_the_database_does(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/healthz")

    assert (200, b"ok\n") == (response.status_code, response.content)


class Raw:
    """A piece of a page, to be read like one."""

    def __init__(self, page: str):
        self.content = page.encode()
