"""The demo's own environment: embedded, under `var/demo`, whatever database or broker the shell knows of."""

import os
import shutil
import sys

from django.conf import settings

MARK = "JUDGEBOARD_DEMO"
FOLDER = "demo"
# A killed worker's rows come back within seconds, and lanes take turns quickly: a demo is short.
SETTINGS = {"LEASE_SECONDS": "9", "LEASE_HEARTBEAT": "3", "DRAIN_SLICE": "5"}
LOOPBACK = "127.0.0.0/8"  # where the simulator listens
DROPPED = ("DATABASE_URL", "REDIS_URL", "JUDGEBOARD_MODE")


def enter(*, fresh: bool) -> None:
    """Starts this very command again inside the demo's environment; returns once it is there.

    Settings are read when Django starts, so a process cannot change its own.
    """
    if os.environ.get(MARK):
        return
    folder = settings.VAR_DIR.resolve() / FOLDER  # a folder of its own: what --fresh deletes is the demo's alone
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    allowed = ",".join(filter(None, (os.environ.get("ALLOWED_NETWORKS"), LOOPBACK)))
    own = {MARK: "1", "JUDGEBOARD_VAR": str(folder), "ALLOWED_NETWORKS": allowed}
    os.execve(sys.executable, [sys.executable, *sys.argv], kept | SETTINGS | own)  # noqa: S606 (this very command)
