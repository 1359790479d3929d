"""How arrangements are said on their page: what is arranged, what is missing before a payment, what was before."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from budgets.enums import AccountKind, Method, PayeeKind, WheelchairOption
from budgets.models import (
    DirectPaymentArrangement,
    DirectPaymentStop,
    MethodPart,
    PersonalHealthBudget,
    ThirdPartyArrangement,
    WheelchairArrangement,
)
from budgets.models.arrangements import Arrangement
from budgets.rules.stopping import is_mandatory
from budgets.selectors.arrangements import ArrangedNow
from phb_register.presenters import spoken_date, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

from .personal_health_budgets import pounds

DONE = {"text": "Completed"}
TO_DO = {"tag": {"text": "To do", "classes": "nhsuk-tag--blue"}}
IN_THE_WAY = {"tag": {"text": "In the way", "classes": "nhsuk-tag--red"}}

#: What a direct payment and a third party need, by the code of the rule, in the order of doing it.
_TASKS: Mapping[Method, tuple[tuple[str, str], ...]] = {
    Method.DIRECT_PAYMENT: (
        ("agreed", "The budget is agreed by an approved proposal"),
        ("plan", "A support plan is signed and in force"),
        ("payee", "There is a payee"),
        ("consent", "Consent is given"),
        ("nominee", "The nominee is agreed and checked"),
        ("account", "The account is approved"),
    ),
    Method.THIRD_PARTY: (
        ("agreed", "The budget is agreed by an approved proposal"),
        ("third_party", "An organisation holds the money, by a signed agreement"),
    ),
}
#: Shown only where they stand in the way.
_BLOCKS = {
    "in_place": "The budget is in place",
    "not_possible": "A direct payment is possible",
    "refused": "No decision refuses a direct payment",
}


def arrangements_url(phb: PersonalHealthBudget) -> str:
    """The page of a PHB's arrangements."""
    return reverse("budgets:arrangements", args=[phb.reference])


def task_list(now: ArrangedNow, method: Method, missing: Mapping[str, list[str]], *, may_write: bool) -> dict[str, Any]:
    """What is there and what is missing before a payment by a method, each with where it is done."""
    tasks = list(_TASKS[method])
    paid = now.direct_payment
    if method == Method.DIRECT_PAYMENT and (paid is None or paid.payee != PayeeKind.NOMINEE):
        tasks = [task for task in tasks if task[0] != "nominee"]
    if method == Method.DIRECT_PAYMENT and paid is None:
        # Nothing can be said of them before there is a payee.
        missing = {**missing, "consent": missing.get("consent", []), "account": missing.get("account", [])}
    items = [_task(now, code, title, missing, may_write=may_write) for code, title in tasks]
    items += [
        {"title": {"text": title}, "hint": {"text": " ".join(missing[code])}, "status": IN_THE_WAY}
        for code, title in _BLOCKS.items()
        if missing.get(code)
    ]
    return {"idPrefix": f"tasks-{method.value}", "items": items}


def _task(
    now: ArrangedNow, code: str, title: str, missing: Mapping[str, list[str]], *, may_write: bool
) -> dict[str, Any]:
    is_unasked = now.direct_payment is None and code in ("consent", "account")
    if not missing.get(code) and not is_unasked:
        return {"title": {"text": title}, "status": DONE}
    item: dict[str, Any] = {"title": {"text": title}, "status": TO_DO}
    if missing.get(code):
        item["hint"] = {"text": " ".join(missing[code])}
    url = _where(now, code)
    if url and may_write:
        item["href"] = url
    return item


def _where(now: ArrangedNow, code: str) -> str:
    """The page on which something missing is entered; none while it has to wait for something else."""
    phb, paid, held = now.phb, now.direct_payment, now.third_party
    if code == "payee":
        return reverse("budgets:arrange-direct-payment", args=[phb.reference])
    if code in ("consent", "nominee") and paid:
        return reverse("budgets:complete-direct-payment", args=[paid.reference])
    if code == "account" and paid:
        return reverse("budgets:approve-account", args=[paid.reference])
    if code == "third_party":
        if held and held.agreed_on is None:
            return reverse("budgets:sign-third-party", args=[held.reference])
        return reverse("budgets:arrange-third-party", args=[phb.reference])
    return ""


def direct_payment_rows(row: DirectPaymentArrangement) -> list[dict[str, Any]]:
    """An arrangement of a direct payment as a summary list."""
    rows: list[tuple[str, Any]] = [
        ("From", _period(row)),
        ("Paid to", f"{row.payee_name} ({row.get_payee_display().lower()})"),
        ("Who consents", _consents(row)),
        ("Consent given on", _said(row.consent_given_on)),
    ]
    if row.payee == PayeeKind.NOMINEE:
        rows += [
            ("Relationship of the nominee", row.nominee_relationship),
            ("Nominated on", _said(row.nominated_on)),
            ("Nominee agreed on", _said(row.nominee_agreed_on)),
            ("Commissioner agreed on", _said(row.commissioner_agreed_on)),
            (
                "Enhanced DBS certificate seen on",
                "Not needed: close to the person"
                if row.nominee_is_close and not row.dbs_seen_on
                else _said(row.dbs_seen_on),
            ),
        ]
    if row.nomination_withdrawn_on:
        rows.append(("Nomination withdrawn", f"{spoken_date(row.nomination_withdrawn_on)}. {row.withdrawal_note}"))
    return summary([*rows, *_account_rows(row)])


def _consents(row: DirectPaymentArrangement) -> str:
    ground = row.get_capacity_basis_display()
    if row.representative:
        ground = f"{row.representative.name}. {ground}"
    return f"{ground}, on {spoken_date(row.capacity_assessed_on)}" if row.capacity_assessed_on else ground


def _account_rows(row: DirectPaymentArrangement) -> list[tuple[str, Any]]:
    if not row.account_kind:
        return [("Account", "Not approved yet")]
    kind = row.get_account_kind_display()
    if row.account_kind == AccountKind.MANAGED and row.account_holder:
        kind = f"{kind}: {row.account_holder}"
    if row.one_off_items:
        kind = f"{kind}, {row.one_off_items} {'item or service' if row.one_off_items == 1 else 'items or services'}"
    return [
        ("Account", f"{kind}, ending {row.account_last_four}"),
        ("Named on the account", ", ".join(row.account_names)),
        ("Reference in the finance system", row.payee_reference),
        ("Account approved", f"{spoken_date(row.account_approved_on)}, by {row.account_approved_by}"),
    ]


def third_party_rows(row: ThirdPartyArrangement) -> list[dict[str, Any]]:
    """An arrangement with a third party as a summary list."""
    return summary(
        [
            ("From", _period(row)),
            ("Organisation", row.organisation.name),
            ("Agreement signed on", _said(row.agreed_on)),
            ("Reference in the finance system", row.organisation.payee_reference),
        ]
    )


def wheelchair_rows(row: WheelchairArrangement) -> list[dict[str, Any]]:
    """A wheelchair as a summary list. What the person adds stands apart from the budget."""
    rows: list[tuple[str, Any]] = [
        ("Option", row.get_option_display()),
        ("Issued on", _period(row)),
        ("End of the period", spoken_date(row.expires_on)),
        ("Owned by", row.get_owner_display()),
        ("Repaired by", row.get_repairer_display()),
    ]
    if row.supplier:
        rows.append(("Supplier", row.supplier.name))
    if row.option == WheelchairOption.CONTRIBUTION:
        rows.append(("What the person adds", f"{pounds(row.contribution_amount)}, not part of the budget"))
    if row.repair_amount:
        rows.append(("For repairs", f"{pounds(row.repair_amount)} of the budget"))
    return summary(rows)


def current_lists(now: ArrangedNow) -> list[tuple[str, list[dict[str, Any]]]]:
    """What goes on, each with its heading."""
    found = []
    if now.direct_payment:
        found.append(("The direct payment", direct_payment_rows(now.direct_payment)))
    if now.third_party:
        found.append(("The third party", third_party_rows(now.third_party)))
    if now.wheelchair:
        found.append(("The wheelchair", wheelchair_rows(now.wheelchair)))
    return found


def finish_words(stop: DirectPaymentStop) -> str:
    """What is done when a stop is finished."""
    return (
        f"The direct payment stopped on {spoken_date(stop.stops_on)}. From that day its money is managed as: "
        f"{stop.get_instead_display().lower()}. The amount stays the same."
    )


def stop_rows(stop: DirectPaymentStop) -> list[dict[str, Any]]:
    """A direct payment that was stopped, as a summary list."""
    duty = "The commissioner had to stop it" if is_mandatory(stop.reason) else "The commissioner chose to stop it"
    offered = ", ".join(Method(each).label for each in stop.alternatives)
    return summary(
        [
            ("First day without it", spoken_date(stop.stops_on)),
            ("Reason", f"{stop.get_reason_display()}. {duty} (regulation 17)"),
            ("Notice given on", spoken_date(stop.notice_given_on)),
            ("Reasons in the notice", stop.explanation),
            ("Offered instead", offered),
            ("Managed from then on as", stop.get_instead_display()),
            ("Decided by", str(stop.decided_by)),
        ]
    )


HISTORY_COLUMNS: list[Column[Arrangement]] = [
    Column("What", lambda row: arrangement_words(row)),
    Column("From", lambda row: spoken_date(row.starts_on)),
    Column("Until", lambda row: spoken_date(row.ends_on) if row.ends_on else "Goes on"),
    Column("Why it ended", lambda row: row.get_end_reason_display() or "–"),
    Column("Recorded by", lambda row: str(row.recorded_by)),
]


def history_table(now: ArrangedNow) -> dict[str, Any] | None:
    """Every arrangement there was, the latest first."""
    rows: list[Arrangement] = [*now.direct_payments, *now.third_parties, *now.wheelchairs]
    rows.sort(key=lambda row: row.starts_on, reverse=True)
    return table_params(HISTORY_COLUMNS, rows, caption="All arrangements") if rows else None


def arrangement_words(row: Arrangement) -> str:
    """An arrangement in a few words."""
    if isinstance(row, DirectPaymentArrangement):
        account = f", account ending {row.account_last_four}" if row.account_last_four else ""
        return f"Direct payment to {row.payee_name}{account}"
    if isinstance(row, ThirdPartyArrangement):
        return f"Third party: {row.organisation.name}"
    if isinstance(row, WheelchairArrangement):
        return f"Wheelchair: {row.get_option_display().lower()}"
    return str(row)


def buttons(now: ArrangedNow) -> list[dict[str, str]]:
    """What can be arranged or stopped, for those who may."""
    phb, paid = now.phb, now.direct_payment
    found = [("Arrange the direct payment anew" if paid else "Arrange a direct payment", "arrange-direct-payment")]
    found.append(("Arrange another third party" if now.third_party else "Arrange a third party", "arrange-third-party"))
    if now.is_wheelchair:
        found.append(("Record another wheelchair" if now.wheelchair else "Record a wheelchair", "arrange-wheelchair"))
    items = [
        {"text": text, "href": reverse(f"budgets:{name}", args=[phb.reference]), "variant": "secondary"}
        for text, name in found
    ]
    if paid and paid.payee == PayeeKind.NOMINEE and paid.nomination_withdrawn_on is None:
        address = reverse("budgets:withdraw-nomination", args=[paid.reference])
        items.append({"text": "Record that the nomination is withdrawn", "href": address, "variant": "secondary"})
    if Method.DIRECT_PAYMENT in now.methods:
        address = reverse("budgets:stop-direct-payment", args=[phb.reference])
        items.append({"text": "Stop the direct payment", "href": address, "variant": "warning"})
    return items


def not_arranged_item(part: MethodPart) -> WorkItem:
    """A part that is in force and goes to nobody yet."""
    what = "direct payment" if part.method == Method.DIRECT_PAYMENT else "third party"
    return WorkItem(
        text=f"{part.phb.person}: {part.phb.cohort}",
        url=arrangements_url(part.phb),
        why=f"The {what} began on {spoken_date(part.starts_on)} and is not arranged",
    )


def expiring_item(chair: WheelchairArrangement, today: dt.date) -> WorkItem:
    """A wheelchair whose period ends soon, or has ended."""
    said = "ended" if chair.expires_on <= today else "ends"
    return WorkItem(
        text=f"{chair.phb.person}: {chair.phb.cohort}",
        url=arrangements_url(chair.phb),
        why=f"The period of the wheelchair {said} on {spoken_date(chair.expires_on)}. Review the need for another",
        due_on=chair.expires_on,
    )


def withdrawn_item(row: DirectPaymentArrangement) -> WorkItem:
    """A direct payment whose nominee fell away."""
    return WorkItem(
        text=f"{row.phb.person}: {row.phb.cohort}",
        url=arrangements_url(row.phb),
        why=(
            f"The nomination was withdrawn on {spoken_date(row.nomination_withdrawn_on)}. Nothing is paid until "
            "another payee is arranged, or the direct payment is stopped"
        ),
    )


def stopped_item(stop: DirectPaymentStop) -> WorkItem:
    """A direct payment that has stopped while its money is not managed in another way yet."""
    return WorkItem(
        text=f"{stop.phb.person}: {stop.phb.cohort}",
        url=reverse("budgets:finish-stop", args=[stop.phb.reference]),
        why=(
            f"The direct payment stopped on {spoken_date(stop.stops_on)}. Go on with: "
            f"{stop.get_instead_display().lower()}"
        ),
    )


def _period(row: Arrangement) -> str:
    return (
        f"{spoken_date(row.starts_on)} until {spoken_date(row.ends_on)}" if row.ends_on else spoken_date(row.starts_on)
    )


def _said(day: dt.date | None) -> str:
    return spoken_date(day) if day else "Not yet"
