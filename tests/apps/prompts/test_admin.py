import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import add_prompts, create_prompt_set, freeze_prompt_set

pytestmark = pytest.mark.django_db
TELUGU = "తెలుగులో ఒక చిన్న కథ చెప్పు."


@pytest.fixture
def prompt_set() -> PromptSet:
    prompt_set = create_prompt_set(slug="everyday", title="Everyday")
    row = {"key": "q-1", "language": "te", "messages": [{"role": "user", "content": TELUGU}]}
    add_prompts(prompt_set=prompt_set, rows=[row])
    return prompt_set


@pytest.fixture
def frozen(prompt_set, now) -> PromptSet:
    freeze_prompt_set(prompt_set=prompt_set, now=now)
    return prompt_set


def of_set(way: str, *args: object) -> str:
    return reverse(f"admin:prompts_promptset_{way}", args=args)


def of_prompt(way: str, *args: object) -> str:
    return reverse(f"admin:prompts_prompt_{way}", args=args)


def fields(prompt_set: PromptSet, **changed: str) -> dict[str, object]:
    prompt = prompt_set.prompts.get()
    return {
        "prompt_set": prompt_set.pk,
        "key": "q-1",
        "category": prompt.category_id,
        "language": "te",
        "messages": json.dumps(prompt.messages),
        "reference": "[]",
        "notes": "",
    } | changed


# --- sets -------------------------------------------------------------------------------------------------------------
def test_a_slug_used_again_makes_the_next_version(admin_client, prompt_set):
    admin_client.post(of_set("add"), {"slug": "everyday", "title": "Everyday, again"})

    assert ["Everyday", "Everyday, again"] == list(
        PromptSet.objects.order_by("version").values_list("title", flat=True)
    )


def test_a_set_is_edited_and_keeps_its_slug(admin_client, prompt_set):
    admin_client.post(of_set("change", prompt_set.pk), {"slug": "other", "title": "New title", "licence": "CC0-1.0"})

    prompt_set.refresh_from_db()
    assert ("everyday", "New title", "CC0-1.0") == (prompt_set.slug, prompt_set.title, prompt_set.licence)


def test_freezing_by_button_and_by_action(admin_client, prompt_set):
    other = create_prompt_set(slug="riddles", title="Riddles")

    admin_client.post(of_set("freeze", prompt_set.pk))
    admin_client.post(of_set("changelist"), {"action": "freeze", "_selected_action": [other.pk]})

    assert {prompt_set.pk, other.pk} == set(PromptSet.objects.frozen().values_list("pk", flat=True))
    assert {"Frozen."} == set(LogEntry.objects.values_list("change_message", flat=True))


def test_a_set_is_not_frozen_by_following_a_link(admin_client, prompt_set):
    assert 405 == admin_client.get(of_set("freeze", prompt_set.pk)).status_code
    assert not PromptSet.objects.frozen().exists()


def test_a_second_freeze_says_so_and_keeps_the_first_moment(admin_client, frozen, now):
    response = admin_client.post(of_set("freeze", frozen.pk))

    frozen.refresh_from_db()
    assert (302, now) == (response.status_code, frozen.frozen_at)


def test_the_next_version_is_an_editable_copy(admin_client, frozen):
    response = admin_client.post(of_set("next_version", frozen.pk))

    copy = PromptSet.objects.get(version=2)
    assert response.url == of_set("change", copy.pk)
    assert [("q-1", TELUGU)] == [(p.key, p.messages[0]["content"]) for p in copy.prompts.all()]
    assert not copy.is_frozen


def test_a_frozen_set_is_only_looked_at(admin_client, frozen):
    page = admin_client.get(of_set("change", frozen.pk)).content.decode()
    changed = admin_client.post(of_set("change", frozen.pk), {"title": "Other"})
    deleted = admin_client.post(of_set("delete", frozen.pk), {"post": "yes"})
    admin_client.post(
        of_set("changelist"), {"action": "delete_selected", "_selected_action": [frozen.pk], "post": "yes"}
    )

    assert (403, 403) == (changed.status_code, deleted.status_code)
    assert "Import a file" not in page
    assert "Make next version" in page
    assert "Everyday" == PromptSet.objects.get().title


# --- prompts ----------------------------------------------------------------------------------------------------------
def test_other_scripts_are_shown_as_themselves(admin_client, prompt_set):
    prompt = prompt_set.prompts.get()

    in_list = admin_client.get(of_prompt("changelist") + f"?prompt_set__id__exact={prompt_set.pk}").content.decode()
    alone = admin_client.get(of_prompt("change", prompt.pk)).content.decode()

    assert f'<span lang="te" dir="auto">{TELUGU}</span>' in in_list
    assert 2 == alone.count(TELUGU)  # in the field, and as the models read it


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("messages", "[]", "This field is required."),
        ("messages", "{", "Enter a valid JSON."),
        ("messages", '[{"role": "robot", "content": "x"}]', "message 1 has the role 'robot'; expected system or user."),
        ("messages", '[{"role": "user", "content": "a\\u0000"}]', "This cannot be stored: it holds a NUL character."),
        ("reference", '["1", "2"]', "reference has 2 texts for 1 user turns."),
    ],
)
def test_what_is_wrong_with_a_prompt_stands_at_its_field_and_only_there(admin_client, prompt_set, field, value, told):
    prompt = prompt_set.prompts.get()

    response = admin_client.post(of_prompt("change", prompt.pk), fields(prompt_set, **{field: value}))

    assert {field: [told]} == response.context["adminform"].form.errors


def test_a_new_prompt_goes_to_the_end_of_its_set(admin_client, prompt_set):
    admin_client.post(of_prompt("add"), fields(prompt_set, key="q-2"))

    assert [("q-1", 1), ("q-2", 2)] == list(prompt_set.prompts.values_list("key", "position"))


def test_a_key_is_used_once_in_a_set(admin_client, prompt_set):
    response = admin_client.post(of_prompt("add"), fields(prompt_set))

    assert 200 == response.status_code
    assert 1 == Prompt.objects.count()


def test_a_frozen_sets_prompts_are_only_looked_at(admin_client, frozen):
    prompt = frozen.prompts.get()

    changed = admin_client.post(of_prompt("change", prompt.pk), fields(frozen, key="other"))
    added = admin_client.post(of_prompt("add"), fields(frozen, key="q-2"))
    admin_client.post(
        of_prompt("changelist"), {"action": "delete_selected", "_selected_action": [prompt.pk], "post": "yes"}
    )

    assert 403 == changed.status_code
    assert "prompt_set" in added.context["adminform"].form.errors
    assert ["q-1"] == list(Prompt.objects.values_list("key", flat=True))


# --- import -----------------------------------------------------------------------------------------------------------
FILE = (
    json.dumps({"key": "q-1", "prompt": TELUGU})
    + "\n"
    + json.dumps({"key": "q-2", "prompt": "Why?", "category": "science"})
    + "\nnot json\n"
).encode()


def upload(client, prompt_set: PromptSet, data: bytes = FILE):
    return client.post(of_set("import", prompt_set.pk), {"file": SimpleUploadedFile("prompts.jsonl", data)})


def test_the_preview_says_what_becomes_of_each_line_and_writes_nothing(admin_client, prompt_set):
    response = upload(admin_client, prompt_set)

    page = response.content.decode()
    assert {"new": 1, "duplicate": 1, "rejected": 1} == response.context["counts"]
    assert "1 new, 1 there already, 1 rejected." in page
    assert [(3, "rejected"), (1, "duplicate"), (2, "new")] == [(x.line, x.fate) for x in response.context["lines"]]
    assert TELUGU in page
    assert 1 == prompt_set.prompts.count()


def test_a_confirmed_preview_is_imported(admin_client, prompt_set):
    signed = upload(admin_client, prompt_set).context["form"].initial["signed"]

    response = admin_client.post(of_set("import", prompt_set.pk), {"signed": signed}, follow=True)

    assert ["1 prompts added, 1 were there already, 1 rejected."] == [str(m) for m in response.context["messages"]]
    assert ["q-1", "q-2"] == list(prompt_set.prompts.values_list("key", flat=True))


def test_confirming_twice_adds_nothing_twice(admin_client, prompt_set):
    signed = upload(admin_client, prompt_set).context["form"].initial["signed"]
    for _ in range(2):
        admin_client.post(of_set("import", prompt_set.pk), {"signed": signed})

    assert 2 == prompt_set.prompts.count()


@pytest.mark.parametrize("meddle", [lambda signed: signed + "x", lambda signed: "", lambda signed: "a:b:c"])
def test_a_preview_that_is_not_ours_imports_nothing(admin_client, prompt_set, meddle):
    signed = meddle(upload(admin_client, prompt_set).context["form"].initial["signed"])

    admin_client.post(of_set("import", prompt_set.pk), {"signed": signed})

    assert 1 == prompt_set.prompts.count()


def test_a_preview_for_one_set_confirms_nothing_for_another(admin_client, prompt_set):
    other = create_prompt_set(slug="other", title="Other")
    signed = upload(admin_client, prompt_set).context["form"].initial["signed"]

    admin_client.post(of_set("import", other.pk), {"signed": signed})

    assert 0 == other.prompts.count()


def test_an_unreadable_file_says_why_at_the_field(admin_client, prompt_set):
    response = upload(admin_client, prompt_set, b"name\nx")

    assert "expected one of messages" in response.context["form"].errors["file"][0]


def test_a_set_frozen_after_the_preview_takes_nothing_any_more(admin_client, prompt_set, now):
    signed = upload(admin_client, prompt_set).context["form"].initial["signed"]
    freeze_prompt_set(prompt_set=prompt_set, now=now)

    response = admin_client.post(of_set("import", prompt_set.pk), {"signed": signed})

    assert (403, 1) == (response.status_code, prompt_set.prompts.count())


def test_staff_without_the_right_to_change_sets_import_and_freeze_nothing(client, django_user_model, prompt_set):
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))

    answers = [upload(client, prompt_set), *(client.post(of_set(w, prompt_set.pk)) for w in ("freeze", "next_version"))]

    assert [403, 403, 403] == [answer.status_code for answer in answers]
    assert 1 == PromptSet.objects.editable().count()


def test_a_set_that_is_not_there_is_not_found(admin_client):
    assert 404 == admin_client.get(of_set("import", 4711)).status_code
