"""How releases are told of."""

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from apps.board import wording
from apps.board.context import Context
from apps.ratings.release_steps import Few, Step

register = template.Library()


@register.filter
def named(few: Few, context: Context | None) -> str:
    """`{{ step.leaders|named:context }}`: Aster, Briar and 3 more, each leading to its page."""
    query = context.carried if context else ""
    links = [
        format_html('<a href="{}{}">{}</a>', reverse("board:model", args=[model.slug]), query, model.name)
        for model in few.named
    ]
    more = [ngettext("{n} more", "{n} more", few.more).format(n=few.more)] if few.more else []
    return wording.listed([*links, *more])


@register.filter
def headline(step: Step) -> str:
    """`{{ step|headline }}`: 2 models joined, 1 rose since 23 January 2025."""
    assert step.since is not None
    day = date_format(step.since.day, gettext("j F Y"))
    return gettext("{changes} since {day}").format(changes=", ".join(_changes(step)), day=day)


def _changes(step: Step) -> list[str]:
    joined, left, risen, fallen = (few.n for few in (step.joined, step.left, step.risen, step.fallen))
    told = []
    if joined:
        told.append(ngettext("{n} model joined", "{n} models joined", joined).format(n=joined))
        if step.changed_models == joined:
            told.append(gettext("none moved"))
    elif not step.changed_models:
        told.append(gettext("No model moved"))
    if risen:
        told.append(ngettext("{n} rose", "{n} rose", risen).format(n=risen))
    if fallen:
        told.append(ngettext("{n} fell", "{n} fell", fallen).format(n=fallen))
    if left and not (joined or risen or fallen):
        told.append(ngettext("{n} model left", "{n} models left", left).format(n=left))
    return told
