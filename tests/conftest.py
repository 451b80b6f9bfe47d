"""What the tests of every room share. The servers come from `tests.servers`, before anything here is read."""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.chromium import BROWSER_FOLDER, NO_CHROMIUM, find_chromium, running_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

    from judgeboard.llm.simulator import RunningSimulator


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """A password of a test is nobody's: hashing it slowly would only make the suite slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_page_is_kept() -> Iterator[None]:
    """What one test was shown is not what another shall be."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture(autouse=True)
def the_next_reads_english() -> Iterator[None]:
    """A page leaves its reader's language behind, in which commands and forms would speak to the next test."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture
def now() -> datetime:
    """This moment; rows made before it are ready, leases taken at it hold."""
    from django.utils import timezone

    return timezone.now()


@pytest.fixture
def simulator() -> Iterator["RunningSimulator"]:
    """A simulator on a free loopback port, with its default cast and no planted faults."""
    from judgeboard.llm.simulator import running_simulator

    with running_simulator() as running:
        yield running


@pytest.fixture
def child_environment(transactional_db) -> dict[str, str]:
    """The environment for a process that shall work on this test's database: rows must be committed to be seen there."""
    from django.db import connection

    if connection.vendor == "sqlite":
        pytest.skip("Another process cannot see SQLite's test database: it is in memory.")
    told = connection.settings_dict
    url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{told['NAME']}"
    return os.environ | {"DATABASE_URL": url}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FOLDER in item.path.parents:
            item.add_marker("browser")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not find_chromium():
        pytest.skip(NO_CHROMIUM)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(report.longrepr)]
    if skipped:
        terminalreporter.section("NO BROWSER", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} tests did not run. {NO_CHROMIUM}")


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with running_chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A fresh page; the test fails if the content security policy refused anything on it or a script raised an error."""
    page = browser.new_page()
    complaints: list[str] = []

    def listen(message: "ConsoleMessage") -> None:
        # An answer of 404 or the like may be what the test is about.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert [] == complaints
