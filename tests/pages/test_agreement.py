import pytest
from django.urls import reverse

from apps.ratings.agreement_lines import agreement_sections
from tests import cast
from tests.cast import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    return cast.full_board()


def agreement_page(client, **query):
    return client.get(reverse("board:agreement"), query)


def test_the_heading_is_the_headline_figure(client, full):
    assert "The judges side with people on 66 % of 1,343 votes" in text_of(agreement_page(client))


def test_one_judge_alone_is_named_in_the_heading(client):
    told = cast.assemble()
    cast.stand(told, judges=["Gavel"])
    cast.agree(told, "Gavel", 0.66, 1343)

    assert "Gavel sides with people on 66 % of 1,343 votes" in text_of(agreement_page(client))


def test_both_tie_rules_of_one_comparison_stand_in_one_line(full):
    line = agreement_sections(full.leaderboard)[0].lines[0]

    assert (0.66, 0.85) == (line.kept.agreement, line.dropped.agreement)


def test_turns_and_voter_groups_have_lines_of_their_own(client, full):
    cast.agree(full, "judges", 0.67, 1325, turn=2, raters="expert")

    assert "2 expert each vote 67 % 64–70 %" in text_of(agreement_page(client))


def test_people_against_each_other_are_the_last_section(full):
    assert ["judges", "Gavel", "Wig", "humans"] == [section.left for section in agreement_sections(full.leaderboard)]


def test_the_confusion_table_is_there_to_unfold(client, full):
    said = text_of(agreement_page(client))

    assert "Judge \\ person A better B better Tie A better 5 1 2 B better 1 6 2 Tie 2 2 9" in said


def test_no_overlap_is_not_measured(client):
    told = cast.assemble()
    cast.stand(told)
    cast.agree(told, "judges", None, 0)

    said = text_of(agreement_page(client))

    assert "How far judges agree with people" in said
    assert "Not measured: nobody voted on a match it judged." in said


def test_the_rankings_correlations_carry_their_intervals(client, full):
    assert "judges humans 3 0.50 −0.20 to 1.00 0.33 −0.40 to 1.00" in text_of(agreement_page(client))


@pytest.mark.parametrize("boards", [0, 1])
def test_before_the_first_rating_the_page_says_what_is_missing(client, boards):
    if boards:
        cast.assemble()

    assert "Nothing to compare yet" in text_of(agreement_page(client))


def test_an_unknown_board_is_said_and_the_first_shown(client, full):
    said = text_of(agreement_page(client, board="moon"))

    assert "There is no board called “moon”" in said
    assert "The judges side with people on 66 %" in said


def test_simulated_judges_are_said(client):
    cast.full_board(simulated=True)

    assert "simulated-banner" in agreement_page(client).content.decode()


def test_the_page_takes_the_same_queries_however_many_comparisons_there_are(client, full, django_assert_num_queries):
    with django_assert_num_queries(9):
        agreement_page(client)
