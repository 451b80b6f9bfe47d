"""python -m benchmarks.peers.asking [judgments] [at once] [peers]: without waiting for the whole benchmark."""

import sys

from benchmarks.peers.asking.adapters import PEERS
from benchmarks.peers.asking.table import show


def main(count: str = "1000", at_once: str = "100", peers: str = ",".join(PEERS)) -> None:
    show(int(count), int(at_once), tuple(peers.split(",")))


if __name__ == "__main__":
    main(*sys.argv[1:])
