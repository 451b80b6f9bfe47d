import pytest
from django.urls import reverse

from apps.contenders.models import Contender
from apps.contenders.operations import ensure_contender, want_outputs
from apps.prompts.operations import add_prompts, create_prompt_set

pytestmark = pytest.mark.django_db


def warm_up(admin_client, contender: Contender) -> Contender:
    """Tries to change a setting that made the outputs, and the card, which did not."""
    fields = {"name": contender.name, "slug": contender.slug, "card": "new", "temperature": "1.5", "max_tokens": 64}
    admin_client.post(reverse("admin:contenders_contender_change", args=[contender.pk]), fields)
    contender.refresh_from_db()
    return contender


def test_a_contender_without_outputs_may_be_changed(admin_client):
    contender = warm_up(admin_client, ensure_contender(name="a"))

    assert ("new", 1.5, 64) == (contender.card, contender.temperature, contender.max_tokens)


def test_what_made_the_outputs_of_a_contender_stays(admin_client):
    prompt_set = create_prompt_set(slug="s", title="S")
    add_prompts(prompt_set=prompt_set, rows=[{"key": "q", "messages": [{"role": "user", "content": "?"}]}])
    contender = ensure_contender(name="a")
    want_outputs(contenders=[contender], prompts=prompt_set.prompts.all())

    contender = warm_up(admin_client, contender)

    assert ("new", None, 2048) == (contender.card, contender.temperature, contender.max_tokens)
