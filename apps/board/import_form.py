"""The form of an import: a file, what it goes into, and who shall see it."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from apps.exchange.models import Upload
from apps.exchange.operations import MOST_BYTES, RefusedUpload, receive_upload
from apps.prompts.models import PromptSet
from apps.prompts.queries import prompt_sets

TOO_LARGE = gettext_noop("The file is larger than {mib} MiB; split it.")


class Bounded(FileUploadHandler):
    """Stands before the handler that keeps a file, and lets nothing more of it through once it is too large."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.exceeded = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > MOST_BYTES:
            self.exceeded = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


class ImportForm(forms.Form):
    """`too_large`: a file came that was not kept."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={"required": gettext_lazy("Choose a file first."), "empty": gettext_lazy("The file is empty.")},
        help_text=format_lazy(
            gettext_lazy("JSON lines, a JSON array or CSV; .gz too. At most {mib} MiB and 10,000 rows."),
            mib=MOST_BYTES // 2**20,
        ),
    )
    prompt_set = forms.ChoiceField(
        label=gettext_lazy("Goes into"),
        required=False,
        help_text=gettext_lazy("Answers without their prompts need the set that they answer."),
    )
    for_everybody = forms.BooleanField(
        label=gettext_lazy("Everybody sees it"),
        required=False,
        help_text=gettext_lazy(
            "As an import at the command line does: models and boards of that name are meant, and rated anew."
        ),
    )

    def __init__(self, *args: Any, user: User, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.too_large = user, too_large
        self.upload: Upload | None = None
        self.sets = {found.slug: found for found in self._sets()}
        choices = [
            (slug, gettext("{name} (only you see it)").format(name=found) if found.private_to_id else str(found))
            for slug, found in self.sets.items()
        ]
        offered = cast(forms.ChoiceField, self.fields["prompt_set"])
        offered.choices = [("", gettext("A set named after the file")), *choices]
        if not user.is_staff:
            del self.fields["for_everybody"]

    def _sets(self) -> Iterator[PromptSet]:
        """One's own; a maintainer's are all that everybody sees, too."""
        seen = prompt_sets(self.user)
        return (seen if self.user.is_staff else seen.exclude(private_to=None)).iterator()

    def clean(self) -> dict[str, Any] | None:
        if self.too_large:
            self.errors.pop("file", None)
            self.add_error("file", gettext(TOO_LARGE).format(mib=MOST_BYTES // 2**20))
        if not self.errors:
            self._check_who_sees_it()
        if not self.errors:
            self._receive(self.cleaned_data["file"])
        return super().clean()

    @property
    def for_all(self) -> bool:
        return bool(self.cleaned_data.get("for_everybody"))

    def _check_who_sees_it(self) -> None:
        chosen = self.sets.get(self.cleaned_data["prompt_set"])
        if chosen and self.for_all == bool(chosen.private_to_id):
            told = (
                gettext("Only you see {name}; choose another, or say who shall see the file.")
                if chosen.private_to_id
                else gettext("Everybody sees {name}; choose another, or say who shall see the file.")
            )
            self.add_error("prompt_set", told.format(name=chosen))

    def _receive(self, file: UploadedFile) -> None:
        try:
            self.upload = receive_upload(
                owner=self.user,
                name=file.name or "",
                chunks=file.chunks(),
                now=timezone.now(),
                prompt_set=self.cleaned_data["prompt_set"],
                for_everybody=self.for_all,
            )
        except RefusedUpload as problem:
            self.add_error("file", str(problem))
