"""Procedures of the national database of administrative procedures, as its portal's records are kept in JSON.

{"thu_tuc_id", "metadata": {mã_thủ_tục, tên_thủ_tục, …}, "content": {trình_tự_thực_hiện, …}, "tables": {hinh_thuc_nop,
thanh_phan_ho_so, can_cu_phap_ly}}, one record or a list; the parts of Decree 63/2010, article 8. All in Vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from knowledge.contract import ChannelType
from knowledge.formats.drafts import NO_ONLINE, SOME_ONLINE, Drafts, Tree, origin
from knowledge.formats.place import Place
from text.fold import fold

PORTAL = "Cổng Dịch vụ công quốc gia"
_PAGE = "https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc-hanh-chinh.html?ma_thu_tuc={code}"
_CODE = re.compile(r"[1-9]\.\d{6}")
_NOTHING = frozenset({"khong co thong tin", "khong", "khong co", "khong quy dinh yeu cau"})
_CHANNELS: dict[str, ChannelType] = {
    "truc tiep": "in-person", "truc tuyen": "online", "buu chinh": "post", "dien thoai": "phone",
}  # fmt: skip
_STEP = re.compile(r"\bBước\s*\d+(?:\.\d+)*\s*[:.)]?\s*")
_FEE = re.compile(r"^\s*(?:Phí|Lệ phí)\s*:", re.MULTILINE)
_AMOUNT = re.compile(r"(\d[\d.]*|Không)\s*(?:Đồng|VND|VNĐ)\s*(?:\((.*)\))?", re.IGNORECASE | re.DOTALL)
_LIMIT = re.compile(r"(\d+)\s*(ngày làm việc|ngày|tháng)", re.IGNORECASE)
_UNITS = {"ngay lam viec": "working-day", "ngay": "calendar-day", "thang": "month"}
_FORM = re.compile(r"mẫu số\s*(\w+)", re.IGNORECASE)


def fits(place: Place) -> bool:
    """Whether this is a record of the portal."""
    return place.has("metadata", "content") and (place.has("thu_tuc_id") or place.at("metadata").has("mã_thủ_tục"))


def read(records: Place, drafts: Drafts) -> None:
    """Adds each procedure and who carries it out. Raises BadFile."""
    for record in records.each():
        _procedure(record, drafts)


def _procedure(record: Place, drafts: Drafts) -> None:
    about, content, tables = record.at("metadata"), record.at("content"), record.at("tables")
    code = about.needed("mã_thủ_tục")
    if not _CODE.fullmatch(code):
        about.at("mã_thủ_tục").wrong(f"'{code}' is no national procedure code; it looks like 1.001193")
    source = _source(about, code, drafts.month)
    filings = [_filing(row) for row in tables.at("hinh_thuc_nop").entries()]
    for filing in filings:
        if filing.channel is None:
            drafts.skip(code, f"a way to apply that is not known here, '{filing.name}'")
    evidence, forms = _evidence(tables.at("thanh_phan_ho_so"))
    online = any(filing.channel == "online" for filing in filings)
    drafts.add("services", {
        "identifier": f"tthc-{code.replace('.', '-')}",
        "code": code,
        "name": _vi(_name(about.needed("tên_thủ_tục"))),
        "description": _vi(_told(content, "mô_tả") or _about(about)),
        "keywords": {"vi": _keywords(about, content)},
        "competent_authority": drafts.agency_called(_agency(content), "vi"),
        "who_may_apply": _vi(_told(content, "đối_tượng_thực_hiện")),
        "evidence": evidence,
        "costs": _costs(filings, source),
        "time_limits": _limits(filings, source),
        "steps": [{"vi": step} for step in _steps(_told(content, "trình_tự_thực_hiện"))],
        "channels": _channels(filings, _PAGE.format(code=code)),
        "online_level": "partial" if online else "none",
        "partial_reason": SOME_ONLINE if online else NO_ONLINE,
        "output": _vi(_told(content, "kết_quả_thực_hiện")),
        "requirements": [{"vi": one} for one in _lines(_told(content, "yêu_cầu_điều_kiện_thực_hiện"))],
        "forms": forms,
        "legal_basis": [_legal(row) for row in tables.at("can_cu_phap_ly").entries()],
        "source": source,
    }, code)  # fmt: skip


def _vi(text: str | None) -> dict[str, str] | None:
    return {"vi": text} if text else None


def _told(place: Place, key: str) -> str | None:
    """A text, unless it says that there is none."""
    text = place.text(key)
    return None if text is None or fold(text).rstrip(".") in _NOTHING else text


def _name(name: str) -> str:
    """Without the word for "procedure" in front, which a sentence about it already has."""
    bare = re.sub(r"^thủ tục\s+", "", name, flags=re.IGNORECASE)
    return bare[:1].upper() + bare[1:]


def _about(about: Place) -> str:
    known = (("Lĩnh vực", "lĩnh_vực"), ("Cấp thực hiện", "cấp_thực_hiện"), ("Loại thủ tục", "loại_thủ_tục"))
    said = [f"{label}: {text}." for label, key in known if (text := _told(about, key))]
    return " ".join(said) or f"Thủ tục hành chính số {about.text('mã_thủ_tục')}."


def _keywords(about: Place, content: Place) -> list[str]:
    words = re.split(r"[,;\n]", _told(content, "từ_khóa") or "")
    return [word.strip() for word in (_told(about, "lĩnh_vực") or "", *words) if word.strip()]


def _agency(content: Place) -> str:
    """Who carries it out, else who decides; named as a whole, for several names cannot be told apart for certain."""
    name = _told(content, "cơ_quan_thực_hiện") or _told(content, "cơ_quan_có_thẩm_quyền")
    return name or content.wrong("names no agency in 'cơ_quan_thực_hiện' or 'cơ_quan_có_thẩm_quyền'")


def _source(about: Place, code: str, month: str) -> Tree:
    """The record in the portal, by the decision that published it."""
    decision = _told(about, "số_quyết_định")
    act = f"{PORTAL}, thủ tục {code}" + (f" ({decision})" if decision else "")
    return origin(act, month, _PAGE.format(code=code))


def _steps(text: str | None) -> list[str]:
    """By "Bước 1", else by line; an answer numbers them itself."""
    if text is None:
        return []
    before, *steps = _STEP.split(text)
    before = re.sub(r"^trình tự thực hiện\s*:?\s*", "", before, flags=re.IGNORECASE)
    parts = [before, *steps] if steps else before.split("\n")
    return [part for part in map(_bare, parts) if part]


def _lines(text: str | None) -> list[str]:
    return [line for line in map(_bare, (text or "").split("\n")) if line]


def _bare(text: str) -> str:
    """Without the mark of a list in front and the stop behind."""
    return re.sub(r"^[-–+*•\s]+", "", text).strip().rstrip(";").strip()


def _evidence(rows: Place) -> tuple[list[Tree], list[Tree]]:
    """The papers by case, and the forms among them. A row that ends with a colon and is no paper opens a case."""
    cases: list[Tree] = [{"items": []}]
    forms: dict[str, Tree] = {}
    for row in rows.entries():
        name, copies = _bare(row.needed("ten_giay_to")), _copies(row.text("ghi_chu") or "")
        if name.endswith(":") and copies is None:
            cases.append({"when": {"vi": name.rstrip(": ")}, "items": []})
            continue
        item: Tree = {"name": {"vi": name}} | ({"note": {"vi": copies}} if copies else {})
        if form := _FORM.search(row.text("so_luong") or ""):
            item["form"] = f"Mẫu số {form[1]}"
            forms.setdefault(item["form"], {"code": item["form"], "name": {"vi": name}})
        cases[-1]["items"].append(item)
    return [case for case in cases if case["items"]], list(forms.values())


def _copies(note: str) -> str | None:
    """"Bản chính: 1\\nBản sao: 0" → "1 bản chính"."""
    counts = re.findall(r"(bản chính|bản sao)\s*:\s*(\d+)", note, re.IGNORECASE)
    return ", ".join(f"{int(number)} {kind.lower()}" for kind, number in counts if int(number)) or None


class Fee(NamedTuple):
    amount: int | None                          # VND
    note: str


class Limit(NamedTuple):
    amount: int | None
    unit: str
    note: str


class Filing(NamedTuple):
    """One row of ways to file."""

    channel: ChannelType | None                 # None: a way that is not known here
    name: str
    fees: list[Fee]
    limits: list[Limit]
    told: str


def _filing(row: Place) -> Filing:
    name = row.needed("hinh_thuc")
    channel: ChannelType | None = next((channel for word, channel in _CHANNELS.items() if word in fold(name)), None)
    fees, limits = _fees(row.text("phi_le_phi") or ""), _limit(row.text("thoi_han_giai_quyet") or "")
    return Filing(channel, name, fees, limits, row.text("mo_ta") or "")


def _fees(text: str) -> list[Fee]:
    """A fee a line, but some go over several; one in another currency, or set by an act, is told in its own words."""
    fees: list[Fee] = []
    for said in (part.strip() for part in _FEE.split(text)):
        if not re.search(r"\w", re.sub("đồng", "", said, flags=re.IGNORECASE)):
            continue
        known = _AMOUNT.fullmatch(said)
        amount = (int(known[1].replace(".", "")) if known[1][0].isdigit() else 0) if known else None
        fees.append(Fee(amount, ((known[2] or "") if known else said).strip()))
    return fees


def _limit(text: str) -> list[Limit]:
    """Hours are told in words: the portal does not say whether they are working hours."""
    if not text or re.fullmatch(r"0+\s*\D*", text):
        return []
    known = _LIMIT.fullmatch(text)
    return [Limit(int(known[1]), _UNITS[fold(known[2])], "") if known else Limit(None, "working-day", text)]


def _costs(filings: list[Filing], source: Tree) -> list[Tree]:
    fees = _by_channel((filing.channel, filing.fees) for filing in filings)
    return [
        {"amount": amount, "source": source}
        | ({"channel": channel} if channel else {})
        | ({"note": {"vi": note}} if note else {})
        for channel, of_channel in fees.items()
        for amount, note in of_channel
    ]


def _limits(filings: list[Filing], source: Tree) -> list[Tree]:
    limits = _by_channel((filing.channel, filing.limits) for filing in filings)
    names = {filing.channel: filing.name.lower() for filing in filings}
    return [
        {"amount": amount, "unit": unit, "source": source}
        | ({"when": {"vi": f"Nộp {names[channel]}"}} if channel else {})
        | ({"note": {"vi": note}} if note else {})
        for channel, of_channel in limits.items()
        for amount, unit, note in of_channel
    ]


def _by_channel[T](rows: Iterable[tuple[ChannelType | None, list[T]]]) -> dict[ChannelType | None, tuple[T, ...]]:
    """What is said of each channel, once; under None what is said of all alike. A channel may have several rows."""
    found: dict[ChannelType | None, tuple[T, ...]] = {}
    for channel, said in rows:
        if channel:
            found[channel] = tuple(dict.fromkeys((*found.get(channel, ()), *said)))
    return found if len(set(found.values())) > 1 else dict.fromkeys([None], next(iter(found.values()), ()))


def _channels(filings: list[Filing], page: str) -> list[Tree]:
    found: dict[str, Tree] = {}
    for one in filings:
        if one.channel:
            url = {"url": page} if one.channel == "online" else {}
            found.setdefault(one.channel, {"type": one.channel, "description": {"vi": one.told or one.name}} | url)
    return list(found.values())


def _legal(row: Place) -> Tree:
    """By its title; with the number in front, where the title does not have it."""
    number, title = row.text("so_ky_hieu") or "", row.text("trich_yeu") or row.needed("so_ky_hieu")
    known = fold(number) in fold(title) or "/" not in number
    return {"act": title if known else f"{number}: {title}"}
