"""`motcua run` as an operator meets it: what it starts and brings back, what it says when it cannot, how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support import live
from tests.support.live import MOTCUA, PARTS, ROOT, Live

PATIENCE = 30.0  # seconds until what does not happen is a failure; how soon it does is no matter of these tests


def listening(pid: int) -> dict[int, str]:
    """The listening TCP sockets of a process: port → address as /proc/net/tcp writes it ("0100007F" is 127.0.0.1)."""
    inodes = {os.readlink(link)[8:-1] for link in Path(f"/proc/{pid}/fd").iterdir() if "socket:" in _target(link)}
    found: dict[int, str] = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                found[int(port, 16)] = address
    return found


def _target(link: Path) -> str:
    try:
        return os.readlink(link)
    except FileNotFoundError:
        return ""


def family(pid: int) -> set[int]:
    """A process and all that came from it, as far as they have not ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return set()
    return {pid}.union(*(family(int(child)) for child in children))


def status(url: str, method: str = "GET", body: object = None, token: str = "") -> int:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=10) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as err:
        return err.code


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def secret(system: Live, name: str) -> str:
    return json.loads((system.home / "secrets.json").read_text())[name]


# --- what it starts --------------------------------------------------------------------------------------------------


def test_there_are_three_processes_with_pid_files(live_systems: Live) -> None:
    pids = live_systems.pids()
    assert set(pids) == set(PARTS)
    assert set(pids.values()) < family(live_systems.process.pid)


def test_it_prints_its_addresses_in_both_languages(live_systems: Live) -> None:
    for expected in ("đã sẵn sàng", "is ready", f"{live_systems.public_url}/chat", live_systems.staff_url):
        live_systems.wait_until(lambda said=expected: said in live_systems.output, PATIENCE, f"saying {expected}")


def test_every_socket_listens_on_loopback_and_is_one_of_the_four(live_systems: Live) -> None:
    found = {port: address for pid in family(live_systems.process.pid) for port, address in listening(pid).items()}
    assert found == {live_systems.port(name): "0100007F" for name in ("public", "staff", "rasa", "actions")}


def test_secrets_are_for_their_owner_alone(live_systems: Live) -> None:
    assert (live_systems.home / "secrets.json").stat().st_mode & 0o077 == 0


def test_no_secret_is_shown_in_the_list_of_processes(live_systems: Live) -> None:
    secrets = json.loads((live_systems.home / "secrets.json").read_text()).values()
    shown = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family(live_systems.process.pid)).decode()
    assert [value for value in secrets if value in shown] == []


def test_rasa_holds_no_key_that_opens_a_proof(live_systems: Live) -> None:
    environment = Path(f"/proc/{live_systems.pids()['rasa']}/environ").read_text()
    assert secret(live_systems, "proof_key") not in environment
    assert secret(live_systems, "address_key") not in environment


@pytest.mark.parametrize(
    ("label", "method", "path", "body"),
    [
        ("a turn", "POST", "/webhooks/gateway/turn", {"conversation": "c-1", "message": "1", "text": "a"}),
        ("the model", "PUT", "/model", {"model_file": "/nowhere.tar.gz"}),
        ("a tracker", "GET", "/conversations/c-1/tracker", None),
        ("parse", "POST", "/model/parse", {"text": "a"}),
        ("status", "GET", "/status", None),
    ],
)
def test_rasa_asks_for_a_secret(live_systems: Live, label: str, method: str, path: str, body: object) -> None:
    url = f"http://127.0.0.1:{live_systems.port('rasa')}{path}"
    assert status(url, method, body) in (401, 403), label
    assert status(f"{url}?token=wrong", method, body, token="wrong") in (401, 403), label  # noqa: S106


@pytest.mark.parametrize("token", ["", "?token=wrong"])
def test_the_action_server_asks_for_a_secret(live_systems: Live, token: str) -> None:
    url = f"http://127.0.0.1:{live_systems.port('actions')}"
    assert status(f"{url}/webhook{token}", "POST", {"next_action": "action_clarify", "tracker": {}}) == 401
    assert status(f"{url}/actions{token}") == 401


# --- what it brings back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PARTS)
def test_a_killed_process_is_brought_back(live_systems: Live, name: str) -> None:
    live_systems.wait_ready()
    killed = live_systems.kill(name)
    live_systems.wait_until(lambda: live_systems.pids().get(name, killed) != killed, PATIENCE, f"{name} back")
    live_systems.wait_ready(60)
    said = f"{name} ended (signal SIGKILL) and is brought back"
    live_systems.wait_until(lambda: said in live_systems.output, PATIENCE, f"saying {said}")


# --- what it says when it cannot -------------------------------------------------------------------------------------


def cannot(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([MOTCUA, "run"], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)  # noqa: S603


@pytest.mark.parametrize("name", ["PUBLIC", "STAFF", "RASA", "ACTIONS"])
def test_a_port_in_use_says_so(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = cannot(live.environment(tmp_path, **{f"MOTCUA_{name}_PORT": port}))
    assert said.returncode == 1
    assert f"Port {port} on 127.0.0.1 (MOTCUA_{name}_PORT) is in use" in said.stderr


def test_one_port_for_two_says_so(tmp_path: Path) -> None:
    environment = live.environment(tmp_path)
    environment["MOTCUA_STAFF_PORT"] = environment["MOTCUA_PUBLIC_PORT"]
    said = cannot(environment)
    assert said.returncode == 1
    assert "MOTCUA_PUBLIC_PORT and MOTCUA_STAFF_PORT" in said.stderr


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("MOTCUA_PUBLIC_PORT", "eighty", "MOTCUA_PUBLIC_PORT"),
        ("MOTCUA_PUBLIC_PORT", "70000", "MOTCUA_PUBLIC_PORT"),
        ("MOTCUA_MODE", "fun", "MOTCUA_MODE"),
        ("MOTCUA_DATABASE_URL", "mysql://nowhere", "MOTCUA_DATABASE_URL"),
        ("MOTCUA_COLOUR", "blue", "unknown setting MOTCUA_COLOUR"),
    ],
)
def test_a_wrong_setting_says_which_and_exits_2(tmp_path: Path, key: str, value: str, expected: str) -> None:
    said = cannot(live.environment(tmp_path, **{key: value}))
    assert said.returncode == 2
    assert expected in said.stderr
    assert "Traceback" not in said.stderr


def test_a_second_run_over_the_same_home_says_so(live_system: Live) -> None:
    said = cannot(live.environment(live_system.home))
    assert said.returncode == 1
    assert f"already runs with MOTCUA_HOME={live_system.home}" in said.stderr


# --- how it ends -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=[signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def ending(request: pytest.FixtureRequest) -> signal.Signals:
    return request.param


@pytest.fixture
def own_system(tmp_path: Path) -> Generator[Live]:
    with live.running(tmp_path / "home") as system:
        yield system


@pytest.mark.xdist_group("live")
def test_a_signal_ends_all_and_frees_the_ports(own_system: Live, ending: signal.Signals) -> None:
    pids = family(own_system.process.pid)
    assert own_system.stop(ending) == 0
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert all(is_free(own_system.port(name)) for name in ("public", "staff", "rasa", "actions"))
    assert own_system.pids() == {}


@pytest.mark.xdist_group("live")
def test_the_death_of_the_runner_leaves_no_process(own_system: Live) -> None:
    pids = own_system.pids().values()
    own_system.process.kill()
    own_system.process.wait()
    until = time.monotonic() + PATIENCE
    while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < until, left
        time.sleep(0.05)


@pytest.mark.xdist_group("live")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_to_make_alone_ends_all(tmp_path: Path, number: signal.Signals) -> None:
    with live.started(live.environment(tmp_path / "home"), ("make", "run")) as system:
        system.wait_ready()
        pids = family(system.process.pid)
        system.stop(number)
        assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
