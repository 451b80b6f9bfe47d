"""The settings as a fresh process reads them from its environment."""

import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from judgeboard.env import env_bool, env_dollars, env_int, env_list, env_str, kept_secret, require_for_production

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "JUDGEBOARD_MODE": "production",
    "SECRET_KEY": "made up, and longer than fifty characters, as it should be: 0123456789",
    "SEAL_KEYS": "bWFkZS11cC1tYWRlLXVwLW1hZGUtdXAtbWFkZS11cCE=",
    "ALLOWED_HOSTS": "board.example.org",
    "DATABASE_URL": "postgres://nobody:none@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
NEEDED = sorted(set(PRODUCTION) - {"JUDGEBOARD_MODE"})


def read(var: Path, expression: str = "None", **environment: str) -> subprocess.CompletedProcess[str]:
    """Prints `expression` about the settings `s`, in a process with this environment and no other."""
    clean = {"PATH": os.environ["PATH"], "JUDGEBOARD_VAR": str(var), **environment}
    code = f"import judgeboard.settings as s; print({expression})"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=clean, capture_output=True, text=True)


def test_without_any_setting_everything_is_embedded(tmp_path):
    told = read(tmp_path, "(s.DATABASES['default']['NAME'], s.CELERY_BROKER_URL, s.DEBUG, s.ALLOWED_HOSTS)")

    expected = (str(tmp_path / "judgeboard.sqlite3"), "filesystem://", False, ["localhost", "127.0.0.1", "[::1]"])
    assert f"{expected}\n" == told.stdout


def test_embedded_secrets_are_made_once_and_for_their_owner_alone(tmp_path):
    first, second = (read(tmp_path, "s.SECRET_KEY + s.SEAL_KEYS[0]").stdout for _ in range(2))

    assert first == second
    assert {0o600} == {(tmp_path / name).stat().st_mode & 0o777 for name in ("secret.key", "seal.key")}


def test_production_starts_when_all_is_there(tmp_path):
    told = read(
        tmp_path, "s.PRODUCTION, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE", **PRODUCTION
    )

    assert "True True True True\n" == told.stdout
    assert not list(tmp_path.glob("*.key"))  # no secret is made up where one must be given


@pytest.mark.parametrize("missing", NEEDED)
def test_production_refuses_to_start_when_one_is_missing_and_names_it(tmp_path, missing):
    told = read(tmp_path, **{name: value for name, value in PRODUCTION.items() if name != missing})

    assert 1 == told.returncode
    assert f"JUDGEBOARD_MODE=production needs {missing} in the environment (see .env.example)." in told.stderr


def test_production_names_everything_that_is_missing_at_once(tmp_path):
    told = read(tmp_path, JUDGEBOARD_MODE="production", SECRET_KEY="  ")

    assert f"needs {', '.join(NEEDED)} in" in told.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("JUDGEBOARD_MODE", "prod", "JUDGEBOARD_MODE is 'prod'; expected embedded or production."),
        ("DEBUG", "maybe", "DEBUG is 'maybe'; expected one of 1, true, yes, on, 0, false, no, off."),
        ("CALL_DEADLINE", "soon", "CALL_DEADLINE is 'soon'; expected a whole number."),
        ("CALL_DEADLINE", "0", "CALL_DEADLINE is 0; expected 1 or more."),
    ],
)
def test_a_value_that_cannot_be_used_stops_the_start_with_a_sentence(tmp_path, name, value, told):
    assert told in read(tmp_path, **{name: value}).stderr


def test_the_deadlines_nest(settings):
    """A call ends before its task is ended, and a task before its message is handed to somebody else."""
    assert settings.CALL_DEADLINE < settings.TASK_TIME_LIMIT < settings.VISIBILITY_TIMEOUT
    assert settings.LEASE_HEARTBEAT < settings.LEASE_SECONDS


# --- the environment --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_words_for_yes(monkeypatch, word):
    monkeypatch.setenv("X", word)
    assert env_bool("X", False) is True


@pytest.mark.parametrize("word", ["0", "false", "No", "off", "", " "])
def test_words_for_no(monkeypatch, word):
    monkeypatch.setenv("X", word)
    assert env_bool("X", True) is False


def test_what_is_not_set_is_the_default(monkeypatch):
    monkeypatch.delenv("X", raising=False)

    assert (True, 7, "d", ["a", "b"]) == (env_bool("X", True), env_int("X", 7), env_str("X", "d"), env_list("X", "a,b"))


def test_an_empty_number_is_the_default(monkeypatch):
    monkeypatch.setenv("X", " ")
    assert 7 == env_int("X", 7)


def test_a_list_drops_blanks(monkeypatch):
    monkeypatch.setenv("X", " a, ,b,")
    assert ["a", "b"] == env_list("X")


def test_a_kept_secret_is_kept(tmp_path):
    path = tmp_path / "deep" / "secret"

    assert ("first", "first") == (kept_secret(path, lambda: "first"), kept_secret(path, lambda: "second"))


def test_missing_settings_are_named_in_order():
    with pytest.raises(ImproperlyConfigured, match="needs A, B in the environment"):
        require_for_production(B="", C="there", A=[])


@pytest.mark.parametrize(("word", "expected"), [("", None), ("0", Decimal(0)), (" 2.50 ", Decimal("2.50"))])
def test_dollars_are_read_to_the_cent_and_may_be_left_open(monkeypatch, word, expected):
    monkeypatch.setenv("X", word)

    assert expected == env_dollars("X")


@pytest.mark.parametrize("word", ["five", "-1", "nan", "inf", "$5"])
def test_dollars_that_are_none_are_refused_by_name(monkeypatch, word):
    monkeypatch.setenv("X", word)

    with pytest.raises(ImproperlyConfigured, match=f"X is '?{re.escape(word)}'?; expected"):
        env_dollars("X")
