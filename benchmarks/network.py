"""Hosts that are none: network namespaces with an address and a host name of their own, on a bridge of this machine."""

import ipaddress
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.other_hosts import on_host, why_no_other_host

BRIDGE = f"jb{os.getpid()}"
# 198.18.0.0/15 is set aside for benchmarks of networks (RFC 2544): nobody's addresses are hidden by it.
NETWORK = ipaddress.ip_network(f"198.18.{os.getpid() % 256}.0/24")
HERE, *ADDRESSES = map(str, list(NETWORK.hosts())[:10])


class NoHosts(RuntimeError):
    """They cannot be made here; says why."""


@contextmanager
def hosts(*names: str) -> Iterator[str]:
    """The address at which this machine is reached from them; they go with the block. Raises NoHosts."""
    if os.geteuid() != 0:
        raise NoHosts("only root may make network namespaces")
    if shutil.which("ip") is None:
        raise NoHosts("there is no `ip` here (Debian and Ubuntu have it in iproute2)")
    if (refused := why_no_other_host()) is not None:
        raise NoHosts(f"no process can be given a host name of its own ({refused})")
    with ExitStack() as stack:
        _make(stack, f"link add {BRIDGE} type bridge", f"link del {BRIDGE}")
        _ip(f"addr add {HERE}/{NETWORK.prefixlen} dev {BRIDGE}")
        _ip(f"link set {BRIDGE} up")
        for number, (name, address) in enumerate(zip(names, ADDRESSES, strict=False)):
            _make(stack, f"netns add {_space(name)}", f"netns del {_space(name)}")
            _connect(_space(name), f"{BRIDGE}-{number}", address)
        yield HERE


def _connect(space: str, cable: str, address: str) -> None:
    """A cable from the bridge into the namespace, which is gone with it."""
    _ip(f"link add {cable} type veth peer name eth0 netns {space}")
    _ip(f"link set {cable} master {BRIDGE} up")
    _ip(f"-n {space} addr add {address}/{NETWORK.prefixlen} dev eth0")
    _ip(f"-n {space} link set eth0 up")
    _ip(f"-n {space} link set lo up")


def within(name: str) -> tuple[str, ...]:
    """What a command begins with that runs on this host."""
    return ("ip", "netns", "exec", _space(name), *on_host(name))


def _space(name: str) -> str:
    return f"{BRIDGE}-{name}"


def _make(stack: ExitStack, command: str, undo: str) -> None:
    _ip(command)
    stack.callback(_ip, undo)


def _ip(command: str) -> None:
    done = subprocess.run(["ip", *command.split()], capture_output=True, text=True)
    if done.returncode != 0:
        raise NoHosts(f"`ip {command}` was refused: {done.stderr.strip()}")
