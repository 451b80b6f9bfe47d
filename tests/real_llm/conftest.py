"""A small real language model for the tests of this folder: started once, on one thread, in a venv of its own."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from judgeboard.arena.judge_reply import THREE_WAY

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-llm" / "bin" / "python"
NO_MODEL = "There is no .venv-llm, so no real language model was asked anything: `make test-llm` makes it."
KEY = "sk-small-and-real"
LONGEST_REPLY = 48  # tokens: the model would talk on and on, and nothing here is about what it says


@dataclass(frozen=True)
class SmallModelAddress:
    """Where the model answers. `guided`: the name under which it is held to a judge's legal verdicts."""

    base_url: str
    model: str
    guided: str
    tokens_per_second: int
    key: str = KEY


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallModelAddress]:
    log = tmp_path_factory.mktemp("small-model") / "stderr.log"
    options = ("--key", KEY, "--longest-reply", str(LONGEST_REPLY), "--menu", *THREE_WAY.tokens)
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [PYTHON, "-m", "tests.real_llm.serve", *options],
            cwd=ROOT,
            stdin=subprocess.PIPE,  # closed on leaving, which ends the server
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"The small model did not start:\n{log.read_text()[-2000:]}"
        yield SmallModelAddress(**json.loads(line))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints past pytest: what the model did is worth seeing, though nothing is demanded of it."""

    def said(line: str) -> None:
        with capsys.disabled():
            print(line)

    return said


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("llm") and not PYTHON.exists():
        pytest.skip(NO_MODEL)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_MODEL in str(report.longrepr)]
    if skipped:
        terminalreporter.section("NO MODEL", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} tests did not run. {NO_MODEL}")
