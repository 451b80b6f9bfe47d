"""What somebody brought for themselves: until it is published nobody else sees it, on a page, in a file, by the API."""

from typing import Any, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q

Viewer = User | AnonymousUser  # whoever looks at a page
STRANGER = AnonymousUser()

M = TypeVar("M", bound=models.Model)


def seen_by(viewer: Viewer = STRANGER, path: str = "") -> Q:
    """What `viewer` may see, from whatever row leads to it by `path`. Maintainers look into the admin instead."""
    public = Q(**{f"{path}private_to": None})
    return public | Q(**{f"{path}private_to": viewer.pk}) if viewer.is_authenticated else public


class PrivateQuerySet(models.QuerySet[M]):
    def public(self) -> Self:
        return self.filter(private_to=None)

    def seen_by(self, viewer: Viewer) -> Self:
        return self.filter(seen_by(viewer))


def private_to() -> "models.ForeignKey[Any, Any]":
    """Whose it is alone. An account with something private is not deleted by the way: that would publish or lose it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Empty: everybody sees it.",
    )
