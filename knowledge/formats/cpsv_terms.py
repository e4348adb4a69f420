"""What CPSV-AP has no words for, and how writer and reader say it in the words that it has.

Kinds of rules, units of time, ways to apply and how much can be done online are concepts of the authority's own, under
its catalogue's address; a reader knows them by the last part of their IRI.
"""

from __future__ import annotations

from knowledge.contract import ChannelType, OnlineLevel, Text, Unit

STEPS, TIME_LIMIT, UNCONFIRMED = "steps", "time-limit", "unconfirmed"
VND = "http://publications.europa.eu/resource/authority/currency/VND"
VIET_NAM = "http://publications.europa.eu/resource/authority/country/VNM"
RULES: dict[str, Text] = {
    STEPS: {"vi": "Trình tự thực hiện", "en": "Steps"},
    TIME_LIMIT: {"vi": "Thời hạn giải quyết", "en": "Processing time"},
}
CHANNELS: dict[ChannelType, Text] = {
    "in-person": {"vi": "Trực tiếp", "en": "In person"},
    "online": {"vi": "Trực tuyến", "en": "Online"},
    "post": {"vi": "Qua bưu chính", "en": "By post"},
    "phone": {"vi": "Qua điện thoại", "en": "By telephone"},
}
ONLINE: dict[OnlineLevel, Text] = {
    "full": {"vi": "Trực tuyến toàn trình", "en": "All of it online"},
    "partial": {"vi": "Trực tuyến một phần", "en": "Part of it online"},
    "none": {"vi": "Chưa trực tuyến", "en": "Not online"},
}
UNITS: dict[Unit, Text] = {
    "working-hour": {"vi": "giờ làm việc", "en": "working hour"},
    "working-day": {"vi": "ngày làm việc", "en": "working day"},
    "calendar-day": {"vi": "ngày", "en": "day"},
    "month": {"vi": "tháng", "en": "month"},
}
STANDARD_UNITS: dict[Unit, str] = {"calendar-day": "time:unitDay", "month": "time:unitMonth"}
DURATIONS: dict[Unit, str] = {"working-hour": "PT{}H", "working-day": "P{}D", "calendar-day": "P{}D", "month": "P{}M"}


def lasting(amount: int, unit: Unit) -> Text:
    """{"vi": "8 ngày làm việc", "en": "8 working days"}."""
    return {"vi": f"{amount} {UNITS[unit]['vi']}", "en": f"{amount} {UNITS[unit]['en']}{'' if amount == 1 else 's'}"}
