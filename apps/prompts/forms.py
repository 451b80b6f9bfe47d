import json
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from apps.prompts.imports import PromptFile, UnreadableFile, read_prompt_file
from apps.prompts.messages import MalformedPrompt, check_messages, check_reference
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.texts import unstorable

CONFIRM_WITHIN = 3600  # seconds


class ReadableJSONField(forms.JSONField):
    """One line an entry, every script as itself."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, forms.fields.InvalidJSONInput):
            return value
        return json.dumps(value, ensure_ascii=False, indent=2)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if problem := unstorable(cleaned):
            raise ValidationError(f"This cannot be stored: {problem}.")
        return cleaned


class PromptForm(forms.ModelForm):
    """Tells what is wrong with messages and reference at the field itself."""

    class Meta:
        model = Prompt
        fields = ("prompt_set", "key", "category", "language", "messages", "reference", "notes")
        field_classes = {"messages": ReadableJSONField, "reference": ReadableJSONField}
        widgets = {
            "messages": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 12}),
            "reference": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 4}),
        }

    def clean_messages(self) -> Any:
        messages = self.cleaned_data["messages"]
        try:
            check_messages(messages)
        except MalformedPrompt as problem:
            raise ValidationError(str(problem)) from None
        return messages

    def clean_reference(self) -> Any:
        reference = self.cleaned_data["reference"] or []
        if "messages" in self.cleaned_data:
            turns = sum(message["role"] == "user" for message in self.cleaned_data["messages"])
            try:
                check_reference(reference, turns)
            except MalformedPrompt as problem:
                raise ValidationError(str(problem)) from None
        return reference

    def _post_clean(self) -> None:
        """The model's own check comes once the fields are right; it would repeat their errors without a place."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc] # a hook of Django's that its stubs do not know


class UploadForm(forms.Form):
    """The first step: a file, read for one prompt set, nothing written."""

    file = forms.FileField(label="JSON lines or CSV", widget=forms.FileInput(attrs={"accept": ".jsonl,.csv,.txt"}))

    def __init__(self, *args: Any, prompt_set: PromptSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prompt_set = prompt_set
        self.found: PromptFile | None = None

    def clean_file(self) -> bytes:
        data = self.cleaned_data["file"].read()
        self.found = _read(data, self.prompt_set)
        return data

    def confirmation(self) -> "ConfirmForm":
        """The second step. The file travels through the page, signed: nothing is stored in between."""
        text = self.cleaned_data["file"].decode("utf-8-sig")
        signed = signing.dumps(text, salt=_salt(self.prompt_set), compress=True)
        return ConfirmForm(initial={"signed": signed}, prompt_set=self.prompt_set)


class ConfirmForm(forms.Form):
    """The second step: the very file that was previewed, read again, since the set may have changed meanwhile."""

    signed = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, prompt_set: PromptSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prompt_set = prompt_set
        self.found: PromptFile | None = None

    def clean_signed(self) -> str:
        try:
            text = signing.loads(self.cleaned_data["signed"], salt=_salt(self.prompt_set), max_age=CONFIRM_WITHIN)
        except signing.BadSignature:
            raise ValidationError("The preview is more than an hour old or not ours; upload the file again.") from None
        self.found = _read(text.encode(), self.prompt_set)
        return text


def _read(data: bytes, prompt_set: PromptSet) -> PromptFile:
    try:
        return read_prompt_file(data, prompt_set)
    except UnreadableFile as problem:
        raise ValidationError(str(problem)) from None


def _salt(prompt_set: PromptSet) -> str:
    """A preview made for one set confirms nothing for another."""
    return f"apps.prompts.import.{prompt_set.pk}"
