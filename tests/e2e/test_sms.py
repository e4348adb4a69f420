"""SMS on the real running system: each text is answered once, in one text, whatever is killed meanwhile."""

from __future__ import annotations

import re
import uuid
from itertools import count

import pytest
import yaml

from tests.e2e.citizen import Citizen
from tests.e2e.desk import Desk
from tests.support.carrier import PATIENCE, Handset, Texting
from tests.support.live import ROOT
from text import sms

CASES = yaml.safe_load((ROOT / "actions/cases/demonstration.yml").read_text())["cases"]
KNOWN, PROOF, WRONG, UNKNOWN = "H15.50.05.13-261008-0975", "2345", "7391", "H15.50.05.13-261008-9999"
OWN, OWNER = "G01.50.05-20261118-0061233", "+84912000001"  # a demonstration case, and the telephone on its file
numbers = (f"+8498{number:07}" for number in count(1))  # one for each test: nobody gets another's text

Step = tuple[str, list[str]]  # what is texted, and words of its answer: of each any of the alternatives


@pytest.fixture
def handset(texting_system: Texting) -> Handset:
    return texting_system.handset(next(numbers))


@pytest.fixture
def handsets(texting_systems: Texting) -> Handset:
    """On SQLite, then on PostgreSQL."""
    return texting_systems.handset(next(numbers))


def says(text: str, words: list[str]) -> bool:
    return all(any(word in text for word in alternatives.split("|")) for alternatives in words)


# ---- what is said

BIRTH: list[Step] = [
    ("làm giấy khai sinh cho con cần giấy tờ gì", ["khai sinh", "chung sinh"]),
    ("bao nhiêu tiền", ["khai sinh", "mien phi"]),
    ("mất bao lâu", ["khai sinh", "ngay"]),
]
DIALOGUES: list[tuple[str, list[Step]]] = [
    ("Vietnamese", BIRTH),
    ("Vietnamese without diacritics", [(sms.fold(text), words) for text, words in BIRTH]),
    ("English", [("how much is a passport", ["assport", "200,000"]), ("and how long does it take?", ["assport"])]),
    ("another service", [("lệ phí đăng ký tạm trú", ["tam tru"]), ("còn hộ chiếu thì sao", ["ho chieu", "200.000"])]),
    ("without diacritics", [("le phi tam tru", ["tam tru"]), ("con ho chieu thi sao", ["ho chieu", "200.000"])]),
    ("choices", [("bao nhiêu tiền", ["1 Dang ky", "2 Lam can cuoc"]), ("2", ["can cuoc", "mien phi"])]),
    ("choices without diacritics", [("bao nhieu tien", ["2 Lam can cuoc"]), ("so 2", ["can cuoc", "mien phi"])]),
    ("choices in English", [("how much does it cost", ["2 Identity card"]), ("2", ["dentity card", "free"])]),
]


@pytest.mark.parametrize("steps", [row[1] for row in DIALOGUES], ids=[row[0] for row in DIALOGUES])
def test_a_question_is_answered_by_one_segment(handset: Handset, steps: list[Step]) -> None:
    for place, (text, words) in enumerate(steps):
        answer = handset.ask(text)
        assert says(answer, words), (text, answer)
        assert ("Tro ly tu dong" in answer or "Automated assistant" in answer) == (place == 0)
        assert (sms.count(answer).encoding, sms.count(answer).segments) == ("GSM-7", 1), answer


@pytest.mark.parametrize(
    ("label", "write"),
    [
        ("the reference alone", "{reference}"),
        ("its proof behind it", "ho so {reference} {proof}"),
        ("in English", "what about case {reference} {proof}"),
    ],
)
def test_every_case_is_one_segment_also_as_the_first_text(texting_system: Texting, label: str, write: str) -> None:
    asked = [(texting_system.handset(next(numbers)), case) for case in CASES]
    for handset, case in asked:
        assert handset.text(write.format(**case)) == 200, label
    for handset, case in asked:
        (answer,) = handset.wait(1)
        assert (sms.count(answer).encoding, sms.count(answer).segments) == ("GSM-7", 1), answer
        assert case["reference"] in answer
        assert ("Automated assistant" in answer) == (label == "in English")


def test_case_status_with_wrong_then_right_proof(handsets: Handset, texting_systems: Texting) -> None:
    stranger = texting_systems.handset(next(numbers))
    state = handsets.ask(KNOWN)
    assert says(state, [KNOWN, "bo sung", "4 so cuoi"]), state
    wrong = handsets.ask(WRONG)
    stranger.ask(UNKNOWN)
    assert stranger.ask(WRONG) == wrong
    right = handsets.ask(PROOF)
    assert says(right, [KNOWN, "mat cat mong"]), right
    assert says(stranger.ask(f"{KNOWN} {PROOF}"), [KNOWN, "mat cat mong"])


def test_the_senders_own_case_needs_no_digits(texting_systems: Texting) -> None:
    own = texting_systems.handset(OWNER).ask(OWN)
    assert says(own, [OWN, "cho o hop phap"]), own
    others = texting_systems.handset(next(numbers)).ask(OWN)
    assert says(others, [OWN, "4 so cuoi"]), others
    assert "cho o hop phap" not in others


@pytest.mark.parametrize(
    ("text", "first", "says_who"),
    [
        ("cháy nhà cứu với", "114", "Tro ly tu dong"),
        ("co nguoi bat tinh", "115", "Tro ly tu dong"),
        ("call the police now", "113", "Automated assistant"),
    ],
)
def test_a_cry_for_help_is_answered_the_fitting_number_first(
    handset: Handset, text: str, first: str, says_who: str
) -> None:
    answer = handset.ask(text)
    assert re.findall(r"11\d", answer)[0] == first
    assert says_who in answer
    assert (sms.count(answer).encoding, sms.count(answer).segments) <= ("GSM-7", 2)


# ---- a person, and consent


def test_a_person_is_reached_with_0_and_answers_by_text(handsets: Handset, texting_systems: Texting) -> None:
    desk = Desk(texting_systems.system)
    where = desk.queued(lambda: handsets.ask("0"))
    assert desk.post(f"{where}/claim") == 200
    assert handsets.text("toi muon hoi ve dat") == 200
    reply = {"id": str(uuid.uuid4()), "text": "Chào bạn, tôi là Lan."}
    assert [desk.post(f"{where}/messages", **reply) for _ in range(2)] == [201, 200]
    assert handsets.wait(2)[1:] == ["Nhan vien Lan tra loi ban:\nChao ban, toi la Lan."]
    assert desk.post(f"{where}/return") == 200
    handsets.wait(3)
    assert "200.000" in handsets.ask("le phi ho chieu")
    assert len(handsets.got()) == 4


def test_stop_silence_start(handsets: Handset, texting_systems: Texting) -> None:
    desk = Desk(texting_systems.system)
    where = desk.queued(lambda: handsets.ask("0"))
    assert "START" in handsets.ask("Stop")
    for text in ("le phi ho chieu", KNOWN, "0", "chay nha cuu voi", "STOP", "TROGIUP"):
        assert handsets.text(text) == 200
    assert desk.get(where)["opted_out"] is True
    assert "TROGIUP" in handsets.ask("Start")
    assert "200.000" in handsets.ask("le phi ho chieu")
    assert len(handsets.got()) == 4
    assert desk.get(where)["opted_out"] is False


# ---- what breaks


def test_what_was_acknowledged_is_answered_once_after_a_kill(handsets: Handset, texting_systems: Texting) -> None:
    system = texting_systems.system
    handsets.ask("xin chao")
    assert handsets.text("le phi ho chieu") == 200
    system.kill("gateway")
    system.wait_ready()
    assert "200.000" in handsets.wait(2)[1]
    assert "ngay" in handsets.ask("mat bao lau")
    assert len(handsets.got()) == 3


UNDER_WAY = [
    # the answer that was held back when we died, whether a receipt tells what became of it
    ("accepted_then_hang", True),
    ("accepted_then_hang", False),
    ("hang", False),
]


def test_what_was_under_way_when_we_died_leaves_once(
    texting_system: Texting, texting_system_on_postgresql: Texting
) -> None:
    systems = texting_system, texting_system_on_postgresql
    under_way = [(texting, texting.handset(next(numbers)), *how) for texting in systems for how in UNDER_WAY]
    for texting, handset, fault, _ in under_way:
        planned = texting.network.plan(fault, to=handset.number)
        assert handset.text("le phi ho chieu") == 200
        texting.system.wait_until(lambda planned=planned: not planned, PATIENCE, "under way")
    for texting in systems:
        texting.system.kill("gateway")
    for texting, handset, _, told in under_way:
        texting.system.wait_ready()
        assert not told or set(texting.network.receipts(to=handset.number)) == {204}
        assert handset.text("mat bao lau") == 200
    for _, handset, *how in under_way:
        assert says(handset.wait(2)[0], ["200.000"]), how
        assert says(handset.ask("nop o dau"), ["Minh Hoa"])
        assert len(handset.got()) == 3, how


def test_while_rasa_stands_still_texts_are_taken_and_answered_in_order_without_a_note(
    handsets: Handset, texting_systems: Texting
) -> None:
    system, texts = texting_systems.system, ("le phi ho chieu", "mat bao lau", "nop o dau")
    witness = Citizen(system.public_url, "vi")
    with system.standing_still("rasa"):
        assert [handsets.text(text) for text in texts] == [200, 200, 200]
        assert "114" in handsets.ask("chay nha cuu voi")
        witness.say("lệ phí hộ chiếu")
        witness.wait(lambda message: "đã được giữ lại" in message["text"])  # what the web is told after a while
        assert len(handsets.got()) == 1
    for answer, words in zip(handsets.wait(4)[1:], (["200.000"], ["ngay"], ["Minh Hoa"]), strict=True):
        assert says(answer, words), answer
