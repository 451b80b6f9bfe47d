"""Charts in pages: below the table, each with its table twin and its files."""

import csv
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from apps.ratings.figures import ON_BOARD, figures_of
from apps.ratings.models import MOST_ROWS, Figure
from tests import cast
from workers.figures import draw_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn():
    full = cast.full_board()
    draw_now(full.board, now=cast.NOON + timedelta(hours=1))
    return full


def board_page(client) -> str:
    return client.get(reverse("board:board", args=["everyday"])).content.decode()


def twin(page: str, name: str) -> list[list[str]]:
    """The cells of a figure's table, headings first."""
    table = re.search(rf'id="{name}".*?<table.*?</table>', page, re.DOTALL)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_the_board_shows_each_figure_with_a_sentence_of_what_is_to_be_seen(client, drawn):
    page = board_page(client)

    for figure in figures_of(drawn.leaderboard, *ON_BOARD):
        assert f'<figure class="figure card" id="{figure.name}">' in page
        assert f'role="group" aria-label="{figure.summary}"' in page


def test_the_table_beside_a_drawing_has_its_very_rows(client, drawn):
    ratings = figures_of(drawn.leaderboard)[0]

    headings, *rows = twin(board_page(client), "ratings")

    assert [heading for _, heading, _ in ratings.columns] == headings
    assert [row["model"] for row in ratings.rows] == [row[0] for row in rows]
    assert ["Aster", "1180", "1150", "1210", "1150", "1110", "1190", "600", "600"] == rows[0]
    assert ["Dill", "860", "825", "895", "–", "–", "–", "600", "0"] == rows[3]


def test_before_it_is_drawn_a_board_shows_no_charts(client):
    cast.full_board()

    assert "Show as table" not in board_page(client)


def test_the_page_still_needs_nothing_that_the_content_security_policy_forbids(client, drawn):
    page = board_page(client)

    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page


def test_the_drawing_can_be_kept(client, drawn):
    figure = figures_of(drawn.leaderboard)[0]

    response = client.get(reverse("board:figure_svg", args=[figure.pk]))

    assert "image/svg+xml" == response["Content-Type"]
    assert figure.svg == response.content.decode()
    assert 'inline; filename="everyday-ratings.svg"' == response["Content-Disposition"]
    assert {"public", "immutable", "max-age=31536000"} == set(response["Cache-Control"].split(", "))


def test_the_rows_can_be_kept_with_all_their_digits(client, drawn):
    figure = figures_of(drawn.leaderboard)[0]

    response = client.get(reverse("board:figure_csv", args=[figure.pk]))

    rows = list(csv.DictReader(response.content.decode().splitlines()))
    assert [str(row["rating"]) for row in figure.rows] == [row["rating"] for row in rows]
    assert "" == rows[3]["human_rating"]


def test_a_model_named_like_a_formula_is_text_in_a_spreadsheet(client):
    full = cast.full_board()
    full.contenders["Aster"].name = "=1+1"
    full.contenders["Aster"].save()
    draw_now(full.board, now=cast.NOON + timedelta(hours=1))

    rows = client.get(reverse("board:figure_csv", args=[Figure.objects.first().pk])).content.decode()

    assert "\r\n'=1+1," in rows


def test_a_hostile_model_name_is_text_in_drawing_and_table(client):
    full = cast.full_board()
    full.contenders["Aster"].name = "<script>alert(1)</script>"
    full.contenders["Aster"].save()
    draw_now(full.board, now=cast.NOON + timedelta(hours=1))

    assert "<script>alert" not in board_page(client)


def test_a_figure_that_does_not_exist_is_not_found(client):
    assert 404 == client.get("/figures/1.svg").status_code
    assert 404 == client.get("/figures/1.csv").status_code
    assert 404 == client.get("/figures/1/").status_code


# --- long tables --------------------------------------------------------------------------------------------------------
def test_a_long_table_stands_on_a_page_of_its_own(client, drawn):
    Figure.objects.filter(name="ratings").update(n_rows=MOST_ROWS + 1)
    page, figure = board_page(client), Figure.objects.get(name="ratings")

    assert f'<a href="/figures/{figure.pk}/">Show as table</a>' in page
    assert 1 == page.count("<summary>Show as table</summary>")
    assert ["Aster", "1180"] == twin(client.get(f"/figures/{figure.pk}/").content.decode(), "ratings")[1][:2]


def test_the_page_of_one_figure_says_what_it_is_of(client, drawn):
    figure = figures_of(drawn.leaderboard)[0]

    said = cast.text_of(client.get(reverse("board:figure", args=[figure.pk])))

    assert "As of 4 March 2025, from 1,204 judgments and 1,343 votes." in said
    assert figure.summary in said


def test_a_table_is_written_once(client, drawn, django_assert_num_queries):
    with django_assert_num_queries(15):  # the rows of two figures, and the picture for other sites
        board_page(client)
    with django_assert_num_queries(13):
        client.get(reverse("board:board", args=["everyday"]), {"sort": "model"})  # another page with the same figures
