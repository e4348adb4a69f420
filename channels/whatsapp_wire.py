"""WhatsApp's addresses, whoever carries them: a telephone number; of who has a user name and shows none, a user id.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

from __future__ import annotations

import re

NUMBER = re.compile(r"[1-9][0-9]{4,14}")                            # E.164 without its plus
USER = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")          # good for our business alone
ADDRESS = re.compile(rf"\+{NUMBER.pattern}|{USER.pattern}")
