import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.llm.guard import may_dial, networks

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_refused(address):
    assert not may_dial(ipaddress.ip_address(address), ())


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_dialled(address):
    assert may_dial(ipaddress.ip_address(address), ())


def test_the_allow_list_opens_exactly_what_it_names():
    allowed = networks(["127.0.0.1/32"])

    assert may_dial(ipaddress.ip_address("127.0.0.1"), allowed)
    assert may_dial(ipaddress.ip_address("::ffff:127.0.0.1"), allowed)
    assert not may_dial(ipaddress.ip_address("127.0.0.2"), allowed)
    assert not may_dial(ipaddress.ip_address("::1"), allowed)


@given(st.ip_addresses(v=4))
def test_an_address_is_no_more_public_for_being_wrapped_in_ipv6(address):
    wrapped = ipaddress.IPv6Address(f"::ffff:{address}")

    assert may_dial(address, ()) == may_dial(wrapped, ())
