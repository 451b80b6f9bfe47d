"""One browser and one site for all tests of this folder. They look, or write what the others do not read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.one_site.site import Site, standing_site
from tests.chromium import running_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    with running_chromium() as launched:
        yield launched


@pytest.fixture(scope="package")
def site(django_db_setup, django_db_blocker, browser) -> Iterator[Site]:
    with django_db_blocker.unblock(), standing_site() as standing:
        yield standing
