"""The catalogues are whole, up to date, and what is compiled says the same. `make messages` mends what fails here."""

import re
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages import Message

from tests.languages.catalogue import LANGUAGES, catalogue, compiled, key_of, marked, strings_of

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|<[^>]+>")


@pytest.fixture(scope="module")
def found():
    return marked()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_what_the_written_one_says(language):
    read = GNUTranslations(BytesIO(compiled(language)))

    other = [
        message.id for message in catalogue(language) if message.id and strings_of(message) != _said(read, message)
    ]

    assert [] == other


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_marked_is_translated_and_nothing_else_is_kept(language, found):
    known = {key_of(message) for message in catalogue(language) if message.id and strings_of(message)}

    wanted = {key_of(message) for message in found if message.id}

    assert (set(), set()) == (wanted - known, known - wanted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    assert [] == [message.id for message in catalogue(language) if message.fuzzy and message.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_hold_the_same_places_and_the_same_markup(language):
    assert [] == [message.id for message in catalogue(language) if message.id and not _fits(message)]


def _said(read: GNUTranslations, message: Message) -> tuple[str, ...]:
    """One of a thing, and two."""
    context, ids = key_of(message)
    if len(ids) == 1:
        return (read.pgettext(context, *ids) if context else read.gettext(*ids),)
    return tuple(read.npgettext(context, *ids, n) if context else read.ngettext(*ids, n) for n in (1, 2))


def _fits(message: Message) -> bool:
    (_, ids), strings = key_of(message), strings_of(message)
    forms = ids if len(ids) == len(strings) else ids[:1] * len(strings)
    return all(_places(one) == _places(other) for one, other in zip(forms, strings, strict=True))


def _places(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))
