"""The Chromium of this machine, if it has one. None is downloaded."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSER_FOLDER = Path(__file__).resolve().parent / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = "No Chromium was found: install one (apt-get install chromium) or name it in CHROMIUM=/path/to/it."
FLAGS = [
    "--no-sandbox",  # it refuses to run as root with one, and all it opens is our own pages
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers often have a /dev/shm of 64 MB
    # No traffic of its own:
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def find_chromium() -> str | None:
    """The path of a Chromium that starts, or None."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    return next((path for path in candidates if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """Some distributions ship a `chromium-browser` that only says how to install one."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, stdin=subprocess.DEVNULL, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@contextmanager
def running_chromium() -> Iterator["Browser"]:
    """A Chromium without a window.

    Playwright keeps an event loop in this thread: Django takes it for a reason to refuse queries, and keeps connections
    of its own beside it, which nobody else would close.
    """
    from django.db import connections
    from playwright.sync_api import sync_playwright

    with patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}), sync_playwright() as playwright:
        with playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS) as launched:
            yield launched
        connections.close_all()
