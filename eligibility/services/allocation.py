"""Giving referrals to members of the PHB team, one or many at once, and giving them back."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from eligibility.enums import ReferralStatus
from eligibility.models.referrals import Referral
from phb_register import audit, scope
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission


@dataclass
class Allocated:
    """What came of it: those given, those that were so already, those that somebody else gave meanwhile, and those
    that no longer wait for a decision."""

    done: list[Referral] = field(default_factory=list)
    unchanged: list[Referral] = field(default_factory=list)
    taken: list[Referral] = field(default_factory=list)
    closed: list[Referral] = field(default_factory=list)


@transaction.atomic
def allocate_referrals(*, seen: Mapping[uuid.UUID, int | None], to: User | None, by: User) -> Allocated:
    """Give referrals to a member of the team, or (``None``) back to nobody. Safe when done twice.

    ``seen`` says to whom each was allocated when the user looked (the id of the user, None for nobody). One that
    somebody else has given to another meanwhile is left with them and reported. Those the user may not decide are
    passed over, as if they did not exist.

    Raises ``Refused`` where the member may not decide referrals of one of the commissioners.
    """
    result = Allocated()
    held = Referral.objects.visible_to(by, Permission.DECIDE_REFERRALS).filter(reference__in=list(seen))
    # Locked in one order, so that two who allocate the same ones at once wait for each other instead of blocking; and
    # without a join, which would show what is joined as it was before the wait.
    rows = held.order_by("pk").select_for_update().prefetch_related("person", "commissioner", "allocated_to")
    for referral in rows:
        if referral.status != ReferralStatus.SUBMITTED:
            result.closed.append(referral)
        elif referral.allocated_to_id == (to.pk if to else None):
            result.unchanged.append(referral)
        elif referral.allocated_to_id != seen[referral.reference]:
            result.taken.append(referral)
        else:
            _allocate(referral, to, by)
            result.done.append(referral)
    return result


def _allocate(referral: Referral, to: User | None, by: User) -> None:
    if to is not None and not scope.can(to, Permission.DECIDE_REFERRALS, referral.commissioner):
        raise Refused(f"{to} does not decide referrals of {referral.commissioner}. Select somebody else", field="to")
    referral.allocated_to = to
    referral.save(update_fields=["allocated_to"])
    audit.record(
        actor=by,
        action="referral-allocate" if to else "referral-give-back",
        subject=referral,
        commissioner=referral.commissioner,
        detail={"to": to.pk} if to else {},
    )
