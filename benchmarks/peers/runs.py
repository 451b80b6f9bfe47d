"""A module that runs in the interpreter of a peer and ends with one line of JSON."""

import json
import os
import signal
import subprocess
from typing import Any

from benchmarks.peers.venvs import ROOT, Absent, interpreter

PATIENCE = 900  # seconds


def reply(peer: str, module: str, *arguments: str) -> dict[str, Any]:
    """What the module told in the peer's interpreter. Raises Absent, for whatever reason there is no answer."""
    command = [str(interpreter(peer)), "-m", module, peer, *arguments]
    code, out, errors = _finished(command)
    if code:
        raise Absent((errors.strip().splitlines() or [f"ended with {code}"])[-1])
    told = json.loads(out.splitlines()[-1])
    if "absent" in told:
        raise Absent(told["absent"])
    return told


def _finished(command: list[str]) -> tuple[int, str, str]:
    """(exit code, output, errors). A session of its own, so that the workers of a peer that hangs end with it."""
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True, **pipes) as process:
        try:
            out, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise Absent(f"no answer after {PATIENCE} s") from None
        finally:
            _end(process)
    return process.returncode, out, errors


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
