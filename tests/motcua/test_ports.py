"""The ports before they are used, and how the runner reads GET /readyz."""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from motcua.ports import Port, faults, not_ready
from tests.support.free_ports import free_ports


def port(number: int, setting: str = "MOTCUA_PUBLIC_PORT", host: str = "127.0.0.1") -> Port:
    return Port(setting=setting, host=host, port=number)


def test_free_ports_have_no_fault() -> None:
    assert faults([port(number) for number in free_ports(3)]) == []


@pytest.mark.parametrize("holder", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_a_port_in_use_names_its_setting(holder: str) -> None:
    with socket.create_server((holder, 0)) as taken:
        number = taken.getsockname()[1]
        assert faults([port(number, "MOTCUA_STAFF_PORT")]) == [
            f"Port {number} on 127.0.0.1 (MOTCUA_STAFF_PORT) is in use: end what uses it (`ss -ltnp` names it), "
            "or give MOTCUA_STAFF_PORT another."
        ]


def test_a_port_that_was_just_closed_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        server.accept()[0].close()
        number = server.getsockname()[1]
    assert faults([port(number)]) == []


def test_an_address_of_another_machine_names_the_setting() -> None:
    (sentence,) = faults([port(free_ports(1)[0], host="192.0.2.1")])
    assert "MOTCUA_HOST" in sentence


def test_one_port_for_two() -> None:
    assert faults([port(8080), port(8080, "MOTCUA_STAFF_PORT")]) == [
        "Port 8080 is given to MOTCUA_PUBLIC_PORT and MOTCUA_STAFF_PORT: each needs its own."
    ]


@contextmanager
def answering(text: str) -> Generator[int]:
    """A server that gives this answer to the first who asks."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            link = server.accept()[0]
            with link:
                link.recv(1000)
                link.sendall(text.encode())

        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("label", "answer", "expected"),
    [
        ("ready", 'HTTP/1.1 200 OK\r\n\r\n{"gateway": "ready"}', []),
        (
            "not yet",
            'HTTP/1.1 503 No\r\n\r\n{"gateway": "ready", "rasa": "down", "actions": "down"}',
            ["rasa", "actions"],
        ),
        ("broken", "HTTP/1.1 500 No\r\n\r\nsorry", ["gateway"]),
        ("something else", "HTTP/1.1 503 No\r\n\r\n[]", ["gateway"]),
        ("silence", "", ["gateway"]),
    ],
)
def test_what_is_not_ready(label: str, answer: str, expected: list[str]) -> None:
    with answering(answer) as number:
        assert not_ready("127.0.0.1", number) == expected, label


def test_nobody_there() -> None:
    assert not_ready("0.0.0.0", free_ports(1)[0]) == ["gateway"]  # noqa: S104
