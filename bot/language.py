"""Vietnamese or English: by diacritics, then by tell-tale words, then CLD2; None where a text tells neither."""

from __future__ import annotations

import re
from typing import Literal

import pycld2

from text.fold import fold

Language = Literal["vi", "en"]

# Words that only one of the two has, as typed without diacritics; ambiguous ones (hi, ok, a, do, the, to, an, on, in, me, can, visa) are left out.
_VI = frozenset("""
gi cua khong ko hok hong toi cho duoc dc nhieu bao lam giay can cuoc ho khau tru tam thuong khai sinh ket hon tu chieu dang ky nop phi le tien mat may ngay o dau
nao ai the nao ntn vay nhe nha a anh chi em chau con bac minh ban muon hoi xin hs cccd gplx bhyt bhxh phuong xa quan huyen tinh thu tuc giup voi nhan vien gap cai
khi luc chua roi den dau nhanh lau mua ban hang chong vo bo me ba moi mot hai ba bon nam sau bay tam chin muoi dung huy lai cam on chao hoac hay va neu thi la co
""".split()) - frozenset("the a con may can ho me ban do on nao sau lam chi dung hay cho tu nam phi mat bo gap bay ba la va xa hai".split())
_EN = frozenset("""
what where when who how much many is are am was were my your i you we they he she it the and or for with without of from need needs want does did do long
documents document fee fees cost costs price pay time register registration birth certificate passport card renew apply application form office open closed please thanks thank hello
yes no this that have has had would could should can will moving married marriage died death baby child children help human person speak talk english repeat shorter again stop
""".split()) - frozenset("can do am".split())
_DIACRITICS = re.compile(r"[ăâđêôơưạảãáàấầẩẫậắằẳẵặẹẻẽéèếềểễệịỉĩíìọỏõóòốồổỗộớờởỡợụủũúùứừửữựỵỷỹýỳ]")
_SURE = 0.62


def detect(text: str) -> Language | None:
    """The language of `text`, or None for what both share or neither has ("hi", "1", "ok", a reference)."""
    lowered = text.lower()
    words = re.findall(r"[^\W\d_]+", lowered)
    vi = sum(2 for word in words if _DIACRITICS.search(word)) + sum(1 for word in words if fold(word) in _VI)
    en = sum(1 for word in words if word in _EN)
    if vi != en and max(vi, en) >= _SURE * (vi + en):
        return "vi" if vi > en else "en"
    return _by_cld2(lowered, words)


def _by_cld2(text: str, words: list[str]) -> Language | None:
    if sum(map(len, words)) < 6:
        return None                      # "hi", "ok", "fee": too little for statistics
    _, _, found = pycld2.detect(text, hintLanguage="vi", bestEffort=True)
    code = found[0][1]
    return code if code in ("vi", "en") else None
