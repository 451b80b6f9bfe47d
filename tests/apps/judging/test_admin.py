import pytest
from django.urls import reverse

from apps.contenders.operations import ensure_contender, want_outputs
from apps.endpoints.operations import register_endpoint
from apps.judging.models import Judge, Judgment
from apps.judging.operations import ensure_judge, want_judgments
from apps.judging.versions import save_judge
from apps.matches.operations import add_matches
from apps.prompts.operations import add_prompts, create_prompt_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge() -> Judge:
    endpoint = register_endpoint(name="e", base_url="https://api.example.com/v1", model="m")
    return ensure_judge(slug="strict", name="Strict", endpoint=endpoint)


@pytest.fixture
def judgment(judge) -> Judgment:
    prompt_set = create_prompt_set(slug="s", title="S")
    add_prompts(prompt_set=prompt_set, rows=[{"key": "q", "messages": [{"role": "user", "content": "?"}]}])
    prompt = prompt_set.prompts.get()
    contenders = [ensure_contender(name=name) for name in "ab"]
    want_outputs(contenders=contenders, prompts=[prompt])
    first, second = (contender.outputs.get().pk for contender in contenders)
    want_judgments(judge=judge, match_ids=add_matches(pairings=[(prompt.pk, first, second, 1)]))
    return judge.judgments.filter(order="ab").get()


def versions() -> list[tuple[int, str]]:
    return list(Judge.objects.values_list("version", "instructions"))


def test_a_judge_that_never_judged_is_changed_in_place(judge):
    judge.instructions = "Be strict."

    assert not save_judge(judge=judge)
    assert [(1, "Be strict.")] == versions()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("instructions", "Be strict."),
        ("protocol", "pairwise-5"),
        ("temperature", 1.0),
        ("temperature", None),
        ("max_tokens", 9),
    ],
)
def test_a_judge_that_has_judged_becomes_its_next_version(judge, judgment, field, value):
    before, made = judge.pk, getattr(judge, field)
    setattr(judge, field, value)

    assert save_judge(judge=judge)
    assert [(1, made), (2, value)] == list(Judge.objects.values_list("version", field))
    assert {before} == set(Judgment.objects.values_list("judge", flat=True))


@pytest.mark.parametrize("field", ["name", "family"])
def test_what_does_not_decide_a_verdict_is_changed_in_place(judge, judgment, field):
    setattr(judge, field, "other")

    assert not save_judge(judge=judge)
    assert ["other"] == list(Judge.objects.values_list(field, flat=True))


def test_a_change_to_an_old_version_follows_the_newest(judge, judgment):
    for instructions in ("second", "third"):
        edited = Judge.objects.get(version=1)
        edited.instructions = instructions
        save_judge(judge=edited)

    assert [(1, ""), (2, "second"), (3, "third")] == versions()


def fields(judge: Judge, **changed: object) -> dict[str, object]:
    return {
        "name": judge.name,
        "endpoint": judge.endpoint_id,
        "protocol": judge.protocol,
        "max_tokens": judge.max_tokens,
        "temperature": 0,
    } | changed


def test_the_admin_says_that_a_change_became_a_version(admin_client, judge, judgment):
    address = reverse("admin:judging_judge_change", args=[judge.pk])

    response = admin_client.post(address, fields(judge, instructions="Be strict."), follow=True)

    assert [(1, ""), (2, "Be strict.")] == versions()
    assert "became Strict v2" in " ".join(str(message) for message in response.context["messages"])


def test_a_slug_that_is_taken_is_refused_at_its_field(admin_client, judge):
    response = admin_client.post(reverse("admin:judging_judge_add"), fields(judge, slug="strict"))

    assert ["slug"] == list(response.context["adminform"].form.errors)


def test_a_judgment_shows_its_raw_reply_as_text(admin_client, judgment):
    Judgment.objects.filter(pk=judgment.pk).update(raw="<b>A</b> wins\nVERDICT: A")

    page = admin_client.get(reverse("admin:judging_judgment_change", args=[judgment.pk])).content.decode()

    assert "&lt;b&gt;A&lt;/b&gt; wins" in page


def test_judgments_are_filtered_by_status_and_judge(admin_client, judge, judgment):
    Judgment.objects.filter(pk=judgment.pk).update(status="failed", problem="The endpoint was down.")
    address = reverse("admin:judging_judgment_changelist")

    response = admin_client.get(address, {"status__exact": "failed", "judge__id__exact": judge.pk})

    assert [judgment.pk] == [row.pk for row in response.context["cl"].queryset]
    assert "The endpoint was down." in response.content.decode()
