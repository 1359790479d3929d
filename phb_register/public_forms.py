"""Forms that anybody may send: no cookie says where one was filled in, so the form carries a signed note instead.

The token says which form it is, when it was drawn, and has a key of its own: a form that is sent twice is told by its
key. It cannot be made up, and cannot be used for another form or after half a day. How many forms one address on the
internet sends is limited by the library that limits sign-in.
"""

import datetime as dt
import uuid

from allauth.core import ratelimit
from django.core import signing
from django.http import HttpRequest

_SALT = "phb_register.public_forms"
#: From opening the page to sending it.
VALID_FOR = dt.timedelta(hours=12)
# A clock of another server may be a little ahead.
_AHEAD = dt.timedelta(minutes=5)
#: The entry of ``ACCOUNT_RATE_LIMITS``.
RATE_LIMIT = "public_form"


class TokenRefused(ValueError):
    """The token is not one that this form could have carried, or the page was open for too long."""


def new_token(purpose: str, now: dt.datetime) -> str:
    """The token of one page of the form ``purpose``."""
    return signing.dumps({"for": purpose, "key": uuid.uuid4().hex, "at": now.isoformat()}, salt=_SALT, compress=True)


def read_token(token: str, purpose: str, now: dt.datetime) -> uuid.UUID:
    """The key of the page. Raises ``TokenRefused``."""
    try:
        content = signing.loads(token, salt=_SALT)
        key, drawn_at = uuid.UUID(content["key"]), dt.datetime.fromisoformat(content["at"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise TokenRefused("The token cannot be read") from error
    if content.get("for") != purpose:
        raise TokenRefused("The token is another form's")
    if not now - VALID_FOR <= drawn_at <= now + _AHEAD:
        raise TokenRefused("The token is too old")
    return key


def may_send(request: HttpRequest) -> bool:
    """Count one form sent from where the request comes from. False once that was too many."""
    return bool(ratelimit.consume(request, action=RATE_LIMIT))
