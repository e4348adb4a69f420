"""Ports of loopback for what a test starts, each given out once.

They lie below the range (ip(7), ip_local_port_range) out of which the system serves everybody who connects or asks for
port 0: there a port that was found free may be somebody else's a moment later.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from functools import cache
from itertools import count, islice

FIRST, END = 12_000, 30_000
APART = 997  # of runs that begin one after the other, whose process numbers are neighbours


def free_ports(number: int) -> list[int]:
    """None again until all were given out, and none of another worker's of this run."""
    return list(islice(_given_out(), number))


@cache
def _given_out() -> Iterator[int]:
    worker, workers = (os.environ.get(f"PYTEST_XDIST_{name}", "") for name in ("WORKER", "WORKER_COUNT"))
    return unused(own(worker, int(workers or 1)), os.getpid() * APART)


def own(worker: str, workers: int) -> range:
    """The ports of one of xdist's workers: "gw0", "gw1" …; "" of a run without."""
    return range(FIRST + int(worker.removeprefix("gw") or 0), END, workers)


def unused(ports: range, start: int) -> Iterator[int]:
    """Those that nobody listens on, round and round."""
    return (port for place in count(start) if _is_free(port := ports[place % len(ports)]))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
