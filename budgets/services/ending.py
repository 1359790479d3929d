"""The end of a PHB: everything that goes with it ends too, and the money is left to be reconciled. And taking it back.

Nothing is deleted: the PHB, its parts, plans, arrangements and payments stay to be read.
"""

import datetime as dt

from django.db import transaction

from budgets.enums import ArrangementEnd, ClosureStatus, EndReason, Method
from budgets.exceptions import BudgetRefused, Problem
from budgets.models import BudgetClosure, ClosureTransition, MethodPart, Offset, PersonalHealthBudget
from budgets.rules import agreement, ending
from budgets.rules import closure_states as steps
from budgets.rules.agreement import MethodAmount
from budgets.rules.offsets import OffsetStatus
from budgets.selectors.budget_proposals import open_proposal_of
from budgets.selectors.closures import has_money, money_since
from phb_register import audit, clock, scope
from phb_register.dates import ONE_DAY
from phb_register.exceptions import Refused
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.services.people import correct_person

from .agreed_budgets import open_parts
from .arrangements import end_arrangements
from .budget_proposals import withdraw_proposal
from .checks import check_no_overlap
from .holding import held_budget
from .monitoring import end_monitoring
from .offsets import withdraw_offset
from .payments import stop_schedules
from .support_plans import close_plans

BUDGET_ENDED = "The personal health budget ended"


@transaction.atomic
def end_budget(
    *,
    phb: PersonalHealthBudget,
    by: User,
    ended_on: dt.date,
    reason: EndReason,
    died_on: dt.date | None = None,
    today: dt.date | None = None,
) -> PersonalHealthBudget:
    """End a PHB for a reason. `ended_on` is the first day it is no longer in place, and no longer paid for.

    Its parts, plan, arrangements and payment schedules end with it, and a closure is opened for what is left of the
    money. Where the person died, `died_on` (without it what their record says, or else the end) becomes their date of
    death, as far as the user may write there. Raises `PermissionDenied`, or `BudgetRefused` with every problem found.
    """
    today = today or clock.today()
    # The person first, as whoever agrees a PHB or merges records holds them.
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=phb.person_id)
    phb = held_budget(phb, by, Permission.MANAGE_BUDGETS)
    if reason == EndReason.DIED:
        died_on = died_on or person.died_on or ended_on
    check_end(phb=phb, ended_on=ended_on, reason=reason, died_on=died_on, today=today)
    stop_schedules(phb=phb, from_day=ended_on, by=by, reason=BUDGET_ENDED)
    end_monitoring(phb=phb, last_on=ended_on - ONE_DAY, on=today)
    _withdraw_what_waits(phb, by=by, today=today)
    end_arrangements(phb=phb, ends_on=ended_on, reason=ArrangementEnd.BUDGET_ENDED, by=by)
    close_plans(referral=phb.referral, on=ended_on, by=by, reason=BUDGET_ENDED)
    phb.ended_on, phb.end_reason = ended_on, reason
    phb.save(update_fields=["ended_on", "end_reason"])
    phb.method_parts.filter(ends_on__isnull=True).update(ends_on=ended_on)
    if reason == EndReason.DIED and died_on is not None:
        _record_death(person, died_on, by)
    _open_closure(phb, by=by, today=today)
    audit.record(
        actor=by,
        action="budget-ended",
        subject=phb,
        detail={"ended_on": ended_on.isoformat(), "reason": reason.value},
    )
    return phb


def _withdraw_what_waits(phb: PersonalHealthBudget, *, by: User, today: dt.date) -> None:
    """What was to come of a PHB that ends does not: a proposal to change it, money to be set off."""
    proposal = open_proposal_of(phb.referral)
    if proposal is not None:
        withdraw_proposal(proposal=proposal, reason=BUDGET_ENDED, by=by, on=today)
    for offset in Offset.objects.filter(phb=phb, status__in=(OffsetStatus.PROPOSED, OffsetStatus.APPROVED)):
        withdraw_offset(offset=offset, reason=BUDGET_ENDED, by=by, on=today)


def check_end(
    *,
    phb: PersonalHealthBudget,
    ended_on: dt.date,
    reason: EndReason,
    died_on: dt.date | None = None,
    today: dt.date | None = None,
) -> None:
    """Raise `BudgetRefused` with every problem, if the PHB cannot end so. Changes nothing."""
    problems = [
        *agreement.check_ended_on(
            ended_on,
            reason,
            agreed_on=phb.agreed_on,
            started_on=phb.started_on,
            already_ended_on=phb.ended_on,
            today=today or clock.today(),
        ),
        *ending.check_death(reason, ended_on, died_on, born_on=phb.person.born_on),
    ]
    problems = problems or _check_parts(phb, ended_on)
    if problems:
        raise BudgetRefused(problems)


def _check_parts(phb: PersonalHealthBudget, ended_on: dt.date) -> list[Problem]:
    """A PHB that started does not end before its present methods began."""
    latest = phb.method_parts.filter(ends_on__isnull=True).order_by("-starts_on").first()
    if latest is None or latest.starts_on <= ended_on:
        return []
    return [
        Problem(
            "ended_on",
            f"Enter an end date on or after {agreement.day(latest.starts_on)}, when the methods were changed",
        )
    ]


def _record_death(person: Person, died_on: dt.date, by: User) -> None:
    """The date of death on the person's record, by the service that tells every room; not on another body's record."""
    if person.died_on == died_on or not scope.can(by, Permission.EDIT_PEOPLE, person.commissioner):
        return
    try:
        correct_person(person=person, by=by, died_on=died_on)
    except Refused as refusal:
        raise BudgetRefused([Problem("died_on", str(refusal))]) from refusal


def _open_closure(phb: PersonalHealthBudget, *, by: User, today: dt.date) -> BudgetClosure:
    step = steps.OPEN if has_money(phb) else steps.NOTE_NOTHING
    assert phb.ended_on is not None  # noqa: S101  it has just ended
    closure = BudgetClosure.objects.create(
        phb=phb, status=step.to_status, ended_on=phb.ended_on, opened_on=today, opened_by=by
    )
    record_step(closure, step, by=by, on=today)
    return closure


@transaction.atomic
def take_back_end(
    *, phb: PersonalHealthBudget, by: User, reason: str, today: dt.date | None = None
) -> PersonalHealthBudget:
    """Take back an end that was recorded by mistake: the PHB goes on from that day with the methods it had.

    Refused once the money was reconciled, or paid, got back or asked back since: each of these rests on the end. What
    ended with it (plan, arrangements, payment schedules) stays ended and is entered again by those whose word it
    needs; so is a date of death on the person's record corrected there. Raises `PermissionDenied` or `BudgetRefused`.
    """
    today = today or clock.today()
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=phb.person_id)
    phb = held_budget(phb, by, Permission.MANAGE_BUDGETS)
    if phb.ended_on is None:
        raise BudgetRefused([Problem("", "This personal health budget has not ended")])
    ended_on = phb.ended_on
    closure = BudgetClosure.objects.select_for_update().filter(phb=phb).exclude(status=ClosureStatus.WITHDRAWN).first()
    problems = ending.check_taken_back(money_since(phb, closure))
    if not reason.strip():
        problems.append(Problem("reason", "Enter why the end is taken back"))
    problems += check_no_overlap(person, phb.cohort, field="", first_day=ended_on)
    if problems:
        raise BudgetRefused(problems)
    if closure is not None:
        step = next(each for each in steps.steps_from(closure.status) if each.action == "withdraw")
        closure.status = step.to_status
        closure.save(update_fields=["status"])
        record_step(closure, step, by=by, on=today, note=reason.strip(), from_status=step.from_status)
    phb.ended_on, phb.end_reason = None, ""
    phb.save(update_fields=["ended_on", "end_reason"])
    # A part is closed once, so those that the end closed go on as new ones.
    open_parts(phb, _methods_at_end(phb, ended_on), ended_on)
    audit.record(actor=by, action="budget-end-taken-back", subject=phb, detail={"ended_on": ended_on.isoformat()})
    return phb


def _methods_at_end(phb: PersonalHealthBudget, ended_on: dt.date) -> list[MethodAmount]:
    """The methods that the end closed: of the parts that end on that day, those written last, up to the amount."""
    found: list[MethodAmount] = []
    for part in MethodPart.objects.filter(phb=phb, ends_on=ended_on).order_by("-pk"):
        if found and sum(each.annual_amount for each in found) == phb.annual_amount:
            break
        found.append(MethodAmount(Method(part.method), part.annual_amount))
    return found[::-1]


def record_step(
    closure: BudgetClosure,
    step: steps.ClosureStep,
    *,
    by: User,
    on: dt.date,
    note: str = "",
    from_status: ClosureStatus | None = None,
) -> None:
    """The append-only row of one step of a closure."""
    ClosureTransition.objects.create(
        closure=closure,
        action=step.action,
        from_status=from_status or "",
        to_status=step.to_status,
        note=note,
        occurred_on=on,
        made_by=by,
    )
