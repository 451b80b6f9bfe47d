"""The form of a submission: connect, card, comparison, plan."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext, gettext_lazy, ngettext

from apps.board.forms import AddressForm, budget_field, pairs_field, price_field, tell_ration
from apps.budgets.price import Price
from apps.contenders.models import Contender
from apps.endpoints.address import UnusableAddress
from apps.endpoints.models import Endpoint
from apps.judging.models import Judge
from apps.prompts.models import PromptSet
from apps.runs.choosing import chosen_rule
from apps.runs.foretold import Foretold, submission_foretold
from apps.runs.models import Run
from apps.runs.operations import NameIsTaken, RunCannotStart, submit_contender
from apps.runs.plan import Offer, Plan, submission_plan

T = TypeVar("T")

NAME_LENGTH = Endpoint._meta.get_field("name").max_length  # the endpoint is called like its model
WEIGHTS = [("", gettext_lazy("Not said")), ("yes", gettext_lazy("Open")), ("no", gettext_lazy("Closed"))]
ALL, PRECISION = "all", "precision"
STOPS = [
    (ALL, gettext_lazy("every match of the plan is judged")),
    (PRECISION, gettext_lazy("the place of the model is known well enough")),
]
MOST_CALLS = 1_000_000


class PromptSetChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Of a prompt set that was offered, and so counted."""
        told = ngettext("{name} · {n} prompt", "{name} · {n} prompts", obj.n_prompts)
        return told.format(name=obj, n=obj.n_prompts)


class PlayerChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Of a model or a judge: whoever is simulated is said to be, wherever the name stands."""
        return gettext("{name} (simulated)").format(name=obj) if obj.simulated else str(obj)


class SubmitForm(AddressForm):
    """One page: connect, card, plan. `offer` says what the board has to compare with."""

    field_order = ["base_url", "model", "key", "name"]

    model = forms.CharField(
        label=gettext_lazy("Model name"),
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "my-model-7b", "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("As this endpoint calls it."),
    )
    name = forms.CharField(
        label=gettext_lazy("Display name"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("As the board shall call it."),
    )
    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=120, required=False)
    licence = forms.CharField(label=gettext_lazy("Licence"), max_length=120, required=False)
    open_weights = forms.ChoiceField(label=gettext_lazy("Weights"), choices=WEIGHTS, required=False)
    family = forms.CharField(
        label=gettext_lazy("Family"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For example llama. A judge of the same family is not asked about it."),
    )
    card = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What people should know about it. Markdown."),
    )
    # What there is to choose from depends on the board, so it comes with the offer.
    prompt_sets = PromptSetChoice(
        PromptSet.objects.none(), widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Prompt sets")
    )
    opponents = PlayerChoice(
        Contender.objects.none(), widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Opponents")
    )
    judges = PlayerChoice(Judge.objects.none(), widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Judges"))
    pairs_per_prompt = pairs_field(
        gettext_lazy("Opponents per prompt"),
        gettext_lazy("A sample of so many opponents on each prompt, drawn evenly. Empty: all of them."),
    )
    stop = forms.ChoiceField(
        label=gettext_lazy("Stop when"), choices=STOPS, initial=ALL, required=False, widget=forms.RadioSelect
    )
    precision = forms.FloatField(
        label=gettext_lazy("Known to ± Elo points"),
        initial=20,
        required=False,
        error_messages={"invalid": gettext_lazy("Expected a number of Elo points, for example 20.")},
        help_text=gettext_lazy("Half of it takes four times the calls."),
    )
    max_calls = forms.IntegerField(
        label=gettext_lazy("Calls to judges at most"),
        required=False,
        max_value=MOST_CALLS,
        error_messages={"invalid": gettext_lazy("Expected a whole number of calls, for example 2000.")},
        help_text=gettext_lazy("It stops there even if its place is not known so well. Empty: any number."),
    )
    usd_in = price_field(
        gettext_lazy("$ per million tokens in"),
        gettext_lazy("What your endpoint takes for what it reads; 0 if it is free."),
    )
    usd_out = price_field(gettext_lazy("$ per million tokens out"), gettext_lazy("And for what it writes."))
    budget_usd = budget_field(required=False)

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = offer.board
        tell_ration(self.fields["budget_usd"], offer.ration)
        for name in ("prompt_sets", "opponents", "judges"):
            field, rows = cast(forms.ModelMultipleChoiceField, self.fields[name]), getattr(offer, name)
            field.queryset = rows
            field.initial = [row.pk for row in rows]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Contender.objects.public().filter(name=name).exists():
            sentence = gettext("There is a model called {name} already; choose another name.")
            raise forms.ValidationError(sentence.format(name=repr(name)))
        return name

    def clean_open_weights(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["open_weights"])

    def clean(self) -> dict[str, Any] | None:
        if (self.cleaned_data.get("usd_in") is None) != (self.cleaned_data.get("usd_out") is None):
            missing = "usd_in" if self.cleaned_data.get("usd_in") is None else "usd_out"
            self.add_error(missing, gettext("A price has both sides: tokens in and tokens out."))
        if self.data.get("key_was_given") and self.starts and not self.data.get("key"):
            self.add_error("key", gettext("Enter the key once more: it was not kept between the two steps."))
        self._clean_stop()
        return super().clean()

    def _clean_stop(self) -> None:
        """What belongs to the end that was not chosen says nothing, and is not refused either."""
        for name in ("pairs_per_prompt",) if self.chooses else ("precision", "max_calls"):
            self.cleaned_data[name] = None
            self.errors.pop(name, None)
        if self.chooses and "precision" not in self.errors and self.cleaned_data["precision"] is None:
            self.add_error("precision", gettext("Say to how many Elo points its place shall be known, for example 20."))
        for name in ("precision", "max_calls"):
            alone: dict[str, Any] = {name: self.cleaned_data.get(name)}
            try:
                chosen_rule(**alone)
            except RunCannotStart as problem:
                self.add_error(name, str(problem))

    @property
    def chooses(self) -> bool:
        """The run chooses its matches until the model's place is known."""
        return self.cleaned_data.get("stop") == PRECISION

    @property
    def starts(self) -> bool:
        return self.data.get("step") == "start"

    @property
    def key_was_given(self) -> bool:
        return bool(self.data.get("key") or self.data.get("key_was_given"))

    @property
    def price(self) -> Price | None:
        read, written = self.cleaned_data["usd_in"], self.cleaned_data["usd_out"]
        return None if read is None or written is None else Price(read, written)

    def plan(self) -> Plan | None:
        """What the run comes to; None where it chooses its matches."""
        if self.chooses:
            return None
        chosen = ("name", "prompt_sets", "opponents", "judges", "family", "pairs_per_prompt")
        told = {name: self.cleaned_data[name] for name in chosen}
        return submission_plan(board=self.board, price=self.price, **told)

    def foretold(self, owner: User) -> Foretold | None:
        """What a run that chooses its matches comes to, about; None where it does not, or was refused."""
        return self._with_wish(submission_foretold, owner) if self.chooses else None

    def submit(self, owner: User) -> Run | None:
        """The run that was started; None when it was refused."""
        return self._with_wish(submit_contender, owner)

    def _with_wish(self, take: Callable[..., T], owner: User) -> T | None:
        """What `take` makes of the wish; None when it refuses it, with the sentence at the field it is about."""
        beside = ("usd_in", "usd_out", "stop")
        told = {name: value for name, value in self.cleaned_data.items() if name not in beside}
        try:
            return take(owner=owner, board=self.board, price=self.price, **told)
        except UnusableAddress as problem:
            self.add_error("base_url", str(problem))
        except NameIsTaken as problem:
            self.add_error("name", str(problem))
        except RunCannotStart as problem:
            self.add_error(None, str(problem))
        return None
