"""The catalogues are whole, up to date, and what is compiled says the same. `make messages` mends what fails here."""

import re
from io import BytesIO

import pytest
from babel.messages import Message
from babel.messages.mofile import read_mo

from tests.languages.catalogue import LANGUAGES, catalogue, compiled, strings_of

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|<[^>]+>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_what_the_written_one_says(language):
    written = catalogue(language)
    read = read_mo(BytesIO(compiled(language)))

    said = {(message.context, message.id): strings_of(message) for message in read if message.id}

    assert {(message.context, message.id): strings_of(message) for message in written if message.id} == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    assert [] == [message.id for message in catalogue(language) if message.fuzzy and message.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_hold_the_same_places_and_the_same_markup(language):
    assert [] == [
        message.id for message in catalogue(language) if message.id and strings_of(message) and not _fits(message)
    ]


def _fits(message: Message) -> bool:
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    strings = strings_of(message)
    forms = ids if len(ids) == len(strings) else ids[:1] * len(strings)
    return all(_places(one) == _places(other) for one, other in zip(forms, strings, strict=True))


def _places(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))
