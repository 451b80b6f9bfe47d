"""What people read in a template is marked for translation. Not on pages of the admin, nor in what is English for all."""

import pytest

from tests.languages.catalogue import TEMPLATES
from tests.languages.unmarked import unmarked

ENGLISH = ("admin", "embed.html")
READ = [
    path.relative_to(TEMPLATES).as_posix()
    for path in sorted(TEMPLATES.rglob("*.html"))
    if not set(ENGLISH) & set(path.relative_to(TEMPLATES).parts)
]


@pytest.mark.parametrize("template", READ)
def test_nothing_that_people_read_is_left_unmarked(template):
    assert [] == unmarked((TEMPLATES / template).read_text())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Read me</p>", ["Read me"]),
        ('<p>{% translate "Read me" %} {{ name }} · 5 %</p>', []),
        ("<p>{% blocktranslate %}Read {{ name }}{% endblocktranslate %}</p>", []),
        ('<p title="Read me">{% if it %}judgeboard{% endif %}</p>', ["Read me"]),
        ("<p>{% if it %}read{% else %}it{% endif %}</p>", ["readit"]),
        ('<p>{{ n }} {{ n|pluralize:"vote,votes" }}</p>', ['"vote,votes"']),
        ('<p>{{ it|default:"none" }} {{ it|default:_("none") }}</p>', ['"none"']),
        ('{% include "it.html" with title="Read me" %}', ['"Read me"']),
        ("<code>make demo</code> {# a note #}", []),
    ],
)
def test_what_is_unmarked_is_found(source, found):
    assert found == unmarked(source)
