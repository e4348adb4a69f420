"""What is texted: numbers with four questions each, at times fixed beforehand, some repeated, some out of order.

The questions are in Vietnamese with and without diacritics and in English, or ask for a case by its reference. All four
of a number are about different things, so that each answer can be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from text.fold import fold

SEED = 20261126
A_NUMBER = 4  # messages of each number
PER_SECOND = 200
REPEATED = 0.05  # sent again with the same id: half of them at once, half of them seconds later
OUT_OF_ORDER = 0.02  # in pairs of one number that change places in time

# In Vietnamese and in English. The cases are about none of the services: a question about a case's own service, asked
# after the case, is answered from the case.
TOPICS = (
    ("đăng ký khai sinh cho con cần giấy tờ gì", "what documents do I need to register a birth"),
    ("đăng ký kết hôn cần giấy tờ gì", "what documents are needed for marriage registration"),
    ("đăng ký khai tử cần giấy tờ gì", "which documents for death registration"),
    ("đăng ký tạm trú mất mấy ngày", "how long does temporary residence registration take"),
    ("đăng ký thường trú mất bao lâu", "how long does permanent residence registration take"),
    ("cấp giấy phép xây dựng nhà ở mất bao lâu", "how long does a building permit take"),
    ("đăng ký hộ kinh doanh hết bao nhiêu tiền", "how much is household business registration"),
    ("làm thẻ căn cước ở đâu", "where do I get an identity card"),
    ("chứng thực bản sao ở đâu", "where can I get certified copies"),
    ("làm hộ chiếu hết bao nhiêu tiền", "how much is a passport"),
    ("đổi giấy phép lái xe bao nhiêu tiền", "how much does a driving licence renewal cost"),
    ("làm lại thẻ bảo hiểm y tế ở đâu", "where do I apply for a health insurance card"),
    ("rút bảo hiểm xã hội một lần cần giấy tờ gì", "what documents for the one-time social insurance payment"),
    ("hưởng trợ cấp thất nghiệp cần giấy tờ gì", "what documents do I need for unemployment benefit"),
    ("đăng ký thành lập công ty mất bao lâu", "how long does company registration take"),
    ("đăng ký mã số thuế cá nhân ở đâu", "where do I register a personal tax code"),
    ("hồ sơ H15.12.07-261109-0149", "status of H15.12.07-261109-0149"),
    ("H15.50.05.13-261110-1003", "H15.50.05.13-261110-1003"),
    ("hồ sơ H15.11.03-261116-0031 tới đâu rồi", "what about case H15.11.03-261116-0031"),
    ("hồ sơ H15.12.07-261109-0164", "status of H15.12.07-261109-0164"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """`topic` is its place in TOPICS; `sid` is the provider's id."""

    number: str
    topic: int
    text: str
    sid: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """`at`: seconds from the beginning. `repeat`: the question was sent before, with the same id."""

    at: float
    question: Question
    repeat: bool = False


def wordings(topic: int) -> tuple[str, str, str]:
    """A topic as people ask for it."""
    vietnamese, english = TOPICS[topic]
    return vietnamese, fold(vietnamese), english


def arrivals(messages: int) -> list[Arrival]:
    """The same at every run, in order of time; each number's own messages are spread over all of it."""
    chance = Random(SEED)  # noqa: S311 (a benchmark)
    numbers = [f"+84912{place:06d}" for place in range(messages // A_NUMBER)]
    asked = {number: _questions(number, chance) for number in numbers}
    order = [question for turn in range(A_NUMBER) for question in _round(asked, turn, chance)]
    times = sorted(chance.uniform(0, messages / PER_SECOND) for _ in order)
    first = _swapped([Arrival(at, question) for at, question in zip(times, order, strict=True)], chance)
    return sorted(first + _repeats(first, chance), key=lambda one: one.at)


def _questions(number: str, chance: Random) -> list[Question]:
    topics = chance.sample(range(len(TOPICS)), A_NUMBER)
    return [
        Question(number, topic, chance.choice(wordings(topic)), f"SM{chance.getrandbits(128):032x}") for topic in topics
    ]


def _round(asked: dict[str, list[Question]], turn: int, chance: Random) -> list[Question]:
    return [asked[number][turn] for number in chance.sample(sorted(asked), len(asked))]


def _swapped(first: list[Arrival], chance: Random) -> list[Arrival]:
    """Two that follow each other in one number change places, for a share of all."""
    swapped = list(first)
    pairs = round(len(first) * OUT_OF_ORDER / 2)
    for number in chance.sample(sorted({one.question.number for one in first}), pairs):
        places = [place for place, one in enumerate(swapped) if one.question.number == number]
        turn = chance.randrange(A_NUMBER - 1)
        one, other = places[turn], places[turn + 1]
        swapped[one], swapped[other] = (
            Arrival(swapped[one].at, swapped[other].question),
            Arrival(swapped[other].at, swapped[one].question),
        )
    return swapped


def _repeats(first: Sequence[Arrival], chance: Random) -> list[Arrival]:
    chosen = chance.sample(first, round(len(first) * REPEATED))
    after = [(0.0, 0.02) if place % 2 else (1.0, 4.0) for place in range(len(chosen))]
    return [
        Arrival(one.at + chance.uniform(*seconds), one.question, repeat=True)
        for one, seconds in zip(chosen, after, strict=True)
    ]
