from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.endpoints.address import UnusableAddress, check_base_url
from apps.endpoints.models import Endpoint

PRICE = ("usd_per_million_in", "usd_per_million_out", "price_source", "price_date")


class EndpointForm(forms.ModelForm):
    """The key goes in and never comes out: what is stored is shown by its last four characters only."""

    new_key = forms.CharField(
        required=False,
        strip=True,
        max_length=1000,
        label="New key",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
        help_text="Replaces the stored key. Empty: the stored key stays, unless the address leads elsewhere.",
    )
    forget_key = forms.BooleanField(required=False, label="Erase the stored key")

    class Meta:
        model = Endpoint
        limits = ("concurrency", "deadline", "requests_per_minute", "tokens_per_minute", "limit_group")
        fields = ("name", "base_url", "model", "owner", *limits, "simulated", *PRICE)

    def clean_base_url(self) -> str:
        try:
            return check_base_url(self.cleaned_data["base_url"])
        except UnusableAddress as problem:
            raise ValidationError(str(problem)) from None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("forget_key") and self.cleaned_data.get("new_key"):
            raise ValidationError("Either enter a new key or erase the stored one.")
        sides = [self.cleaned_data.get(name) is None for name in PRICE[:2]]
        if any(sides) and not all(sides):
            raise ValidationError("A price has both sides: tokens in and tokens out.")
        return cleaned
