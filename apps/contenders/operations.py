from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import slugify

from apps.budgets.models import Budget
from apps.contenders.models import Contender, Output
from apps.endpoints.models import Endpoint
from apps.prompts.models import Prompt

BATCH = 2000


def free_slug(name: str) -> str:
    """A slug no contender has: that of the name, numbered if need be."""
    base = slugify(name.replace(".", "-").replace("/", "-"))[:100] or "model"
    taken = set(Contender.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def ensure_contender(
    *, name: str, endpoint: Endpoint | None = None, private_to: User | None = None, **card: Any
) -> Contender:
    """The contender of that name; a new one gets the endpoint and the card, a known one keeps its own."""
    known = Contender.objects.filter(name=name, private_to=private_to).first()
    return known or Contender.objects.create(
        name=name, slug=free_slug(name), endpoint=endpoint, private_to=private_to, **card
    )


def want_outputs(*, contenders: Iterable[Contender], prompts: Iterable[Prompt], payer: Budget | None = None) -> None:
    """Every contender's output to every prompt is wanted; those that exist stay as they are, their payer too."""
    prompt_ids = [prompt.pk for prompt in prompts]
    want_each_output(wanted=[(one.pk, key) for one in contenders for key in prompt_ids], payer=payer)


def want_each_output(*, wanted: Iterable[tuple[int, int]], payer: Budget | None = None) -> None:
    """The outputs of these contenders to these prompts, by key, are wanted; those that exist stay as they are."""
    rows = [Output(contender_id=contender, prompt_id=prompt, payer=payer) for contender, prompt in wanted]
    Output.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
