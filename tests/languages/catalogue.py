"""What is marked for translation, and the catalogues that translate it. `make messages` brings these up to date.

Needs no gettext: Django's templatize and Babel find what is marked, Babel writes the .po and the .mo beside it.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
PYTHON = ("judgeboard", "apps")
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
WIDTH = 120
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,  # of templates: a filter's argument
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def marked() -> Catalog:
    """All that is marked in templates and Python, in the order of its files."""
    found = Catalog(project="judgeboard", charset="utf-8")
    for path in (*sorted(TEMPLATES.rglob("*.html")), *_python()):
        for _, text, comments, context in _extracted(path):
            origin = (path.relative_to(ROOT).as_posix(), 0)
            found.add(text, locations=[origin], auto_comments=comments, context=context)
    return found


def catalogue(language: str) -> Catalog:
    with _path(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def compiled(language: str) -> bytes:
    return _path(language).with_suffix(".mo").read_bytes()


def packed(known: Catalog) -> bytes:
    """The .mo of a catalogue."""
    file = BytesIO()
    write_mo(file, known)
    return file.getvalue()


def update(language: str) -> str:
    """Brings both files of a language up to date, and says what is to be done by hand."""
    known, found = catalogue(language), marked()
    found.creation_date = known.creation_date  # else each run changes the file
    known.update(found, no_fuzzy_matching=True)
    known.obsolete.clear()
    with _path(language).open("wb") as file:
        write_po(file, known, width=WIDTH, include_lineno=False, sort_by_file=False)
    _path(language).with_suffix(".mo").write_bytes(packed(known))
    missing = [message.id for message in known if message.id and not strings_of(message)]
    return f"{language}: {len(known)} messages, {len(missing)} without a translation."


def key_of(message: Message) -> tuple[str | None, tuple[str, ...]]:
    """Its context and its English, one form or two."""
    return message.context, (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings_of(message: Message) -> tuple[str, ...]:
    """Its translation, or the plural forms of it; none if any of them is missing."""
    told = message.string or ""
    strings = (told,) if isinstance(told, str) else tuple(told)
    return strings if all(strings) else ()


def _python() -> Iterator[Path]:
    for folder in PYTHON:
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def _extracted(path: Path) -> Iterator[tuple]:
    text = path.read_text()
    if path.suffix == ".html":
        # What is no message is blanked out and would be no Python: what it is indented by says nothing.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return extract("python", BytesIO(text.encode()), KEYWORDS, comment_tags=("Translators",))


def _path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    for each in LANGUAGES:
        sys.stdout.write(update(each) + "\n")
