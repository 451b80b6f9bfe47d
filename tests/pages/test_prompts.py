import re

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.prompts.models import Prompt, PromptSet
from apps.ratings.operations import refit_board
from tests import cast, stage
from tests.cast import text_of
from workers.figures import draw_now

pytestmark = pytest.mark.django_db


def set_page(client, slug="everyday", **query):
    return client.get(reverse("board:prompt_set", args=[slug]), query)


def test_each_set_is_listed_once_in_its_newest_version(client):
    stage.prompt_set(size=1)
    PromptSet.objects.create(slug="everyday", version=2, title="Everyday")
    stage.prompt_set("riddles", size=3)

    said = text_of(client.get(reverse("board:prompts")))

    assert 1 == said.count("Everyday v2")
    assert "Everyday v1" not in said
    assert "Riddles v1 Prompts 3" in said


def test_without_a_set_the_page_says_where_one_comes_from(client):
    assert "No prompt set yet" in text_of(client.get(reverse("board:prompts")))


def test_a_set_says_what_it_holds(client):
    prompts = stage.prompt_set(size=3)
    Prompt.objects.filter(position=1).update(language="te", reference=["42"])

    said = text_of(set_page(client))

    assert "3 prompts in 1 category and 2 languages; 1 with a known answer." in said
    assert prompts.title in said


def test_a_prompt_is_shown_with_its_turns_as_typed_and_its_language(client):
    stage.prompt_set(turns=2)
    Prompt.objects.update(
        language="hi", messages=[{"role": "user", "content": "<b>एक</b>"}, {"role": "user", "content": "दो"}]
    )

    page = set_page(client).content.decode()

    assert 'dir="auto" lang="hi">&lt;b&gt;एक&lt;/b&gt;</p>' in page
    assert 'lang="hi">दो</p>' in page
    assert "2 turns" in page


def test_an_older_version_stays_to_be_read(client):
    old = stage.prompt_set()
    old.frozen_at = timezone.now()
    old.save()
    PromptSet.objects.create(slug="everyday", version=2, title="Everyday")

    assert "No prompt in it yet" in text_of(set_page(client))
    assert "Question 1, turn 1?" in text_of(set_page(client, version=1))
    assert "frozen" in text_of(set_page(client, version=1))


@pytest.mark.parametrize("version", ["9", "x", "-1", ""])
def test_a_version_that_does_not_exist_shows_the_newest(client, version):
    stage.prompt_set()

    assert "Everyday v1" in text_of(set_page(client, version=version))


def test_an_unknown_set_is_not_found_and_the_nearest_is_named(client):
    stage.prompt_set("riddles")

    response = set_page(client, "ridles")

    assert 404 == response.status_code
    assert "Did you mean riddles?" in text_of(response)


def test_a_set_takes_the_same_queries_however_many_prompts_it_has(client, django_assert_num_queries):
    stage.prompt_set(size=20)

    with django_assert_num_queries(4):  # the fourth: the map of its prompts
        set_page(client)


def test_the_list_takes_the_same_queries_however_many_sets_there_are(client, django_assert_num_queries):
    for slug in ("everyday", "riddles", "puzzles"):
        stage.prompt_set(slug)

    with django_assert_num_queries(2):
        client.get(reverse("board:prompts"))


# --- the map ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def mapped():
    told = cast.assemble()
    cast.play_matches(told)
    refit_board(board=told.board, now=cast.NOON)
    draw_now(told.board, now=cast.NOON)
    return told


def test_a_set_has_a_map_of_its_prompts_whose_marks_lead_to_them(client, mapped):
    page = set_page(client).content.decode()

    assert re.search(r'<figure class="figure card" id="prompts">.*?<svg', page, re.DOTALL)
    links = re.findall(r'href="(/prompts/everyday/\d/\?version=1&amp;board=everyday)"', page)
    assert 4 == len(links)  # two marks, and two rows of the table
    assert 200 == client.get(links[0].replace("&amp;", "&")).status_code
    assert re.search(r"/figures/\d+\.csv", page)


def test_the_map_of_a_private_board_is_for_its_owner(client, mapped, django_user_model):
    mapped.board.private_to = django_user_model.objects.create_user("mary")
    mapped.board.save()

    assert 'id="prompts"' not in set_page(client).content.decode()
    client.force_login(mapped.board.private_to)
    assert 'id="prompts"' in set_page(client).content.decode()


def test_the_map_is_not_among_the_figures_of_the_board(client, mapped):
    assert 'id="prompts"' not in client.get("/boards/everyday/figures/").content.decode()
