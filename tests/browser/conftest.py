from collections.abc import Iterator

import pytest

from tests.browser.site import Site, standing_site


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, browser) -> Iterator[Site]:
    """One site for all tests of a file. They look, or write what the others do not read."""
    with django_db_blocker.unblock(), standing_site() as standing:
        yield standing
