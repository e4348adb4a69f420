"""The action server as the runner starts it: its secret, its one address, its logs, its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from calendars.working_time import ZONE
from knowledge import store
from knowledge.catalogue import Catalogue
from motcua.actions_process import Options
from tests.actions.conftest import KEY
from tests.support.free_ports import free_ports

CANARY = "so-dinh-danh-cua-toi-0975"
SECRET = "the-secret"  # noqa: S105 of a server that lives for one test


class Server:
    def __init__(self, home: Path, catalogue: Catalogue) -> None:
        self.knowledge = f"sqlite:///{home / 'knowledge.db'}"
        store.save(self.knowledge, catalogue)
        self.port = free_ports(1)[0]
        self.log = home / "log"
        environment = os.environ | {
            "MOTCUA_ACTIONS_PORT": str(self.port),
            "MOTCUA_ACTIONS_SECRET": SECRET,
            "MOTCUA_PROOF_KEY": KEY,
            "MOTCUA_KNOWLEDGE_DATABASE_URL": self.knowledge,
            "MOTCUA_CASES_DATABASE_URL": f"sqlite:///{home / 'cases.db'}",
            "MOTCUA_CLOCK": "2026-11-23T12:00:00",
        }
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "motcua.actions_process"]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603 our own

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 loopback
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def act(self, action: str, text: str = "", **slots: str) -> tuple[int, Any]:
        tracker = {"sender_id": "c-1", "slots": slots, "latest_message": {"text": text}, "events": []}
        call = {"next_action": action, "version": "3.6.21", "domain": {}, "tracker": tracker}
        return self.ask(f"/webhook?token={SECRET}", json.dumps(call).encode())

    def wait_ready(self) -> None:
        for _ in range(300):
            try:
                if self.ask("/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        pytest.fail(self.log.read_text())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("actions"), catalogue)
    running.wait_ready()
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.mark.parametrize(("path", "body", "status"), [
    ("/health", None, 200),
    ("/webhook", b"{}", 401),
    ("/webhook?token=", b"{}", 401),
    ("/webhook?token=the-secre", b"{}", 401),
    ("/actions", None, 401),
    ("/nothing", None, 401),
    (f"/webhook?token={SECRET}", b"{bad", 400),
    (f"/webhook?token={SECRET}", b"[]", 400),
    (f"/webhook?token={SECRET}", b'{"next_action": "action_nothing", "tracker": {}}', 404),
])
def test_who_is_answered(path: str, body: bytes | None, status: int, server: Server) -> None:
    assert server.ask(path, body)[0] == status


def test_every_action_of_the_domain_is_here(server: Server) -> None:
    status, listed = server.ask(f"/actions?token={SECRET}")
    assert status == 200
    domain = "\n".join(file.read_text(encoding="utf-8") for file in Path("bot/domain").glob("*.yml"))
    wanted = {line.strip("- ") for line in domain.splitlines() if line.strip().startswith("- action_")}
    assert {entry["name"] for entry in listed} == wanted


def test_the_clock_of_a_process_that_began_later_is_that_of_the_others() -> None:
    names = ("MOTCUA_ACTIONS_SECRET", "MOTCUA_PROOF_KEY", "MOTCUA_KNOWLEDGE_DATABASE_URL", "MOTCUA_CASES_DATABASE_URL")
    began = time.time() - 600
    set_ = {"MOTCUA_CLOCK": "2026-11-26T09:30", "MOTCUA_CLOCK_SINCE": str(began)}
    now = Options.read(dict.fromkeys(names, "x") | set_).now()
    assert timedelta(minutes=10) <= now() - datetime(2026, 11, 26, 9, 30, tzinfo=ZONE) < timedelta(minutes=11)


def test_the_clock_may_be_set(server: Server) -> None:
    _, result = server.act("action_office_hours", language="vi")
    assert "nghỉ trưa" in result["responses"][0]["custom"]["reply"]["text"]


def test_a_failure_shows_and_logs_nothing_of_the_tracker(server: Server) -> None:
    body = json.dumps({"next_action": "action_service", "domain": {}, "tracker": {"slots": {"x": CANARY}}}).encode()
    status, shown = server.ask(f"/webhook?token={SECRET}", body)
    assert (status, shown) == (500, {"error": "failed"})
    server.act("action_service", CANARY)
    log = server.log.read_text()
    assert CANARY not in log
    assert "Traceback" not in log
    assert SECRET not in log
    assert KEY not in log


def test_only_loopback_listens(server: Server) -> None:
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    port = f"{server.port:04X}"
    found = [line.split() for line in listening]
    addresses = {one[1].split(":")[0] for one in found if one[1].endswith(f":{port}") and one[3] == "0A"}
    assert addresses == {"0100007F"}


def test_new_knowledge_is_used_without_a_restart(server: Server, catalogue: Catalogue) -> None:
    before = server.act("action_out_of_scope", language="vi")[1]["responses"][0]["custom"]["reply"]["choices"]
    starters = catalogue.authority.starters[:1]
    store.save(server.knowledge, replace(catalogue, authority=replace(catalogue.authority, starters=starters)))
    time.sleep(2.5)
    after = server.act("action_out_of_scope", language="vi")[1]["responses"][0]["custom"]["reply"]["choices"]
    store.save(server.knowledge, catalogue)
    assert before != after or not starters[0].value


def test_it_ends_cleanly(tmp_path: Path, catalogue: Catalogue) -> None:
    server = Server(tmp_path, catalogue)
    server.wait_ready()
    assert server.stop() == 0


def test_secrets_are_not_shown() -> None:
    assert SECRET not in repr(Options(5055, SECRET, KEY, "sqlite://", "sqlite://"))
