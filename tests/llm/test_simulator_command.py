"""The simulator as a process: says where it listens, ends when told, explains what it cannot do."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from judgeboard.llm.simulator import main

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "judgeboard.llm.simulator"]


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A simulator process and its base URL; killed at the end of the block if it still lives."""
    with subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, json.loads(process.stdout.readline())["base_url"]
        finally:
            process.kill()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_cleanly_on_a_signal(signum):
    with started() as (process, base_url):
        with urllib.request.urlopen(f"{base_url}/models") as response:
            assert 34 == len(json.load(response)["data"])
        os.kill(process.pid, signum)
        assert 0 == process.wait(timeout=10)
        assert "" == process.stdout.read()


def test_it_ends_at_once_although_a_planted_time_out_still_hangs():
    with started("--timed-out", "1", "--hang", "600") as (process, base_url):
        address = base_url.removeprefix("http://").removesuffix("/v1").split(":")
        body = b'{"model": "sim-elm", "messages": [{"role": "user", "content": "Hello"}]}'
        with socket.create_connection((address[0], int(address[1]))) as line:
            line.sendall(
                b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            _wait_until_counted(base_url)
            process.terminate()
            assert 0 == process.wait(timeout=10)


def _wait_until_counted(base_url: str) -> None:
    while True:
        with urllib.request.urlopen(f"{base_url.removesuffix('/v1')}/simulator/counts") as response:
            if json.load(response)["requests"]:
                return


def test_options_reach_the_server():
    with started("--seed", "7", "--api-key", "sesame", "--faults", "0.1") as (_, base_url):
        with urllib.request.urlopen(f"{base_url.removesuffix('/v1')}/simulator/truth") as response:
            assert 7 == json.load(response)["seed"]
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{base_url}/models")


def test_a_port_that_is_taken_is_named(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert 1 == main(["--port", str(port)])
    assert f"Cannot listen on 127.0.0.1 port {port}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--faults", "1.5"], "add up to 1.5"),
        (["--faults", "-0.5"], "must be a number from 0 up"),
        (["--faults", "0.1", "--half-json", "0.1"], "not both"),
        (["--latency", "-1"], "seconds from 0 up"),
        (["--latency", "nan"], "seconds from 0 up"),
        (["--response-format", "maybe"], "--response-format"),
        (["--port", "high"], "--port"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_with_a_sentence(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert 2 == ended.value.code
    assert sentence in capsys.readouterr().err
