"""How the end of a PHB and its closure are said: what will happen, what is left, what was done."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from budgets.enums import ClosureStatus, EndReason
from budgets.models import BudgetClosure, ClosureTransition
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.closure_states import ClosureStep
from budgets.selectors.closures import ClosureFacts
from budgets.selectors.ending import WhatEnds
from phb_register.presenters import counted, spoken_date, spoken_moment, summary

CLOSURE_TAGS = {
    ClosureStatus.OPEN: "nhsuk-tag--yellow",
    ClosureStatus.NOT_NEEDED: "nhsuk-tag--grey",
    ClosureStatus.RECONCILED: "nhsuk-tag--green",
    ClosureStatus.WITHDRAWN: "nhsuk-tag--grey",
}
DONE = {
    "open": "The end was recorded",
    "note_nothing": "The end was recorded",
    "reconcile": "The money was reconciled",
    "withdraw": "The end was taken back",
}


def what_happens(ends: WhatEnds, reason: EndReason) -> list[str]:
    """Everything that ending a PHB does, in sentences, before it is done."""
    said = [f"The last day of the budget is {spoken_date(ends.last_day)}."]
    if ends.instalments:
        number = counted(ends.instalments, "payment", "payments")
        said.append(
            f"{number} up to {spoken_date(ends.until)} will not be made ({pounds(ends.instalments_amount)}), "
            "nor any after."
        )
    if ends.waiting:
        number = counted(ends.waiting, "payment waits", "payments wait")
        said.append(
            f"{number} in a payment run that is not released. Finance must hold or leave out what is for later days."
        )
    if ends.paid_ahead:
        said.append(f"{pounds(ends.paid_ahead)} was paid for days from the end on, and may have to be recovered.")
    if ends.unspent is not None:
        said.append(f"The last return leaves {pounds(ends.unspent)} unspent, which may have to be recovered.")
    said += [f"{name} ends with the budget." for name in ends.ending]
    if reason == EndReason.DIED:
        said.append("The date of death is put on the person’s record.")
        said.append(
            "Letters are no longer written to the person. A recovery notice goes to their personal representatives "
            "(regulation 15)."
        )
    if ends.has_money:
        said.append("Somebody other than you reconciles the money: it stands on the worklist “Budgets to close”.")
    return [*said, "Everything recorded stays to be read."]


def closure_tag(closure: BudgetClosure) -> dict[str, str]:
    """Its status as a coloured tag."""
    return {"text": closure.get_status_display(), "classes": CLOSURE_TAGS[ClosureStatus(closure.status)]}


def closure_rows(closure: BudgetClosure) -> list[dict[str, Any]]:
    """What was recorded of the end and the final reconciliation."""
    phb = closure.phb
    rows: list[tuple[str, Any]] = [
        ("Ended on", spoken_date(closure.ended_on)),
        ("Reason", phb.get_end_reason_display()),
        ("End recorded", f"{spoken_date(closure.opened_on)} by {closure.opened_by}"),
    ]
    if closure.final_balance is not None:
        rows += [
            (
                "Last payment on",
                spoken_date(closure.last_payment_on) if closure.last_payment_on else "Nothing was paid",
            ),
            ("Final balance", pounds(closure.final_balance)),
            ("Settled", closure.get_settlement_display()),
            ("Reconciled", f"{spoken_date(closure.reconciled_on)} by {closure.reconciled_by}"),
        ]
        if closure.note:
            rows.append(("How it was settled", closure.note))
    return summary(rows)


def facts_rows(facts: ClosureFacts) -> list[dict[str, Any]]:
    """What the register knows of the money, for whoever reconciles."""
    return summary(
        [
            ("Last payment on", spoken_date(facts.last_payment_on) if facts.last_payment_on else "Nothing was paid"),
            ("Paid, less what came back", pounds(facts.balance)),
            ("Unspent by the last return", "No return" if facts.unspent is None else pounds(facts.unspent)),
            ("Payments waiting in a run", str(facts.unsettled.payments_waiting)),
            ("Recoveries not settled", str(facts.unsettled.open_recoveries)),
            ("Returns not reconciled", str(facts.unsettled.returns_due)),
        ]
    )


def history(transitions: Iterable[ClosureTransition]) -> list[dict[str, str]]:
    """What happened to the ends of a PHB, the oldest first."""
    return [
        {
            "what": DONE[each.action],
            "when": spoken_date(each.occurred_on),
            "who": str(each.made_by),
            "recorded": spoken_moment(each.recorded_at),
            "note": each.note,
        }
        for each in transitions
    ]


ADDRESSES = {"reconcile": "budgets:reconcile-closure", "withdraw": "budgets:take-back-end"}


def buttons(closure: BudgetClosure, steps: Iterable[ClosureStep]) -> list[dict[str, str]]:
    """What can be done to a closure now."""
    return [
        {
            "text": step.label,
            "href": reverse(ADDRESSES[step.action], args=[closure.phb.reference]),
            "variant": "" if step.action == "reconcile" else "secondary",
        }
        for step in steps
    ]
