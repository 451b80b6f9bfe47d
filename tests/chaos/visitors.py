"""The pages as an installation serves them, and people who read, vote and submit there, each over a browser's session."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from django.contrib.auth.models import User
from django.test import Client

from workers.processes import Processes, free_port

CSRF = "a" * 32  # a visitor's own token: what counts is that cookie and header say the same
SECONDS_TO_START = 60


def start_web(running: Processes) -> str:
    """gunicorn, as an installation has it; its origin once it answers."""
    port = free_port(0)
    web = ("-m", "gunicorn", "judgeboard.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4")
    running.start("web", sys.executable, *web)
    origin, deadline = f"http://127.0.0.1:{port}", time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{origin}/healthz")
            return origin
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError("The web did not start.")


@dataclass
class Visitor:
    """Somebody who is signed in, and the answers that were got."""

    http: httpx.Client
    answers: list[httpx.Response] = field(default_factory=list)

    def get(self, path: str) -> httpx.Response:
        return self._noted(self.http.get(path))

    def post(self, path: str, **form: object) -> httpx.Response:
        return self._noted(self.http.post(path, data=form))

    def vote(self, choice: str) -> httpx.Response:
        """On the ballot that is shown; when it is not shown, that is the answer."""
        shown = self.get("/vote/")
        found = re.search(r'action="(/vote/[^"/]+/)"', shown.text)
        return self.post(found[1], choice=choice) if found else shown

    def submit(self, **form: object) -> httpx.Response:
        return self.post("/submit/", step="start", **form)

    def _noted(self, answer: httpx.Response) -> httpx.Response:
        self.answers.append(answer)
        return answer


@contextmanager
def visitor(origin: str, name: str) -> Iterator[Visitor]:
    """A new account, signed in already."""
    signed_in = Client()
    signed_in.force_login(User.objects.create_user(name))
    cookies = {"sessionid": signed_in.cookies["sessionid"].value, "csrftoken": CSRF}
    with httpx.Client(base_url=origin, cookies=cookies, headers={"X-CSRFToken": CSRF}, timeout=30) as http:
        yield Visitor(http)
