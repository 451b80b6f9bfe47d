"""How much memory the interpreter of a peer took."""

import resource
import sys
from pathlib import Path


def peak_mb() -> float:
    """Of this process alone where the system says so: getrusage starts from what the parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024
