"""Writing a rate card: start a version, enter its values, put it in force. A version in force never changes."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from budgets.exceptions import BudgetRefused, Problem
from budgets.models import RateCard, RateCardTransition, RateCardValue
from budgets.rules import rate_card_states as states
from budgets.rules.rate_card_states import RateCardStatus
from budgets.rules.rate_cards import RateValue, check_complete, check_values, group_of
from budgets.selectors.rate_cards import draft_of
from phb_register import audit, clock, scope
from phb_register.models import Commissioner, User
from phb_register.roles import Permission

ALREADY_DONE = "This was done already, perhaps by somebody else. Check the rate card before you do anything else"


@transaction.atomic
def start_rate_card(
    *, commissioner: Commissioner, by: User, applies_from: dt.date, note: str = "", on: dt.date | None = None
) -> RateCard:
    """Start a version as a draft, with the values of the latest one that was not withdrawn.

    One draft at a time: raises `BudgetRefused` while another is open, `PermissionDenied` without WRITE_RATE_CARDS.
    """
    owner = Commissioner.objects.select_for_update().get(pk=commissioner.pk)
    scope.check(by, Permission.WRITE_RATE_CARDS, owner)
    if draft_of(owner) is not None:
        raise BudgetRefused(
            [Problem("", "A version is being written already. Finish it, or withdraw it, before you start another")]
        )
    before = RateCard.objects.filter(commissioner=owner).order_by("-number").first()
    card = RateCard.objects.create(
        commissioner=owner,
        number=before.number + 1 if before else 1,
        applies_from=applies_from,
        note=note.strip(),
        prepared_by=by,
    )
    model = RateCard.objects.filter(commissioner=owner, status=RateCardStatus.IN_FORCE).order_by("-number").first()
    if model is not None:
        RateCardValue.objects.bulk_create(
            RateCardValue(rate_card=card, code=each.code, amount=each.amount, source=each.source)
            for each in model.values.all()
        )
    _record(card, states.START, by=by, on=on)
    return card


@transaction.atomic
def change_details(*, card: RateCard, by: User, applies_from: dt.date, note: str) -> RateCard:
    """Change the first day of a draft, or what is said about it."""
    held = _locked_draft(card, by)
    held.applies_from, held.note = applies_from, note.strip()
    held.save(update_fields=["applies_from", "note"])
    audit.record(actor=by, action="rate-card-changed", subject=held, detail={"part": "details"})
    return held


@transaction.atomic
def change_values(*, card: RateCard, by: User, group: str, values: Mapping[str, RateValue]) -> RateCard:
    """Give one part of a draft exactly these values; what it held and is not among them is taken out.

    Raises `BudgetRefused` with every problem, also where a value does not go with another part's.
    """
    held = _locked_draft(card, by)
    codes = {spec.code for spec in group_of(group)}
    others = {code: value for code, value in held.as_rates().values.items() if code not in codes}
    problems = check_values({**others, **values})
    problems += [Problem("", f"“{code}” is not a value of this part") for code in values if code not in codes]
    if problems:
        raise BudgetRefused(problems)
    held.values.filter(code__in=codes - set(values)).delete()
    for code, value in values.items():
        RateCardValue.objects.update_or_create(
            rate_card=held, code=code, defaults={"amount": value.amount, "source": value.source.strip()}
        )
    audit.record(actor=by, action="rate-card-changed", subject=held, detail={"part": group})
    return held


@transaction.atomic
def put_in_force(*, card: RateCard, by: User, on: dt.date | None = None) -> RateCard:
    """Put a draft in force: from its first day on it is what budgets are worked out with, and it stays as it is.

    Raises `BudgetRefused` where a value is missing or wrong.
    """
    held = _locked_draft(card, by)
    problems = check_complete(held.as_rates().values)
    if problems:
        raise BudgetRefused(problems)
    return _move(held, states.PUT_IN_FORCE, by=by, on=on)


@transaction.atomic
def withdraw_rate_card(*, card: RateCard, by: User, reason: str, on: dt.date | None = None) -> RateCard:
    """Withdraw a draft; another can be started then."""
    held = _locked_draft(card, by)
    if not reason.strip():
        raise BudgetRefused([Problem("reason", "Enter why it is withdrawn")])
    return _move(held, states.WITHDRAW, by=by, on=on, note=reason.strip())


def _locked_draft(card: RateCard, by: User) -> RateCard:
    """The version, held for this transaction, if it is a draft that the user may write."""
    held = RateCard.objects.select_for_update(of=("self",)).select_related("commissioner").get(pk=card.pk)
    scope.check(by, Permission.WRITE_RATE_CARDS, held.commissioner)
    if held.status != RateCardStatus.DRAFT:
        raise BudgetRefused([Problem("", ALREADY_DONE)])
    return held


def _move(card: RateCard, step: states.RateCardStep, *, by: User, on: dt.date | None, note: str = "") -> RateCard:
    card.status = step.to_status
    card.save(update_fields=["status"])
    _record(card, step, by=by, on=on, note=note)
    return card


def _record(card: RateCard, step: states.RateCardStep, *, by: User, on: dt.date | None, note: str = "") -> None:
    """The append-only row and the access log entry of one step."""
    RateCardTransition.objects.create(
        rate_card=card,
        action=step.action,
        from_status=step.from_status or "",
        to_status=step.to_status,
        note=note,
        occurred_on=on or clock.today(),
        made_by=by,
    )
    audit.record(actor=by, action=f"rate-card-{step.action}", subject=card, detail={"version": card.number})
