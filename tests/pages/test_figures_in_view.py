"""Charts follow whoever is chosen; those that cannot say plainly whose they are."""

import re
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from apps.ratings.figures import due_snapshots, figures_in_view
from apps.ratings.models import Figure, Finding
from apps.ratings.selection import select
from tests import cast
from tests.cast import text_of
from workers.figures import draw, draw_now

pytestmark = pytest.mark.django_db
NOW = cast.NOON + timedelta(hours=1)

# Wig sees the first two the other way round, and rates no other model.
BY_WIG = {"Aster": (1000, 970, 1030, 2, 2), "Briar": (1200, 1170, 1230, 1, 1)}


@pytest.fixture
def full():
    """The cast with ratings by each judge and one finding of the fit of all of them, drawn for all judges."""
    told = cast.full_board()
    cast.rate_alone(told, "Gavel", {name: judged for name, *_, judged, _ in cast.MODELS})
    cast.rate_alone(told, "Wig", BY_WIG)
    one, other = (told.contenders[name].pk for name in ("Aster", "Briar"))
    pair = {"one": one, "other": other, "expected": 0.6, "lower": 0.5, "upper": 0.7, "n": 8, "won": 0.6}
    Finding.objects.create(leaderboard=told.leaderboard, name="pairs", rows=[pair])
    draw_now(told.board, now=NOW)
    return told


def page(client, name="figures", **query):
    return client.get(reverse(f"board:{name}", args=["everyday"]), query)


def look(client, name="figures", **query) -> str:
    """The page once what its first visitor wanted is drawn."""
    page(client, name, **query)
    for pk in due_snapshots(NOW + timedelta(days=10_000)):
        async_to_sync(draw)(pk, now=NOW + timedelta(days=10_000))
    return page(client, name, **query).content.decode()


def shown(html: str) -> tuple[list[str], list[str]]:
    """The names of the view's own figures, and of those of all judges below them."""
    own, _, others = html.partition('id="by-all-judges"')
    return tuple(re.findall(r'<figure class="figure card" id="([\w-]+)"', part) for part in (own, others))


def test_by_all_judges_every_figure_is_of_the_view(client, full):
    own, others = shown(page(client).content.decode())

    assert {"ratings", "win-chances", "ranks-by-rater"} <= set(own)
    assert [] == others


def test_one_judges_ratings_are_drawn_and_the_rest_says_whose_it_is(client, full):
    html = look(client, rater="wig")

    own, others = shown(html)
    assert {"ratings", "judges-and-people", "ranks-by-rater"} <= set(own)
    assert {"win-chances", "meetings"} == set(others)
    assert "In the eyes of Wig. Best first." in html
    assert "drawn from the verdicts of all judges with style counting, not in the eyes of Wig." in text_of(
        page(client, rater="wig")
    )
    assert '<a href="/boards/everyday/figures/">This page by all judges</a>' in html


def test_the_first_visitor_of_a_view_is_told_and_a_worker_draws(client, full):
    answer = page(client, rater="wig")

    assert "It is being drawn" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    assert (full.leaderboard.pk,) == due_snapshots(NOW + timedelta(days=10_000))
    assert "It is being drawn" not in look(client, rater="wig")


def test_looking_twice_wants_them_once(full):
    selection = select(full.board, rater="wig")

    first, second = (figures_in_view(selection, NOW) for _ in range(2))

    assert [figure.pk for figure in first.own] == [figure.pk for figure in second.own]


def test_the_order_and_the_words_are_those_of_the_rater(full):
    (wig,) = figures_in_view(select(full.board, rater="wig"), NOW, "ratings").own
    (people,) = figures_in_view(select(full.board, rater="people"), NOW, "ratings").own

    of_wig, of_people = (Figure.objects.get(pk=one.pk) for one in (wig, people))
    assert ["Briar", "Aster"] == [row["model"] for row in of_wig.rows[:2]]
    assert ["Briar", "Aster"] == [row["model"] for row in of_people.rows[:2]]
    assert "Wig’s rating" in [heading for _, heading, _ in of_wig.columns]
    assert "By Wig’s rating Briar with 1200 (1170 to 1230) is highest" in of_wig.summary
    assert "By people’s rating Briar with 1160 (1120 to 1200) is highest" in of_people.summary
    assert "Not ranked by Wig" in [row["among"] for row in of_wig.rows]


def test_with_style_left_aside_the_drawing_is_of_those_ratings(client, full):
    full.leaderboard.ratings.filter(by="judges", contender__name__in=("Aster", "Briar")).update(
        shift=-100, controlled_lower=1050, controlled_upper=1110, controlled_rank_low=2, controlled_rank_high=2
    )

    (ratings,) = figures_in_view(select(full.board, style="controlled"), NOW, "ratings").own

    assert "With style left aside. Best first." in ratings.caption
    assert 1080.0 == next(row["rating"] for row in Figure.objects.get(pk=ratings.pk).rows if row["model"] == "Aster")
    assert "not with style left aside." in text_of(page(client, style="controlled"))


def test_marks_cells_and_file_names_keep_the_view(client, full):
    html = look(client, rater="wig")

    figure = Figure.objects.get(view="rater=wig", name="ratings")
    assert 'href="/models/briar/?board=everyday&amp;rater=wig"' in figure.svg
    assert '<a href="/models/briar/?board=everyday&amp;rater=wig">Briar</a>' in html
    assert "everyday-wig-ratings" == figure.filename


def test_the_boards_two_charts_follow_too(client, full):
    assert "In people’s eyes. Best first." in look(client, "board", rater="people")


def test_before_the_boards_own_charts_are_drawn_no_other_view_has_any():
    told = cast.full_board()

    assert ((), ()) == (figures_in_view(select(told.board, rater="people"), NOW).own,) * 2


def test_a_judges_confusion_is_its_own(full):
    cast.agree(full, "Wig", 0.6, 100, judge=full.judges["Wig"], unit="majority")

    (confusion,) = figures_in_view(select(full.board, rater="wig"), NOW, "confusion").own

    assert "What Wig and people say of a match" == confusion.title


def test_cases_of_a_release_say_that_they_are_of_today(client, full):
    url = reverse("board:cases")

    said = text_of(client.get(url, {"release": "2025-03-04"}))

    assert "Counted today, not as of the release" in said
    assert "Counted today" not in text_of(client.get(url))
