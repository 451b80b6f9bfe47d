"""The board, its frame, its files and the API with style left aside; and what is said where that cannot be."""

import pytest
from django.urls import reverse

from apps.ratings.board_state import board_state
from apps.ratings.models import Finding
from apps.ratings.selection import select
from tests import cast
from tests.cast import text_of

pytestmark = pytest.mark.django_db

# Elo points more with style left aside, the interval of that, and of the rating: Briar comes to lead.
SHIFTS = {
    "Aster": (-60, -80, -40, 1085, 1155, 2, 2),
    "Briar": (40, 20, 60, 1145, 1215, 1, 1),
    "Clove": (20, -10, 50, 960, 1040, 3, 3),
    "Dill": (0, None, None, 800, 920, 4, 4),
}
FIELDS = (
    *("shift", "shift_lower", "shift_upper"),
    *("controlled_lower", "controlled_upper", "controlled_rank_low", "controlled_rank_high"),
)


@pytest.fixture
def swayed():
    told = cast.full_board()
    for name, shift in SHIFTS.items():
        own = told.leaderboard.ratings.filter(contender__name=name, by="judges")
        own.update(**dict(zip(FIELDS, shift, strict=True)))
    worth = {"by": "judges", "judge": None, "name": "characters", "value": 31.4, "lower": 12.0, "upper": 50.0}
    Finding.objects.create(leaderboard=told.leaderboard, name="style", rows=[worth])
    return told


def board(client, **query):
    return client.get(reverse("board:board", args=["everyday"]), query)


def test_in_the_plain_view_a_column_says_how_far_each_model_would_move(client, swayed):
    said = text_of(board(client))

    assert "Aster leads" not in said  # two are tied
    assert "Style shift" in said
    assert "−60 −80 to −40" in said
    assert "style left aside" not in said.partition("How to read this")[0]


def test_with_style_left_aside_the_ratings_and_places_are_those(client, swayed):
    said = text_of(board(client, style="controlled"))

    assert "Briar leads with style left aside" in said
    assert "1180 1145–1215" in said
    assert "+31 points (+12 to +50) twice as long" in said


def test_the_table_stands_in_the_order_of_the_ratings_that_leave_style_aside(swayed):
    state = board_state(select(swayed.board, style="controlled"))

    assert ["Briar", "Aster", "Clove", "Dill"] == [row.contender.name for row in state.rows]
    assert 1180 == state.rows[0].judges.rating
    assert state.rank_agreement is None  # that of the plain rankings says nothing about these


def test_a_shift_without_an_interval_is_not_measured(client, swayed):
    shifts = {row.contender.name: row.shift for row in board_state(select(swayed.board)).rows}

    assert (-60, -80, -40) == (shifts["Aster"].value, shifts["Aster"].lower, shifts["Aster"].upper)
    assert shifts["Dill"] is None


def test_links_carry_the_word_along(client, swayed):
    text = board(client, style="controlled").content.decode()

    assert f"{reverse('board:agreement')}?board=everyday&amp;style=controlled" in text
    assert '<option value="controlled" selected>Left aside</option>' in text


def test_another_word_for_style_is_left_aside_with_a_notice(client, swayed):
    said = text_of(board(client, style="baroque"))

    assert "Style is controlled or counts; “baroque” says neither, and it counts." in said
    assert "style left aside" not in said.partition("How to read this")[0]


@pytest.mark.parametrize("query", [{"rater": "people"}, {"category": "writing"}])
def test_where_no_such_ratings_are_a_notice_says_so(client, swayed, query):
    answer = board(client, style="controlled", **query)

    assert 200 == answer.status_code
    assert "Everyday has no ratings here that leave style aside" in text_of(answer)


def test_a_board_without_a_snapshot_cannot_leave_style_aside():
    told = cast.assemble()

    assert {"style": "controlled"} == select(told.board, style="controlled").unknown


def test_the_api_takes_the_same_word(client, swayed):
    url = reverse("api:leaderboard", args=["everyday"])

    plain, controlled = client.get(url).json(), client.get(url, {"style": "controlled"}).json()

    assert ("", "controlled") == (plain["style"], controlled["style"])
    assert ("Aster", 1180.0, -60.0) == tuple(plain["rows"][0][name] for name in ("model", "rating", "style_shift"))
    assert ("Briar", 1180.0, 40.0) == tuple(controlled["rows"][0][name] for name in ("model", "rating", "style_shift"))


def test_the_api_refuses_what_it_cannot_leave_aside(client, swayed):
    url = reverse("api:leaderboard", args=["everyday"])

    unknown, without = (
        client.get(url, {"style": "baroque"}),
        client.get(url, {"style": "controlled", "rater": "people"}),
    )

    assert (404, "Everyday has no style 'baroque'; its styles: controlled.") == (
        unknown.status_code,
        unknown.json()["detail"],
    )
    assert (404, "Everyday has no ratings of this view that leave style aside.") == (
        without.status_code,
        without.json()["detail"],
    )


def test_the_file_and_the_frame_follow(client, swayed):
    table = client.get(reverse("board:table", args=["everyday", "csv"]), {"style": "controlled"}).content.decode()
    frame = text_of(client.get(reverse("board:embed", args=["everyday"]), {"style": "controlled"}))

    assert table.splitlines()[1].startswith("Briar,")
    assert "style_shift" in table.splitlines()[0]
    assert "Briar leads with style left aside" in frame


def test_the_models_page_follows(client, swayed):
    url = reverse("board:model", args=["aster"])

    plain, controlled = text_of(client.get(url)), text_of(client.get(url, {"style": "controlled"}))

    assert "Style shift −60 −80 to −40" in plain
    assert "Judges’ rating 1120 1085–1155" in controlled


def test_pages_of_verdicts_say_that_style_changes_ratings_alone(client, swayed):
    said = text_of(client.get(reverse("board:judges"), {"style": "controlled"}))

    assert "Style is left aside in ratings and ranks. Verdicts, votes and how far they agree" in said
    assert "Style is left aside" not in text_of(client.get(reverse("board:judges")))
