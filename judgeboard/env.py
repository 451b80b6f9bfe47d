"""Reading the environment: a value that is there but unusable stops the start with one clear sentence."""

import os
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def env_str(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_bool(name: str, default: bool) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else is refused."""
    word = os.environ.get(name)
    if word is None:
        return default
    if word.strip().lower() in TRUE:
        return True
    if word.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {word!r}; expected one of 1, true, yes, on, 0, false, no, off.")


def env_int(name: str, default: int, *, least: int = 0) -> int:
    """A whole number not below `least`."""
    word = os.environ.get(name)
    if word is None or not word.strip():
        return default
    try:
        number = int(word)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {word!r}; expected a whole number.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} is {number}; expected {least} or more.")
    return number


def env_dollars(name: str) -> Decimal | None:
    """Not below 0; None where it is not set."""
    word = env_str(name)
    if not word:
        return None
    try:
        dollars = Decimal(word)
    except InvalidOperation:
        raise ImproperlyConfigured(f"{name} is {word!r}; expected dollars, for example 5 or 2.50.") from None
    if not dollars.is_finite() or dollars < 0:
        raise ImproperlyConfigured(f"{name} is {word}; expected 0 or more.")
    return dollars


def env_list(name: str, default: str = "") -> list[str]:
    """Comma-separated words, blanks dropped."""
    return [word.strip() for word in env_str(name, default).split(",") if word.strip()]


def kept_secret(path: Path, make: Callable[[], str] = get_random_secret_key) -> str:
    """The secret in `path`, made on first use and readable by its owner only: the embedded default needs no setting."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(make())
    return path.read_text().strip()


def require_for_production(**values: object) -> None:
    """Names every setting that production lacks, all in one sentence."""
    missing = sorted(name for name, value in values.items() if not value)
    if missing:
        raise ImproperlyConfigured(
            f"JUDGEBOARD_MODE=production needs {', '.join(missing)} in the environment (see .env.example)."
        )
