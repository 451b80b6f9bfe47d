"""Commands that run as on another machine: under a host name of their own. Linux, and root."""

import subprocess


def on_host(name: str) -> tuple[str, ...]:
    """What such a command begins with."""
    return ("unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', name)


def why_no_other_host() -> str | None:
    """None: a command can be given a host name of its own."""
    try:
        tried = subprocess.run([*on_host("elsewhere"), "hostname"], capture_output=True, text=True)
    except FileNotFoundError as missing:
        return str(missing)
    return None if tried.stdout.strip() == "elsewhere" else tried.stderr.strip()
