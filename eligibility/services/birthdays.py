"""Recording that a birthday was looked at, so that it is off the worklist."""

import datetime as dt

from django.db import IntegrityError, transaction

from eligibility.models import BirthdayReview
from eligibility.rules.birthdays import REVIEWED
from phb_register import audit, clock
from phb_register.exceptions import Refused
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.scope import check
from phb_register.services.people import counted_person


@transaction.atomic
def review_birthday(*, person: Person, age: int, by: User, reviewed_on: dt.date, outcome: str) -> BirthdayReview:
    """Record what was found and agreed about a person's 16th, 18th or 25th birthday. Once for each.

    Raises ``Refused`` with the remedy, or ``PermissionDenied``.
    """
    counted = counted_person(person)
    check(by, Permission.DECIDE_REFERRALS, counted.commissioner)
    if age not in REVIEWED:
        raise Refused("Select the 16th, 18th or 25th birthday")
    if reviewed_on > clock.today():
        raise Refused("Date of the review must be today or in the past", field="reviewed_on")
    if reviewed_on < counted.born_on:
        raise Refused("Date of the review must be after the person’s date of birth", field="reviewed_on")
    if not outcome.strip():
        raise Refused("Enter what was found and agreed", field="outcome")
    try:
        with transaction.atomic():
            review = BirthdayReview.objects.create(
                person=counted, age=age, reviewed_on=reviewed_on, reviewed_by=by, outcome=outcome.strip()
            )
    except IntegrityError as fault:
        raise Refused("This birthday was reviewed already. See the person’s timeline") from fault
    audit.record(
        actor=by, action="birthday-reviewed", subject=review, commissioner=counted.commissioner, detail={"age": age}
    )
    return review
