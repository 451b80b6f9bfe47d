"""An interpreter for each peer, with nothing in it but what the peer needs, made on first use."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".venv-peers"
# Exact versions, but no hashes: nothing here is shipped, or trusted with data.
REQUIREMENTS = Path(__file__).parent / "requirements"
OURS = ("judgeboard", "judgeboard-ids")


class Absent(Exception):
    """A peer that cannot be installed, or does not offer a task."""


def peers_with_adapter(folder: Path) -> tuple[str, ...]:
    """Those whose adapter is in the folder, by name."""
    peers = sorted(file.stem for file in REQUIREMENTS.glob("*.txt"))
    return tuple(peer for peer in peers if (folder / f"{peer.replace('-', '_')}.py").exists())


def interpreter(peer: str) -> Path:
    """The Python that has the peer; it is made anew when its requirements changed. Raises Absent."""
    if peer in OURS:
        return Path(sys.executable)
    wanted, installed = REQUIREMENTS / f"{peer}.txt", CACHE / peer / ".installed"
    if not installed.exists() or installed.read_text() != wanted.read_text():
        _make(peer, wanted)
        installed.write_text(wanted.read_text())
    return _python(peer)


def _make(peer: str, wanted: Path) -> None:
    print(f"Installing {peer} into {CACHE.name}/{peer} ...", file=sys.stderr)
    CACHE.mkdir(exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n")
    _run(peer, sys.executable, "-m", "venv", "--clear", str(CACHE / peer))
    # The lists are complete, less what a peer imports only to draw or to serve models (torch would be 2 GB).
    _run(peer, str(_python(peer)), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(wanted))


def _python(peer: str) -> Path:
    return CACHE / peer / "bin" / "python"


def _run(peer: str, *command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise Absent(f"{peer} cannot be installed: {said[-1]}")
