import pytest

from apps.contenders.models import Contender, Output
from apps.contenders.operations import ensure_contender, free_slug, want_outputs
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("gpt-3.5-turbo", "gpt-3-5-turbo"),
        ("meta/Llama 3 70B", "meta-llama-3-70b"),
        ("모델", "model"),
        ("vicuna-13b-v1.2", "vicuna-13b-v1-2"),
    ],
)
def test_a_slug_is_made_of_the_name(name, slug):
    assert slug == free_slug(name)


def test_names_that_would_share_a_slug_are_numbered():
    made = [ensure_contender(name=name).slug for name in ("Model A", "model.a", "MODEL a")]

    assert ["model-a", "model-a-2", "model-a-3"] == made


def test_a_known_contender_keeps_its_card():
    ensure_contender(name="Alder", organisation="Grove")

    assert "Grove" == ensure_contender(name="Alder", organisation="Other").organisation
    assert 1 == Contender.objects.count()


def test_an_output_that_was_answered_is_not_wanted_again():
    (prompt,) = stage.prompt_set().prompts.all()
    alder = stage.contender("Alder")
    answered = stage.output(alder, prompt, "Because of scattering.")

    want_outputs(contenders=[alder, stage.contender("Birch")], prompts=[prompt])

    assert ["done", "wanted"] == list(Output.objects.order_by("pk").values_list("status", flat=True))
    assert ["Because of scattering."] == Output.objects.get(pk=answered.pk).texts
