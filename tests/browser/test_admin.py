"""The stock admin under our strict content security policy; the `page` fixture fails at the first violation."""

import json

import pytest
from django.urls import reverse

from apps.contenders.operations import ensure_contender
from apps.prompts.models import PromptSet
from apps.prompts.operations import add_prompts, create_prompt_set

KOREAN = "한국어로 짧은 이야기를 들려줘."


@pytest.fixture
def prompt_set(transactional_db) -> PromptSet:
    return create_prompt_set(slug="everyday", title="Everyday")


@pytest.fixture
def at(live_server, page, admin_user):
    """Goes to a page of the admin, signed in by its own form."""
    page.goto(f"{live_server.url}{reverse('admin:index')}")
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill("password")
    page.locator("[type=submit]").click()
    page.locator("#user-tools").wait_for()

    def go(name: str, *args: object):
        page.goto(f"{live_server.url}{reverse(f'admin:{name}', args=args)}")
        return page

    return go


def test_a_file_is_previewed_and_imported_with_a_few_clicks(at, prompt_set):
    page = at("prompts_promptset_change", prompt_set.pk)
    page.get_by_role("link", name="Import a file").click()
    data = json.dumps({"key": "k", "language": "ko", "prompt": KOREAN}).encode() + b"\nnot json"
    page.locator("input[type=file]").set_input_files({"name": "p.jsonl", "mimeType": "text/plain", "buffer": data})
    page.get_by_role("button", name="Preview").click()

    assert page.get_by_text("1 new, 0 there already, 1 rejected.").is_visible()
    assert page.get_by_text(KOREAN).is_visible()

    page.get_by_role("button", name="Add 1 prompt").click()
    page.get_by_text("1 prompts added").wait_for()
    assert ["k"] == list(prompt_set.prompts.values_list("key", flat=True))


def test_a_set_is_frozen_and_copied_by_buttons(at, prompt_set):
    row = {"key": "k", "messages": [{"role": "user", "content": KOREAN}]}
    add_prompts(prompt_set=prompt_set, rows=[row])
    page = at("prompts_promptset_change", prompt_set.pk)

    page.get_by_role("button", name="Freeze").click()
    page.get_by_text("Everyday v1 is frozen: from here on ratings may refer to it.").wait_for()
    page.get_by_role("button", name="Make next version").click()
    page.get_by_text("Everyday v2 is an editable copy of Everyday v1.").wait_for()

    assert [(2, False), (1, True)] == [(p.version, p.is_frozen) for p in PromptSet.objects.all()]


def test_pages_with_scripts_of_their_own_work_under_the_policy(at, prompt_set):
    ensure_contender(name="a model")
    page = at("runs_run_add")
    page.locator("#id_contenders_from option").first.dblclick()
    assert "a model" in page.locator("#id_contenders_to").inner_text()

    page = at("ratings_board_add")
    page.locator("#id_title").press_sequentially("New board")
    assert "new-board" == page.locator("#id_slug").input_value()

    page = at("ratings_publishedrating_add")
    page.locator(".vDateField").fill("2024-05-01")
    page.locator(".datetimeshortcuts a").first.click()
    assert "2024-05-01" != page.locator(".vDateField").input_value()
