"""How long an SMS is, to the unit; where it is cut, and where never; what folding makes of it."""

from __future__ import annotations

import random
import unicodedata
from itertools import accumulate, pairwise

import pytest

from actions.cases.statuses import STATUSES, Status
from text.gsm7 import septets
from text.sms import Count, count, fitted, fold, parts, shortened

FAMILY = "👨\u200d👩\u200d👧\u200d👦"           # 11 units: four pairs, three joiners
FLAG = "🇻🇳"                                     # 4 units: two pairs
THUMB = "👍🏽"                                    # 4 units: a pair and its colour
KEYCAP = "1\ufe0f\u20e3"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HALF = "\ud83d"
PAIR_AS_TWO = "\ud83d" + "\ude00"                # an emoji as two code points, as broken JSON gives it
LINK = "https://motcua.vn/t/8xKq2"               # 25 units


@pytest.mark.parametrize(("text", "expected"), [
    ("", Count("GSM-7", 0, 0, 0)),
    ("a", Count("GSM-7", 1, 1, 159)),
    ("\r\n", Count("GSM-7", 2, 1, 158)), ("\f", Count("GSM-7", 2, 1, 158)), ("à@£_¿", Count("GSM-7", 5, 1, 155)),
    # 160 alone, then 153 each
    ("a" * 160, Count("GSM-7", 160, 1, 0)), ("a" * 161, Count("GSM-7", 161, 2, 145)),
    ("a" * 306, Count("GSM-7", 306, 2, 0)), ("a" * 307, Count("GSM-7", 307, 3, 152)),
    ("a" * 459, Count("GSM-7", 459, 3, 0)), ("a" * 460, Count("GSM-7", 460, 4, 152)),
    # a letter of the extension table is two septets …
    ("€" * 80, Count("GSM-7", 160, 1, 0)), ("€" * 81, Count("GSM-7", 162, 2, 143)),
    ("a" * 158 + "€", Count("GSM-7", 160, 1, 0)), ("a" * 159 + "€", Count("GSM-7", 161, 2, 145)),
    # … and never in two segments: one septet of each full one stays empty
    ("€" * 152, Count("GSM-7", 304, 2, 1)), ("€" * 153, Count("GSM-7", 306, 3, 151)),
    ("a" * 152 + "€" + "a" * 151, Count("GSM-7", 305, 2, 0)),
    ("a" * 152 + "€" + "a" * 152, Count("GSM-7", 306, 3, 152)),
    ("a" * 151 + "€" + "a" * 153, Count("GSM-7", 306, 2, 0)),
    # one letter outside makes all of it UCS-2: 70 alone, then 67 each
    ("đ", Count("UCS-2", 1, 1, 69)), ("a\tb", Count("UCS-2", 3, 1, 67)), ("a" * 159 + "ấ", Count("UCS-2", 160, 3, 41)),
    ("đ" * 70, Count("UCS-2", 70, 1, 0)), ("đ" * 71, Count("UCS-2", 71, 2, 63)),
    ("đ" * 134, Count("UCS-2", 134, 2, 0)), ("đ" * 135, Count("UCS-2", 135, 3, 66)),
    ("đ" * 201, Count("UCS-2", 201, 3, 0)), ("đ" * 202, Count("UCS-2", 202, 4, 66)),
    ("€" * 69 + "đ", Count("UCS-2", 70, 1, 0)),
    # an emoji is two units, and never in two segments
    ("😀" * 35, Count("UCS-2", 70, 1, 0)), ("😀" * 36, Count("UCS-2", 72, 2, 61)),
    ("😀" * 66, Count("UCS-2", 132, 2, 1)), ("😀" * 67, Count("UCS-2", 134, 3, 65)),
    ("đ" * 66 + "😀" + "đ" * 65, Count("UCS-2", 133, 2, 0)), ("đ" * 66 + "😀" + "đ" * 66, Count("UCS-2", 134, 3, 66)),
    (FAMILY, Count("UCS-2", 11, 1, 59)), (FLAG, Count("UCS-2", 4, 1, 66)), (KEYCAP, Count("UCS-2", 3, 1, 67)),
    (HALF, Count("UCS-2", 1, 1, 69)), (HALF * 71, Count("UCS-2", 71, 2, 63)),
    (PAIR_AS_TWO * 35, Count("UCS-2", 70, 1, 0)), (PAIR_AS_TWO * 67, Count("UCS-2", 134, 3, 65)),
    # letters with marks of their own are longer
    (unicodedata.normalize("NFC", "Tiếng Việt"), Count("UCS-2", 10, 1, 60)),
    (unicodedata.normalize("NFD", "Tiếng Việt"), Count("UCS-2", 14, 1, 56)),
])  # fmt: skip
def test_count(text: str, expected: Count) -> None:
    assert count(text) == expected
    assert len(parts(text)) == expected.segments


@pytest.mark.parametrize(("text", "lengths"), [
    ("", []), ("a", [1]), ("a" * 161, [153, 8]), ("đ" * 71, [67, 4]),
    ("a" * 152 + "€" * 5, [152, 5]), ("€" * 100, [76, 24]), ("a" * 151 + "€" * 5, [152, 4]),
    ("đ" * 66 + "😀" * 5, [66, 5]), ("đ" * 65 + "😀" * 5, [66, 4]),
    # what people see as one stays whole
    ("đ" * 66 + FLAG * 2, [66, 4]), ("đ" * 65 + FLAG * 2, [65, 4]), ("đ" * 63 + FLAG * 2, [65, 2]),
    ("đ" * 60 + FAMILY + "đ", [60, 8]), ("đ" * 65 + THUMB + "đ" * 5, [65, 7]),
    ("đ" * 65 + KEYCAP + "đ" * 5, [65, 8]), ("đ" * 64 + SCOTLAND, [64, 7]),
    ("đ" * 66 + "e\u0302\u0301" + "đ" * 5, [66, 8]), ("đ" * 66 + "\r\n" + "đ" * 5, [66, 7]),
    ("đ" * 66 + PAIR_AS_TWO + "đ" * 5, [66, 7]),
    # … unless that were a segment more, or it is longer than one
    ("đ" * 66 + "e\u0302" + "đ" * 66, [67, 67]), ("e" + "\u0301" * 99, [67, 33]), ("\u0301" * 71, [67, 4]),
    ("đ" * 60 + FAMILY + "đ" * 62, [64, 65]),
])  # fmt: skip
def test_where_segments_begin(text: str, lengths: list[int]) -> None:
    """Lengths in code points."""
    assert [len(part) for part in parts(text)] == lengths
    assert "".join(parts(text)) == text


ALPHABETS = [
    "aé €{}\n", "aấđ 😀", f"đ{FLAG}{FAMILY}{THUMB}", "e\u0302\u0301 \r\n€", f"a{HALF}\ude00\u200d", "abc def ghi.",
]


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_segments_hold_what_they_may_and_are_as_few_as_can_be(alphabet: str) -> None:
    dice = random.Random(ascii(alphabet))  # noqa: S311 - repeatable
    for length in [*range(60, 80), *range(130, 170), *(dice.randrange(1, 700) for _ in range(60))]:
        text = "".join(dice.choices(alphabet, k=length))
        counted, cut = count(text), parts(text)
        assert "".join(cut) == text
        assert len(cut) == counted.segments == fewest(text)
        assert not any(before[-1:] == HALF and behind[0] == "\ude00" for before, behind in pairwise(cut))
        assert count(text + "a" * counted.left).segments == counted.segments
        assert count(text + "a" * (counted.left + 1)).segments == counted.segments + 1


def fewest(text: str) -> int:
    """The same by trying every place for a cut: units as the codecs give them, letters as the wire has them."""
    gsm = septets(text) is not None
    alone, room = (160, 153) if gsm else (70, 67)
    letters = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    upto = [0, *accumulate(septets(letter) or 0 if gsm else units(letter) for letter in letters)]
    if upto[-1] <= alone:
        return min(upto[-1], 1)
    best = [0]
    for end in range(1, len(upto)):
        starts = range(max(0, end - room), end)
        best.append(1 + min(best[start] for start in starts if upto[end] - upto[start] <= room))
    return best[-1]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


SENTENCES = "Ban mang giay chung sinh. Ban mang can cuoc cua cha me. Nop tai UBND phuong noi cu tru."


@pytest.mark.parametrize(("text", "segments", "tail", "expected"), [
    # it fits: nothing is added
    ("Xin chao.", 1, LINK, "Xin chao."), ("a" * 160, 1, LINK, "a" * 160), ("đ" * 201, 3, LINK, "đ" * 201),
    ("", 1, LINK, ""),
    # behind a sentence
    (SENTENCES + " " + "x" * 90, 1, LINK, f"{SENTENCES} ...\n{LINK}"),
    (f"{SENTENCES}\n- mot\n- hai {'x' * 90}", 1, LINK, f"{SENTENCES}\n- mot...\n{LINK}"),
    # behind a word, where the last sentence ends too early
    ("Can co. " + "giay to " * 30, 1, LINK, "Can co. " + "giay to " * 14 + f"giay to...\n{LINK}"),
    ("Can co: " + "giay, to " * 30, 1, "", "Can co: " + "giay, to " * 16 + "giay..."),
    # inside a word only where there is nothing else, and never inside a letter
    ("a" * 200, 1, LINK, "a" * 131 + f"...\n{LINK}"),
    ("đ" * 62 + FAMILY + "đ" * 9, 1, "", "đ" * 62 + "..."),
    ("đ" * 65 + FLAG * 3, 1, "", "đ" * 65 + "..."), (PAIR_AS_TWO * 40, 1, "", PAIR_AS_TWO * 33 + "..."),
    # the tail decides on the encoding, and stays whole whatever it takes
    ("a" * 200, 1, "đ", "a" * 65 + "...\nđ"), ("a" * 200, 1, "b" * 170, "b" * 170), ("a" * 200, 0, LINK, LINK),
    ("lien ket https://motcua.vn/rat/dai/" + "x" * 200, 1, "", "lien ket..."),
])  # fmt: skip
def test_shortened(text: str, segments: int, tail: str, expected: str) -> None:
    assert shortened(text, segments, tail) == expected


@pytest.mark.parametrize(("text", "tail", "expected"), [
    ("Xin chao.", LINK, f"Xin chao.\n{LINK}"), ("", LINK, LINK), ("Xin chao.", "", "Xin chao."),
    ("a" * 134, LINK, "a" * 134 + f"\n{LINK}"), ("a" * 135, LINK, "a" * 131 + f"...\n{LINK}"),
])  # fmt: skip
def test_fitted_always_says_the_tail(text: str, tail: str, expected: str) -> None:
    assert fitted(text, 1, tail) == expected


@pytest.mark.parametrize("segments", [1, 2, 3])
@pytest.mark.parametrize("tail", ["", LINK, "1 Khai sinh\n2 Kết hôn"])
@pytest.mark.parametrize("alphabet", [*ALPHABETS, "ấ ", "a. "])
def test_what_is_shortened_fits(alphabet: str, tail: str, segments: int) -> None:
    dice = random.Random(ascii((alphabet, tail, segments)))  # noqa: S311 - repeatable
    for _ in range(30):
        text = "".join(dice.choices(alphabet, k=dice.randrange(1, 900)))
        short = shortened(text, segments, tail)
        assert count(short).segments <= segments
        assert short == text or short.endswith(tail)


VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_vietnamese_letter_folds_to_its_own(form: str) -> None:
    for vowel in VOWELS:
        for tone in TONES:
            letter = unicodedata.normalize(form, vowel + tone)  # type: ignore[arg-type]
            assert fold(letter) == unicodedata.normalize("NFD", vowel)[0].replace("ư", "u").replace("ơ", "o")
    assert fold("đĐ") == "dD"


@pytest.mark.parametrize(("text", "expected"), [
    ("“Giấy” – ‘tờ’ — «bản sao»…", "\"Giay\" - 'to' - \"ban sao\"..."),
    ("• một\n· hai\n▪ ba\n◦ bốn\n● năm", "- mot\n- hai\n- ba\n- bon\n- nam"),
    ("A → B ← C, ➡️ D", "A -> B <- C, -> D"), ("8.000₫, 5\u00a0000\u202fđ\t1", "8.000d, 5 000 d 1"),
    ("≥ 18, ≠ 16, 2×3, 36°C, m², ½, ①, Ａ", ">= 18, <> 16, 2x3, 36oC, m2, 1/2, 1, A"),
    ("no\u2011break so\u00adft zero\u200bwidth \u202ebidi", "no-break soft zerowidth bidi"),
    ("a\u2028b\r\nc", "a\nb\r\nc"), ("[€] {x} ~ ^ | \\", "[€] {x} ~ ^ | \\"), ("nul\x00", "nul"),
    # pictures go, with the space before them, and words do not run together
    ("Tốt 😀", "Tot"), ("Tốt 😀.", "Tot."), ("a 😀 b", "a b"), ("😀 Chào", "Chao"), ("Xong✅Cảm ơn", "Xong Cam on"),
    ("☎️ 1022", "1022"), ("dòng\n📌 ghim\n⭐⭐ sao", "dong\nghim\nsao"),
    ("❤\ufe0f " + FAMILY + FLAG + THUMB + SCOTLAND, ""),
    (f"{KEYCAP} Khai sinh", "1 Khai sinh"), (f"a{HALF}b{PAIR_AS_TWO}", "ab"),
    # other letters cannot be said, and one sees that something stood there
    ("中文", "??"), ("Привет", "??????"), ("a ∞ b", "a ? b"),
])  # fmt: skip
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected
    assert count(fold(text)).encoding == "GSM-7"
    assert fold(fold(text)) == fold(text)


def test_a_status_of_three_segments_folds_into_one() -> None:
    text = (
        "Hồ sơ H15.50.05.13-261008-0975: đang xử lý. Hẹn trả 20/11/2026. "
        "Bạn chờ kết quả theo ngày hẹn, rồi đến UBND phường Tân An để nhận kết quả."
    )
    assert (count(text).encoding, count(text).segments) == ("UCS-2", 3)
    assert (count(fold(text)).encoding, count(fold(text)).segments) == ("GSM-7", 1)


@pytest.mark.parametrize("status", STATUSES.values(), ids=lambda status: str(status.code))
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_status_with_its_date_and_next_step_is_one_segment_folded(form: str, status: Status) -> None:
    said = f"Hồ sơ H15.50.05.13-261008-0975: {status.label['vi']}, hẹn trả 20/11/2026. {status.next_step['vi']}"
    text = unicodedata.normalize(form, said)  # type: ignore[arg-type]
    assert count(text).segments >= 2
    assert count(fold(text)).segments == 1
    assert "?" not in fold(text)
