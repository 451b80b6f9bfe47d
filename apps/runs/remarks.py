"""What was odd about answers that are kept and count all the same: whoever owns the model should know of it."""

from collections import Counter

from django.db.models import Count, F, Q
from django.utils.translation import gettext

from apps.contenders.models import Output
from apps.runs.models import Run
from apps.runs.queries import run_evidence

Remark = tuple[str, int]  # a sentence, and how often

_UNTOLD = Count("pk", filter=Q(calls__gt=0, tokens_in=0))


def run_remarks(run: Run) -> tuple[Remark, ...]:
    """Answers that came under another model's name than was asked for, and such as did not tell what they took."""
    found: Counter[str] = Counter()
    for rows in run_evidence(run):
        who = "contender" if rows.model is Output else "judge"
        asked = rows.answered().exclude(served_model="").order_by()
        told = asked.values_list(f"{who}__name", "served_model").annotate(
            asked_for=F(f"{who}__endpoint__model"), n=Count("pk"), untold=_UNTOLD
        )
        for name, served, asked_for, n, untold in told:
            if served != asked_for:
                strange = gettext(
                    "{name} answered under the name “{served}”, which is not the model that was asked for."
                )
                found[strange.format(name=name, served=served)] += n
            silent = gettext("{name} answered without telling how many tokens that took; its cost is a guess.")
            found[silent.format(name=name)] += untold
    return tuple((sentence, n) for sentence, n in found.most_common() if n)
