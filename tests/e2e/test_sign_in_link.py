"""Whoever starts a demonstration signs in to the desk by the link that the start prints."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.error import HTTPError

import pytest

from tests.support.live import Live


def test_the_printed_link_signs_its_administrator_in_once(live_systems: Live) -> None:
    pattern = rf"{live_systems.staff_url}/desk/sign-in/[\w-]+\?next=/desk"
    live_systems.wait_until(lambda: re.search(pattern, live_systems.output) is not None, 30, "printed")
    (link,) = re.findall(pattern, live_systems.output)
    jar = CookieJar(DefaultCookiePolicy(allowed_domains=["127.0.0.1"]))
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(link).read().decode()
    assert "Quản trị mẫu" in page
    (csrf,) = re.findall(r'name="csrf" value="(\w+)"', page)
    form = urllib.parse.urlencode({"csrf": csrf, "next": "/desk"}).encode()
    entered = browser.open(link, form)
    assert (entered.status, entered.url) == (200, f"{live_systems.staff_url}/desk")
    assert "Quản trị mẫu" in browser.open(f"{live_systems.staff_url}/desk/people").read().decode()
    with pytest.raises(HTTPError, match="Gone"):
        urllib.request.urlopen(link)  # noqa: S310
