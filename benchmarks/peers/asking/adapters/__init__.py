"""How each peer asks, in its own words. An adapter runs only in the interpreter of its peer.

`prepared(job)` gives what asks; only that is timed. `verdicts(job)` are those that the peer has kept, also after it
broke off; what it keeps without a verdict is of none of the kinds in `exchange`. REMARK: what it cannot do.
"""

from pathlib import Path

from benchmarks.peers.venvs import peers_with_adapter

PEERS = peers_with_adapter(Path(__file__).parent)
ABSENT = {"arena-hard": "its scripts are no package of the registry"}
