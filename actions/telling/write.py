"""How values are written in each language: money, days, times, durations."""

from __future__ import annotations

from datetime import date, datetime, time

from actions.voice import Voice
from knowledge.contract import TimeLimit, Unit


def money(voice: Voice, amount: int) -> str:
    """0 → free, 20000 → "20.000 đồng" or "VND 20,000"."""
    if amount == 0:
        return voice("free")
    return f"{amount:,}".replace(",", ".") + " đồng" if voice.language == "vi" else f"VND {amount:,}"


def day(voice: Voice, at: date) -> str:
    """"thứ Hai 23/11/2026" or "Monday 23 November 2026"."""
    weekday = voice(f"weekday_{at.weekday()}")
    if voice.language == "vi":
        return f"{weekday} {at:%d/%m/%Y}"
    return f"{weekday} {at.day} {voice(f'month_{at.month}')} {at.year}"


def short_day(voice: Voice, at: date) -> str:
    return f"{at:%d/%m/%Y}" if voice.language == "vi" else f"{at.day} {voice(f'month_{at.month}')} {at.year}"


def shortest_day(voice: Voice, at: date) -> str:
    """"27/11/2026" or "27 Nov 2026"."""
    return short_day(voice, at) if voice.language == "vi" else f"{at.day} {voice(f'month_{at.month}')[:3]} {at.year}"


def month(voice: Voice, year_month: str) -> str:
    """"2026-11" → "tháng 11/2026" or "November 2026"."""
    year, number = year_month.split("-")[:2]
    return voice("month_of", month=voice(f"month_{int(number)}"), number=int(number), year=year)


def clock(at: time | datetime) -> str:
    return f"{at.hour}:{at.minute:02}"


def duration(voice: Voice, amount: int, unit: Unit) -> str:
    return voice(f"unit_{unit}_{'one' if amount == 1 else 'many'}", n=amount)


def limit(voice: Voice, limit: TimeLimit) -> str:
    """The time itself, without the case it is for: "7 ngày làm việc. Ghi chú …"."""
    said = [duration(voice, limit.amount, limit.unit)] if limit.amount is not None else []
    if limit.note:
        said.append(voice.pick(limit.note).rstrip("."))
    return ". ".join(said) or voice("not_known")


def lines(*parts: str) -> str:
    """Parts under each other, empty ones left out."""
    return "\n".join(part for part in parts if part)


def bullets(parts: list[str]) -> str:
    return "\n".join(f"- {part}" for part in parts)


def steps(parts: list[str]) -> str:
    return "\n".join(f"{number}. {part}" for number, part in enumerate(parts, 1))


def sentence(text: str) -> str:
    """Capital first ("eTax" stays), a full stop at the end."""
    text = text.strip()
    first = text[:1] if text[1:2].isupper() else text[:1].upper()
    return text if not text else first + text[1:] + ("" if text[-1] in ".?!:" else ".")
