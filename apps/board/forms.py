from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from apps.endpoints.address import UnusableAddress, check_base_url
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import move_endpoint, replace_key, want_check
from apps.runs.models import Run

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

one_line_of_ascii = RegexValidator(
    r"\A[\x21-\x7e]*\Z",
    gettext_lazy("A key is one word of letters, digits and signs; this one has a space or another character."),
)


def key_field() -> forms.CharField:
    """Write-only: what was typed is never rendered again."""
    return forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=500,
        validators=[one_line_of_ascii],
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Sealed when stored, sent to this address only, never shown again. Leave empty if none is needed."
        ),
    )


def base_url_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Base URL"),
        max_length=300,
        widget=forms.URLInput(attrs={"placeholder": "https://api.example.com/v1", "spellcheck": "false"}),
        help_text=gettext_lazy("OpenAI-compatible: /chat/completions is added to it."),
    )


def price_field(label: "StrOrPromise", help_text: "StrOrPromise") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=10, decimal_places=6, help_text=help_text
    )


def tell_ration(field: forms.Field, left: Decimal | None) -> None:
    """What a budget comes to that is left empty by somebody whose runs are rationed; None: they are not."""
    if left is not None:
        told = gettext("The run stops before it would spend more. Empty: the ${left} that your runs may still spend.")
        field.help_text = told.format(left=f"{left:.2f}")


def budget_field(*, required: bool) -> forms.DecimalField:
    may_be_empty = gettext_lazy("The run stops before it would spend more. Empty: no cap.")
    return forms.DecimalField(
        label=gettext_lazy("Budget in $"),
        required=required,
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        help_text="" if required else may_be_empty,
    )


def pairs_field(label: "StrOrPromise", help_text: "StrOrPromise") -> forms.IntegerField:
    """How much of all that could meet does meet on a prompt."""
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=1000, help_text=help_text)


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
        form.fields["key"].help_text = gettext(
            "Leave empty to keep the key; for another address it must be entered anew."
        )
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


class SignUpForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("username",)
