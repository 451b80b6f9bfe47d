"""What is written for a server agrees with what the settings read. There is no Docker here: the files are parsed."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OF_COMPOSE_ALONE = {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}


def example() -> dict[str, str]:
    """The variables of .env.example, those that are commented out included, with the values shown."""
    found = re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(found) == len(dict(found)), "a variable is named twice"
    return dict(found)


def read_by_settings() -> set[str]:
    source = (ROOT / "judgeboard/settings.py").read_text()
    return set(re.findall(r"env_(?:str|bool|int|list|dollars)\(\s*\"([A-Z_]+)\"", source))


def required_for_production() -> set[str]:
    source = (ROOT / "judgeboard/settings.py").read_text()
    call = re.search(r"require_for_production\(\n(.*?)\n    \)", source, re.DOTALL)
    return set(re.findall(r"([A-Z_]+)=", call[1]))


def test_the_example_names_every_variable_that_the_settings_read_and_no_other():
    assert read_by_settings() | OF_COMPOSE_ALONE == set(example())


def test_the_example_holds_no_secret():
    secrets = {"SECRET_KEY", "SEAL_KEYS", *OF_COMPOSE_ALONE}

    assert {""} == {example()[name] for name in secrets}


def test_every_default_shown_is_the_default(settings):
    numbers = {name: int(value) for name, value in example().items() if value.isdigit() and name.isupper()}
    shown = {name: value for name, value in numbers.items() if name not in {"DEBUG", "BEHIND_PROXY"}}

    assert {name: getattr(settings, name) for name in shown} == shown
    assert shown


def test_what_production_needs_is_in_the_example_or_made_by_compose():
    made = set(SERVICES["web"]["environment"])
    to_be_filled_in = {name for name, value in example().items() if value == ""}

    assert required_for_production() <= made | to_be_filled_in


@pytest.mark.parametrize("name", ["web", "worker", "beat", "db", "redis"])
def test_every_service_has_a_health_check_and_starts_again(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert "unless-stopped" == SERVICES[name]["restart"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_ours_wait_for_healthy_servers_and_a_migrated_database(name):
    waits_for = {other: told["condition"] for other, told in SERVICES[name]["depends_on"].items()}

    assert {
        "db": "service_healthy",
        "redis": "service_healthy",
        "migrate": "service_completed_successfully",
    } == waits_for


def test_every_queue_that_tasks_are_sent_to_has_a_worker(settings):
    served = {
        queue
        for name in ("worker", "beat")
        for queue in SERVICES[name]["command"][SERVICES[name]["command"].index("-Q") + 1].split(",")
    }

    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} == served


def test_only_the_web_is_reachable_and_only_from_this_machine():
    assert {"web": ["127.0.0.1:8000:8000"]} == {name: s["ports"] for name, s in SERVICES.items() if "ports" in s}


def test_no_password_is_written_down():
    text = (ROOT / "docker-compose.yml").read_text()

    assert {"${POSTGRES_PASSWORD:?is missing in .env}", "${REDIS_PASSWORD:?is missing in .env}"} == set(
        re.findall(r"(?<!\$)\$\{.*?\}", text)
    )
    assert "environment" in SERVICES["db"] and "trust" not in text


def test_the_image_is_installed_by_hash_and_runs_as_nobody_in_particular():
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert any("--require-hashes" in line for line in lines)
    assert lines.index("USER judgeboard") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))


def test_the_lock_files_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()

        assert not re.findall(r"--(?:extra-)?index-url|https?://", text)
        assert re.findall(r"--hash=sha256:", text)
