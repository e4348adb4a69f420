"""The ten national case statuses and what each means to a citizen.

Codes as on the National Public Service Portal (domain: DVCQG `TrangThai`, the same on provincial portals).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actions.cases.contract import Text

Group = Literal["open", "paused", "done", "closed-negative"]


@dataclass(frozen=True, slots=True)
class Status:
    """`national` is the portal's own wording; `label`, `meaning` and `next_step` are for the citizen. `step` is the
    next step in few words, so that one SMS has room for it beside a reference, a state, a date and how to learn more.
    """

    code: int
    national: Text
    label: Text
    meaning: Text
    next_step: Text
    group: Group
    step: Text


def _text(vi: str, en: str) -> Text:
    return {"vi": vi, "en": en}


_STATUSES = (
    Status(
        1,
        _text("Mới đăng ký", "Submitted"),
        _text("Đã gửi, chờ tiếp nhận", "Sent, waiting to be accepted"),
        _text("Hồ sơ đã được gửi. Cơ quan chưa kiểm tra và tiếp nhận.",
              "Your application has been sent. The agency has not checked and accepted it yet."),
        _text("Bạn chưa phải làm gì. Cơ quan sẽ báo khi tiếp nhận hoặc khi cần bổ sung.",
              "Nothing to do for now. The agency will tell you when it is accepted or if something is missing."),
        "open",
        _text("Bạn chưa phải làm gì.", "Nothing to do yet."),
    ),
    Status(
        2,
        _text("Được tiếp nhận", "Accepted"),
        _text("Đã tiếp nhận", "Accepted"),
        _text("Hồ sơ đã đủ và được tiếp nhận. Thời hạn giải quyết đã bắt đầu tính.",
              "Your application is complete and has been accepted. The time limit is now running."),
        _text("Bạn chờ kết quả theo ngày hẹn.", "Wait for the result by the due date."),
        "open",
        _text("Chờ đến ngày hẹn.", "Wait until the due date."),
    ),
    Status(
        3,
        _text("Không được tiếp nhận", "Not accepted"),
        _text("Không được tiếp nhận", "Not accepted"),
        _text("Cơ quan không tiếp nhận hồ sơ này và phải nêu lý do bằng văn bản.",
              "The agency did not accept this application and must give its reasons in writing."),
        _text("Bạn xem lý do trong phiếu từ chối, sửa lại rồi nộp hồ sơ mới, hoặc hỏi nhân viên.",
              "Read the reasons in the refusal slip, put them right and apply again, or ask a member of staff."),
        "closed-negative",
        _text("Xem phiếu từ chối rồi nộp lại.", "See the refusal slip, apply again."),
    ),
    Status(
        4,
        _text("Đang xử lý", "In progress"),
        _text("Đang xử lý", "In progress"),
        _text("Cơ quan đang giải quyết hồ sơ.", "The agency is working on your application."),
        _text("Bạn chờ kết quả theo ngày hẹn.", "Wait for the result by the due date."),
        "open",
        _text("Chờ đến ngày hẹn.", "Wait until the due date."),
    ),
    Status(
        5,
        _text("Yêu cầu bổ sung giấy tờ", "Additional documents required"),
        _text("Cần bổ sung giấy tờ", "More documents needed"),
        _text("Hồ sơ còn thiếu giấy tờ. Thời hạn tạm dừng và tính lại khi bạn bổ sung đủ.",
              "Documents are missing. The time limit is paused and starts again once you have sent them."),
        _text("Bạn bổ sung giấy tờ còn thiếu, một lần cho đủ.", "Send the missing documents, all at once."),
        "paused",
        _text("Bổ sung một lần cho đủ.", "Hand them in all at once."),
    ),
    Status(
        6,
        _text("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment required"),
        _text("Cần nộp phí, lệ phí, thuế", "Payment needed"),
        _text("Cơ quan chờ bạn nộp khoản phí, lệ phí hoặc thuế của hồ sơ này.",
              "The agency is waiting for you to pay the fee, charge or tax for this application."),
        _text("Bạn nộp theo thông báo, tại quầy hoặc trên Cổng Dịch vụ công quốc gia.",
              "Pay as the notice says, at the desk or on the National Public Service Portal."),
        "paused",
        _text("Nộp theo thông báo.", "Pay as the notice says."),
    ),
    Status(
        7,
        _text("Công dân yêu cầu rút hồ sơ", "Withdrawn by the citizen"),
        _text("Đã rút theo yêu cầu", "Withdrawn at your request"),
        _text("Hồ sơ đã được rút theo yêu cầu của người nộp.",
              "The application was withdrawn at the applicant's request."),
        _text("Nếu vẫn cần, bạn nộp hồ sơ mới.", "If you still need it, apply again."),
        "done",
        _text("Vẫn cần thì nộp lại.", "Apply again if needed."),
    ),
    Status(
        8,
        _text("Dừng xử lý", "Stopped"),
        _text("Đã dừng xử lý", "Processing stopped"),
        _text("Cơ quan đã dừng giải quyết hồ sơ và phải thông báo lý do.",
              "The agency has stopped processing the application and must tell you why."),
        _text("Bạn xem thông báo dừng giải quyết, hoặc hỏi nhân viên để biết cách tiếp tục.",
              "Read the notice, or ask a member of staff how to go on."),
        "paused",
        _text("Xem thông báo dừng giải quyết.", "Read the notice that you got."),
    ),
    Status(
        9,
        _text("Đã xử lý xong", "Result ready"),
        _text("Đã có kết quả", "Result ready"),
        _text("Hồ sơ đã giải quyết xong.", "The application has been decided."),
        _text("Bạn đến nhận kết quả, nhớ mang giấy hẹn và giấy tờ tùy thân, hoặc nhận theo cách bạn đã chọn.",
              "Collect the result with your receipt and an identity document, or receive it the way you chose."),
        "done",
        _text("Đến nhận thì mang giấy hẹn và căn cước.", "To collect it, bring receipt and ID."),
    ),
    Status(
        10,
        _text("Đã trả kết quả", "Result returned"),
        _text("Đã trả kết quả", "Result handed over"),
        _text("Kết quả đã được trả cho người nộp.", "The result has been given to the applicant."),
        _text("Bạn không phải làm gì thêm. Nếu chưa nhận được, hãy hỏi nhân viên.",
              "You do not need to do anything more. If you have not received it, ask a member of staff."),
        "done",
        _text("Chưa nhận được thì hỏi nhân viên.", "Not received? Ask our staff."),
    ),
)

STATUSES = {status.code: status for status in _STATUSES}


def status(code: int) -> Status:
    """The status with a national code. Raises KeyError for a code that the portal does not have."""
    return STATUSES[code]
