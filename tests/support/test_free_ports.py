"""Ports that stay free until a test uses them."""

from __future__ import annotations

import socket
from itertools import islice

from tests.support.free_ports import END, FIRST, free_ports, own, unused


def test_none_is_given_out_twice() -> None:
    given = [port for number in (1, 4, 45) for port in free_ports(number)]
    assert len(set(given)) == 50
    assert all(FIRST <= port < END for port in given)


def test_one_in_use_is_left_out() -> None:
    taken, free = sorted(free_ports(2))
    both = range(taken, free + 1, free - taken)
    with socket.create_server(("127.0.0.1", taken)):
        assert list(islice(unused(both, 0), 2)) == [free, free]
    assert list(islice(unused(both, 1), 3)) == [free, taken, free]


def test_no_worker_has_another_s() -> None:
    shares = [set(own(f"gw{number}", 3)) for number in range(3)]
    assert set().union(*shares) == set(own("", 1))
    assert sum(map(len, shares)) == len(own("", 1))
