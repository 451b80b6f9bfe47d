"""What each peer is asked to do, in its own words. An adapter runs only in the interpreter of its peer.

`taken(board)` is the board in the shape the peer takes; making it is not timed. Tasks get that and return Rated:
`fit`, `interval` (in closed form), `bootstrap(given, rounds)`, `style`, `elo`. A task that is missing is not offered.
NOTES by task say where a peer solves another problem than we do.
"""

from pathlib import Path

from benchmarks.peers.venvs import OURS, peers_with_adapter

PEERS = (*OURS, *peers_with_adapter(Path(__file__).parent))
