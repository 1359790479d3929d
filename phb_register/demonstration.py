"""The foundations of the demonstration: users of each role, their memberships and the commissioners' settings.

Made through the services. What the people are called and where they work is plainly invented.
"""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.hashers import make_password

from phb_register.demonstration_logins import LOGINS, PASSWORD
from phb_register.models import Commissioner, CommissionerSettings, Membership
from phb_register.services.settings import change_settings
from phb_register.services.users import give_membership, invite_user

# Before the first record of the demonstration, so that every act has somebody who might do it.
MEMBERSHIPS_START = dt.date(2013, 4, 1)

HOW_TO_ASK = (
    "Ask the nurse or social worker who arranges your care, or the personal health budgets team. "
    "They will tell you what you can have and what happens next."
)


def load(progress: Callable[[int, int], None]) -> None:
    """Make the users and settings that are not there yet."""
    codes = {code for login in LOGINS for code in login.commissioners}
    commissioners = {each.code: each for each in Commissioner.objects.filter(code__in=codes)}
    # The password of all is on the sign-in page; to hash it once a user would only take its time.
    password_hash = make_password(PASSWORD)
    for done, login in enumerate(LOGINS, start=1):
        user = invite_user(email=login.email, full_name=login.full_name, by=None, password_hash=password_hash)
        for code in login.commissioners:
            commissioner = commissioners[code]
            held = Membership.objects.filter(user=user, role=login.role, commissioner=commissioner)
            if not held.exists():
                give_membership(
                    user=user,
                    role=login.role,
                    commissioner=commissioner,
                    starts_on=MEMBERSHIPS_START,
                    by=None,
                )
        progress(done, len(LOGINS))
    for code in ("LLR", "QSL", "SURREY"):
        if not CommissionerSettings.objects.filter(commissioner=commissioners[code]).exists():
            change_settings(commissioner=commissioners[code], by=None, how_to_ask=HOW_TO_ASK)
