from pathlib import Path

import pytest

from tests.apps.exchange.rows import answer, question, write


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """A folder with one question of two turns and both models' answers to it."""
    folder = tmp_path / "known"
    write(folder / "question.jsonl", question())
    write(folder / "alder.jsonl", answer("Alder"))
    write(folder / "birch.jsonl", answer("Birch"))
    return folder
