from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.db import transaction

from apps.budgets.price import Price
from apps.contenders.models import Contender
from apps.endpoints.address import UnusableAddress, check_base_url
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import move_endpoint, replace_key, want_check
from apps.judging.models import Judge
from apps.prompts.models import PromptSet
from apps.runs.models import Run
from apps.runs.operations import NameIsTaken, RunCannotStart, submit_contender
from apps.runs.plan import Offer, Plan, submission_plan

NAME_LENGTH = Endpoint._meta.get_field("name").max_length  # the endpoint is called like its model
WEIGHTS = [("", "Not said"), ("yes", "Open"), ("no", "Closed")]

one_line_of_ascii = RegexValidator(
    r"\A[\x21-\x7e]*\Z", "A key is one word of letters, digits and signs; this one has a space or another character."
)


def key_field() -> forms.CharField:
    """Write-only: what was typed is never rendered again."""
    return forms.CharField(
        label="Key",
        required=False,
        max_length=500,
        validators=[one_line_of_ascii],
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Sealed when stored, sent to this address only, never shown again. Leave empty if none is needed.",
    )


def base_url_field() -> forms.CharField:
    return forms.CharField(
        label="Base URL",
        max_length=300,
        widget=forms.URLInput(attrs={"placeholder": "https://api.example.com/v1", "spellcheck": "false"}),
        help_text="OpenAI-compatible: /chat/completions is added to it.",
    )


def price_field(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=10, decimal_places=6, help_text=help_text
    )


def budget_field(*, required: bool, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label="Budget in $",
        required=required,
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        help_text=help_text,
    )


class BudgetForm(forms.Form):
    """Another cap for a run; one below what is spent stops it at once."""

    budget_usd = budget_field(required=True)

    @classmethod
    def to_change(cls, run: Run) -> "BudgetForm":
        cap = run.budget.cap if run.budget else None
        return cls(initial={"budget_usd": None if cap is None else f"{cap:.2f}"})


class AddressForm(forms.Form):
    """Where a model is asked, and with which key."""

    base_url = base_url_field()
    key = key_field()

    @classmethod
    def to_mend(cls, endpoint: Endpoint, *, asked: bool, data: Any = None) -> "AddressForm":
        """For an endpoint that is there. Once prompts were `asked` the address stays: elsewhere is another model."""
        form = cls(data, initial={"base_url": endpoint.base_url})
        form.fields["base_url"].disabled = asked
        form.fields["key"].help_text = "Leave empty to keep the key; for another address it must be entered anew."
        return form

    def clean_base_url(self) -> str:
        try:
            return check_base_url(self.cleaned_data["base_url"])
        except UnusableAddress as problem:
            raise forms.ValidationError(str(problem)) from None

    @transaction.atomic
    def mend(self, endpoint: Endpoint) -> None:
        """Takes over address and key, and has them checked."""
        move_endpoint(endpoint=endpoint, base_url=self.cleaned_data["base_url"])
        if self.cleaned_data["key"]:
            replace_key(endpoint=endpoint, key=self.cleaned_data["key"])
        want_check(endpoint=endpoint)


class PromptSetChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Of a prompt set that was offered, and so counted."""
        return f"{obj} · {obj.n_prompts} prompts"


class PlayerChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """Of a model or a judge: whoever is simulated is said to be, wherever the name stands."""
        return f"{obj} (simulated)" if obj.simulated else str(obj)


class SubmitForm(AddressForm):
    """One page: connect, card, plan. `offer` says what the board has to compare with."""

    field_order = ["base_url", "model", "key", "name"]

    model = forms.CharField(
        label="Model name",
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "my-model-7b", "spellcheck": "false", "autocomplete": "off"}),
        help_text="As this endpoint calls it.",
    )
    name = forms.CharField(label="Display name", max_length=NAME_LENGTH, help_text="As the board shall call it.")
    organisation = forms.CharField(max_length=120, required=False)
    licence = forms.CharField(max_length=120, required=False)
    open_weights = forms.ChoiceField(label="Weights", choices=WEIGHTS, required=False)
    family = forms.CharField(
        max_length=80, required=False, help_text="For example llama. A judge of the same family is not asked about it."
    )
    card = forms.CharField(
        label="Description",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What people should know about it. Markdown.",
    )
    # What there is to choose from depends on the board, so it comes with the offer.
    prompt_sets = PromptSetChoice(PromptSet.objects.none(), widget=forms.CheckboxSelectMultiple, label="Prompt sets")
    opponents = PlayerChoice(Contender.objects.none(), widget=forms.CheckboxSelectMultiple)
    judges = PlayerChoice(Judge.objects.none(), widget=forms.CheckboxSelectMultiple)
    pairs_per_prompt = forms.IntegerField(
        label="Opponents per prompt",
        required=False,
        min_value=1,
        max_value=1000,
        help_text="A sample of so many opponents on each prompt, drawn evenly. Empty: all of them.",
    )
    usd_in = price_field("$ per million tokens in", "What your endpoint takes for what it reads; 0 if it is free.")
    usd_out = price_field("$ per million tokens out", "And for what it writes.")
    budget_usd = budget_field(required=False, help_text="The run stops before it would spend more. Empty: no cap.")

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = offer.board
        for name in ("prompt_sets", "opponents", "judges"):
            field, rows = cast(forms.ModelMultipleChoiceField, self.fields[name]), getattr(offer, name)
            field.queryset = rows
            field.initial = [row.pk for row in rows]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Contender.objects.filter(name=name).exists():
            raise forms.ValidationError(f"There is a model called {name!r} already; choose another name.")
        return name

    def clean_open_weights(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["open_weights"])

    def clean(self) -> dict[str, Any] | None:
        if (self.cleaned_data.get("usd_in") is None) != (self.cleaned_data.get("usd_out") is None):
            missing = "usd_in" if self.cleaned_data.get("usd_in") is None else "usd_out"
            self.add_error(missing, "A price has both sides: tokens in and tokens out.")
        if self.data.get("key_was_given") and self.starts and not self.data.get("key"):
            self.add_error("key", "Enter the key once more: it was not kept between the two steps.")
        return super().clean()

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

    def plan(self) -> Plan:
        chosen = ("name", "prompt_sets", "opponents", "judges", "family", "pairs_per_prompt")
        told = {name: self.cleaned_data[name] for name in chosen}
        return submission_plan(board=self.board, price=self.price, **told)

    def submit(self, owner: User) -> Run | None:
        """The run that was started; None when it was refused, with the sentence at the field it is about."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in ("usd_in", "usd_out")}
        try:
            return submit_contender(owner=owner, board=self.board, price=self.price, **told)
        except UnusableAddress as problem:
            self.add_error("base_url", str(problem))
        except NameIsTaken as problem:
            self.add_error("name", str(problem))
        except RunCannotStart as problem:
            self.add_error(None, str(problem))
        return None


class SignUpForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("username",)
