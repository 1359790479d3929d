"""The demonstration's work on referrals that wait: some allocated, acknowledged, paused.

Safe to run again. It is done once: as soon as one of them is allocated to somebody, they are left alone.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from eligibility.enums import PauseReason
from eligibility.models import Referral
from eligibility.services.allocation import allocate_referrals
from eligibility.services.clocks import acknowledge_referral, pause_referral, resume_referral
from phb_register import clock
from phb_register.models import User
from phb_register.roles import Permission

TEAM, LEAD = "team@llr.example.nhs.uk", "lead@llr.example.nhs.uk"
DAY = dt.timedelta(days=1)
# The newest ones, which nobody has looked at yet.
UNTOUCHED = 2


@dataclass(frozen=True)
class Held:
    """A pause: how many days after receipt it began, how long it lasted (None: it goes on), and when to ask again."""

    reason: PauseReason
    after: int
    lasted: int | None
    note: str
    ask_again_in: int = 1


#: By the place of a referral among those waiting, the oldest first: who has it, and how its clock was paused.
PLAN: tuple[tuple[str, Held | None], ...] = (
    (TEAM, None),
    (LEAD, Held(PauseReason.IN_HOSPITAL, 5, 3, "Admitted after a fall, home again")),
    (TEAM, None),
    (TEAM, Held(PauseReason.INFORMATION, 7, None, "The decision support tool was asked for", ask_again_in=-1)),
    (LEAD, Held(PauseReason.ANOTHER_BODY, 6, None, "The local authority looks at its share", ask_again_in=5)),
)


def load(progress: Callable[[int, int], None]) -> None:
    """Do what is not done yet."""
    users = {user.email: user for user in User.objects.filter(email__in=[TEAM, LEAD])}
    waiting = _waiting(users[TEAM])
    if not any(referral.allocated_to_id for referral in waiting):
        for place, referral in enumerate(waiting):
            _work(place, referral, users, is_new=place >= len(waiting) - UNTOUCHED)
            progress(place + 1, len(waiting))
    progress(len(waiting), len(waiting))


def _waiting(team: User) -> list[Referral]:
    rows = Referral.objects.visible_to(team, Permission.DECIDE_REFERRALS).waiting()
    return list(rows.select_related("commissioner").order_by("received_on", "pk")[:20])


def _work(place: int, referral: Referral, users: dict[str, User], *, is_new: bool) -> None:
    today = clock.today()
    if not is_new:
        acknowledge_referral(referral=referral, by=users[TEAM], on=min(referral.received_on + DAY, today))
    if place >= len(PLAN):
        return
    holder, held = PLAN[place]
    allocate_referrals(seen={referral.reference: None}, to=users[holder], by=users[TEAM])
    if held is None or referral.received_on + DAY * (held.after + 1) >= today:
        return
    begins = referral.received_on + DAY * held.after
    pause_referral(
        referral=referral,
        by=users[holder],
        reason=held.reason,
        note=held.note,
        on=begins,
        follow_up_on=max(today + DAY * held.ask_again_in, begins + DAY),
    )
    if held.lasted is not None:
        resume_referral(referral=referral, by=users[holder], on=min(begins + DAY * held.lasted, today))
