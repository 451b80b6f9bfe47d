"""Somebody to sign in as: the demo listens on this machine only, and the password is new at every start."""

import secrets

from django.contrib.auth.models import User

VISITOR = "demo"


def visitor_password() -> str:
    """Makes the visitor, or gives it a new password."""
    password = secrets.token_urlsafe(9)
    visitor, _ = User.objects.get_or_create(username=VISITOR, defaults={"is_staff": True, "is_superuser": True})
    visitor.set_password(password)
    visitor.save()
    return password
