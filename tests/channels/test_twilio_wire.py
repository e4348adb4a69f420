"""Twilio's signatures: the vectors that it publishes itself (twilio-python, tests/unit/test_request_validator.py)."""

from __future__ import annotations

import pytest
from multidict import MultiDict

from channels.contract import NotGenuine, Request
from channels.sms_twilio import TwilioSms
from channels.twilio_wire import read_form, sign, signed, write_form

TOKEN = "12345"  # noqa: S105
SITE, TARGET = "https://mycompany.com", "/myapp.php?foo=1&bar=2"
CALL = MultiDict({
    "CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309", "To": "+18005551212",
    "Caller": "+14158675309",
})
TWICE = MultiDict([
    ("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234"),
])
JSON = '{"property": "value", "boolean": true}'
HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
OF_JSON = "a9nBmqA0ju/hNViExpshrM61xv4="
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


@pytest.mark.parametrize(("fields", "signature"), [
    (CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="), (TWICE, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
])
def test_a_published_signature(fields: MultiDict[str], signature: str) -> None:
    assert sign(TOKEN, SITE + TARGET, fields) == signature
    assert read_form(write_form(fields)) == fields


@pytest.mark.parametrize(("site", "signature"), [
    ("https://mycompany.com", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("https://mycompany.com:1234", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),        # signed without the port
    ("http://mycompany.com:1234", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),         # signed with it
    ("https://mycompany.com", "kvajT1Ptam85bY51eRf/AJRuM3w="),             # signed with :443
    ("http://mycompany.com", "0ZXoZLH/DfblKGATFgpif+LLRf4="),              # signed with :80
])
def test_a_published_signature_with_and_without_port(site: str, signature: str) -> None:
    assert signed(TOKEN, site + TARGET, CALL, signature)
    ours = TwilioSms("AC1", TOKEN, "+18005551212", public_url=site)
    headers = {"x-twilio-signature": signature, "content-type": FORM}
    ours.verify(Request("POST", TARGET, headers, write_form(CALL), site))
    with pytest.raises(NotGenuine):
        ours.verify(Request("POST", TARGET + "&", headers, write_form(CALL), site))


@pytest.mark.parametrize(("body", "target", "signature", "genuine"), [
    (JSON, f"{TARGET}&bodySHA256={HASH}", OF_JSON, True),
    (JSON + " ", f"{TARGET}&bodySHA256={HASH}", OF_JSON, False),
    (JSON, TARGET, OF_JSON, False),
    (JSON, TARGET, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", False),
])
def test_the_published_signature_of_a_body(body: str, target: str, signature: str, genuine: bool) -> None:
    ours = TwilioSms("AC1", TOKEN, "+18005551212", public_url=SITE)
    headers = {"x-twilio-signature": signature, "content-type": "application/json"}
    request = Request("POST", target, headers, body.encode(), SITE)
    if genuine:
        ours.verify(request)
    else:
        with pytest.raises(NotGenuine):
            ours.verify(request)
