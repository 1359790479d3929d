"""The demonstration's letters: one about each of a few referrals, in the format that its reader needs.

Safe to run again: a letter's key is made from its referral, so each is written once. The job makes the PDFs.
"""

import datetime as dt
import uuid
from collections.abc import Callable

from eligibility.enums import LetterKind, ReferralStatus, SendingMethod
from eligibility.models import Letter, Referral
from eligibility.selectors.letters import case_of_referral
from eligibility.services.letters import record_sent, write_letter
from phb_register import clock
from phb_register.models import Commissioner, CommissionerSettings, CommunicationFormat, User
from phb_register.services.settings import change_settings

_KEYS = uuid.UUID("5d0a1f4e-6a0b-4c53-9a52-3c1b7f3e9d10")
_CONTACTS = {
    "LLR": "Personal health budgets team\n1 Example Street\nLeicester\nPhone: 01632 960123\nphb@llr.example.nhs.uk",
    "QSL": "Personal health budgets team\n1 Example Street\nTaunton\nPhone: 01632 960456\nphb@somerset.example.nhs.uk",
}
_TEAM = "team@llr.example.nhs.uk"
_ASKED = {
    "information_needed": "The last assessment of the care that is needed\nWho helps with the care now",
    "reply_by": "",
}


def load(progress: Callable[[int, int], None]) -> None:
    """Enter the contact details where there are none, and write the letters that are not there yet."""
    for code, contact in _CONTACTS.items():
        commissioner = Commissioner.objects.get(code=code)
        if not CommissionerSettings.objects.filter(commissioner=commissioner).exclude(letter_contact="").exists():
            change_settings(commissioner=commissioner, by=None, letter_contact=contact)
    by = User.objects.get(email=_TEAM)
    chosen = _referrals(by)
    for done, referral in enumerate(chosen, start=1):
        _write(referral, by)
        progress(done, len(chosen))


def _referrals(by: User) -> list[Referral]:
    """The newest referral of each status, and the newest of somebody who needs each format."""
    rows = Referral.objects.visible_to(by).select_related("person", "commissioner").order_by("-received_on", "pk")
    statuses = (ReferralStatus.SUBMITTED, ReferralStatus.ACCEPTED, ReferralStatus.DECLINED)
    found = [rows.filter(status=status).first() for status in statuses]
    found += [
        rows.filter(person__communication_format=each, status=ReferralStatus.ACCEPTED).first()
        for each in CommunicationFormat.values
    ]
    return list({referral.pk: referral for referral in found if referral is not None}.values())


def _write(referral: Referral, by: User) -> None:
    key = uuid.uuid5(_KEYS, str(referral.submission_key))
    if Letter.objects.filter(writing_key=key).exists():
        return
    kind = case_of_referral(referral).kinds[0]
    today = clock.today()
    reply_by = today + dt.timedelta(days=14)
    asked = {**_ASKED, "reply_by": f"{reply_by:%-d %B %Y}"} if kind == LetterKind.MORE_INFORMATION else None
    letter = write_letter(referral=referral, kind=kind, by=by, key=key, asked=asked)
    if letter.communication_format == CommunicationFormat.STANDARD and kind != LetterKind.MORE_INFORMATION:
        record_sent(letter=letter, sent_on=today, how=SendingMethod.POST, by=by)
