"""The form of a run on prompts of one's own: which models, which judges, how many matches, for how much at most."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext, gettext_lazy

from apps.board.forms import budget_field, pairs_field, tell_ration
from apps.board.submit_form import PlayerChoice
from apps.contenders.models import Contender
from apps.judging.models import Judge
from apps.runs.choosing import RunCannotStart
from apps.runs.models import Run
from apps.runs.operations import create_run
from apps.runs.plan import OwnOffer, Plan, own_run_plan


class OwnRunForm(forms.Form):
    """`offer` says whom there is to choose from."""

    contenders = PlayerChoice(
        Contender.objects.none(), widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Models")
    )
    judges = PlayerChoice(Judge.objects.none(), widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Judges"))
    pairs_per_prompt = pairs_field(
        gettext_lazy("Matches per prompt"),
        gettext_lazy("A sample of so many pairs on each prompt, drawn evenly. Empty: all pairs meet."),
    )
    budget_usd = budget_field(required=False)

    def __init__(self, *args: Any, offer: OwnOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        tell_ration(self.fields["budget_usd"], offer.ration)
        for name, rows in (("contenders", offer.contenders), ("judges", offer.judges)):
            cast(forms.ModelMultipleChoiceField, self.fields[name]).queryset = rows

    @classmethod
    def to_begin_with(cls, offer: OwnOffer) -> "OwnRunForm":
        """With the first models and all judges ticked, and checked at once, so that the plan stands there."""
        judges = list(offer.judges.values_list("pk", flat=True))
        return cls({"contenders": list(offer.first), "judges": judges}, offer=offer)

    def clean_contenders(self) -> Any:
        chosen = self.cleaned_data["contenders"]
        if len(chosen) < 2:
            raise forms.ValidationError(gettext("Choose at least two: a ranking is made of comparisons."))
        return chosen

    @property
    def starts(self) -> bool:
        return self.data.get("step") == "start"

    def plan(self, owner: User) -> Plan:
        told = {name: self.cleaned_data[name] for name in ("contenders", "judges", "pairs_per_prompt")}
        return own_run_plan(prompt_set=self.offer.prompt_set, board=self.offer.board, owner=owner, **told)

    def start(self, owner: User) -> Run | None:
        """The run that was started; None when it was refused, with the reason."""
        try:
            return create_run(
                board=self.offer.board, prompt_sets=[self.offer.prompt_set], owner=owner, **self.cleaned_data
            )
        except RunCannotStart as problem:
            self.add_error(None, str(problem))
            return None
