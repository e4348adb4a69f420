"""The ports before they are used, and the one question that the runner asks over HTTP."""

from __future__ import annotations

import errno
import json
import socket
from collections import Counter
from typing import TypedDict


class Port(TypedDict):
    setting: str
    host: str
    port: int


def faults(ports: list[Port]) -> list[str]:
    """A sentence for each port that cannot be used: which setting it is, and what to do."""
    twice = [port for port, times in Counter(port["port"] for port in ports).items() if times > 1]
    if twice:
        users = {number: " and ".join(port["setting"] for port in ports if port["port"] == number) for number in twice}
        return [f"Port {number} is given to {names}: each needs its own." for number, names in users.items()]
    return [sentence for port in ports if (sentence := _fault(port))]


def _fault(port: Port) -> str | None:
    where, setting = f"Port {port['port']} on {port['host']}", port["setting"]
    try:
        _listen(port["host"], port["port"])
    except OSError as err:
        if err.errno == errno.EADDRINUSE:
            return f"{where} ({setting}) is in use: end what uses it (`ss -ltnp` names it), or give {setting} another."
        if err.errno == errno.EACCES:
            return f"{where} ({setting}) is not open to this user: set {setting} to 1024 or more."
        return f"{where} ({setting}, MOTCUA_HOST) cannot be listened on: {err.strerror or err}."
    return None


def _listen(host: str, port: int) -> None:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the ends of old connections are no obstacle
        probe.bind(address)


def not_ready(host: str, port: int) -> list[str]:
    """The parts that GET /readyz calls not ready; [] when all are. By hand: an HTTP library is half a runner."""
    try:
        with socket.create_connection((_reachable(host), port), timeout=3) as link:
            link.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            head, _, body = _all(link).partition(b"\r\n\r\n")
    except OSError:
        return ["gateway"]
    if head.split(b" ")[1:2] == [b"200"]:
        return []
    try:
        return [part for part, state in json.loads(body).items() if state != "ready"]
    except (ValueError, AttributeError):
        return ["gateway"]


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  (what a setting may hold)


def _all(link: socket.socket) -> bytes:
    chunks = iter(lambda: link.recv(65536), b"")
    return b"".join(chunks)
