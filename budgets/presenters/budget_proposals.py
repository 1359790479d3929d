"""How a budget proposal is said on a page: words, pounds, tables, tags, buttons, events."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from budgets.enums import Method
from budgets.models import (
    AgreedBudget,
    BudgetProposal,
    BudgetProposalTransition,
    PanelItem,
    PersonalHealthBudget,
    ProposalMethod,
    ProposalShare,
)
from budgets.presenters.personal_health_budgets import percent, pounds
from budgets.rules.departures import check_departure
from budgets.rules.proposal_states import WAITING, ProposalKind, ProposalStatus, ProposalStep
from budgets.selectors.proposal_starts import Start
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, spoken_moment, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

STATUS_TAGS: dict[str, str] = {
    ProposalStatus.DRAFT: "nhsuk-tag--grey",
    ProposalStatus.SUBMITTED: "nhsuk-tag--blue",
    ProposalStatus.REFERRED: "nhsuk-tag--purple",
    ProposalStatus.RETURNED: "nhsuk-tag--orange",
    ProposalStatus.APPROVED: "nhsuk-tag--green",
    ProposalStatus.DECLINED: "nhsuk-tag--red",
    ProposalStatus.WITHDRAWN: "nhsuk-tag--grey",
}
KIND_WORDS: dict[str, str] = {
    ProposalKind.FIRST: "First budget",
    ProposalKind.CHANGE: "Change",
    ProposalKind.CORRECTION: "Correction",
    ProposalKind.CONFIRMATION: "Confirmation",
}
DONE: dict[str, str] = {
    "prepare": "Prepared",
    "change": "The proposal is changed",
    "submit": "The proposal is submitted",
    "revise": "The proposal is a draft again",
    "withdraw": "The proposal is withdrawn",
    "approve": "The budget is approved",
    "return": "The proposal is sent back",
    "refer": "The proposal is sent to the risk panel",
    "decline": "The proposal is declined",
}
_HAPPENED: dict[str, str] = {
    "prepare": "Prepared",
    "change": "Changed",
    "submit": "Submitted to the lead nurse",
    "submit_to_panel": "Submitted to the risk panel, above the delegated limit",
    "revise": "Taken up again",
    "withdraw": "Withdrawn",
    "approve": "Approved",
    "return": "Sent back",
    "refer": "Sent to the risk panel",
    "decline": "Declined",
    "approve_at_panel": "Approved by the risk panel",
    "decline_at_panel": "Declined by the risk panel",
}
_PAGES = {step: f"budgets:{step}-proposal" for step in DONE if step != "prepare"}


def proposal_url(proposal: BudgetProposal) -> str:
    """Its own page."""
    return reverse("budgets:budget-proposal", args=[proposal.reference])


def status_tag(proposal: BudgetProposal) -> SafeString:
    """Where it stands, as a coloured tag."""
    return render_component("tag", {"text": proposal.get_status_display(), "classes": STATUS_TAGS[proposal.status]})


def proposal_rows(
    proposal: BudgetProposal, conditions: Iterable[tuple[str, str]] = (), *, before: AgreedBudget | None = None
) -> list[dict[str, Any]]:
    """What is proposed, and what it is measured by; `before` is what was agreed without it."""
    rows: list[tuple[str, Any]] = [
        ("Kind", proposal.get_kind_display()),
        ("Annual amount", pounds(proposal.annual_amount)),
        (
            "Applies from" if proposal.kind != ProposalKind.FIRST else "Planned start",
            spoken_date(proposal.applies_from),
        ),
    ]
    if before is not None:
        rows.insert(1, ("Agreed so far", _agreed_so_far(proposal, before)))
    if proposal.one_off_amount:
        method = Method(proposal.one_off_method).label.lower()
        rows.insert(len(rows) - 1, ("One-off amount", f"{pounds(proposal.one_off_amount)}, {method}"))
    if proposal.kind == ProposalKind.FIRST:
        rows += [
            (
                "Package it replaces",
                pounds(proposal.previous_annual_amount) if proposal.previous_annual_amount else "None",
            ),
            ("Lives in", proposal.get_lives_in_display()),
            ("Fast track", "Yes" if proposal.is_fast_track else "No"),
        ]
    if proposal.is_one_off:
        rows.append(("One-off", "Yes"))
    if proposal.reason:
        rows.append(("Reason", proposal.reason))
    rows += _measured(proposal)
    if proposal.is_block_funded:
        said = "Yes" if any(True for _ in conditions) else "Yes. The person has a right, so this does not stop it"
        rows.append(("Pays for what is under a block contract", said))
    if proposal.notice_given_on:
        rows.append(("Notice of the lower direct payment", spoken_date(proposal.notice_given_on)))
    rows.append(("Prepared", f"{spoken_date(proposal.prepared_on)}, by {proposal.prepared_by}"))
    if proposal.submitted_on:
        limit = pounds(proposal.delegated_limit) if proposal.delegated_limit is not None else "none"
        rows.append(("Submitted", f"{spoken_date(proposal.submitted_on)}, by {proposal.submitted_by}"))
        rows.append(("Delegated limit then", limit))
    return summary(rows)


def _agreed_so_far(proposal: BudgetProposal, before: AgreedBudget) -> str:
    change = proposal.annual_amount - before.annual_amount
    said = f"{pounds(abs(change))} {'more' if change > 0 else 'less'} is proposed" if change else "The amount stays"
    return f"{pounds(before.annual_amount)} a year, from {spoken_date(before.applies_from)}. {said}"


def _measured(proposal: BudgetProposal) -> list[tuple[str, Any]]:
    """The indicative budget and the plan that were fixed when it was submitted."""
    rows: list[tuple[str, Any]] = []
    budget = proposal.indicative_budget
    if budget is not None:
        found = check_departure(proposal.annual_amount, budget.annual_amount, proposal.annual_amount * 0)
        side = "above" if found.difference > 0 else "below"
        by = f"{pounds(abs(found.difference))} {side} it" if found.difference else "the same"
        share = f" ({abs(found.percent)}%)" if found.percent and found.difference else ""
        rows.append(
            ("Indicative budget", f"Number {budget.number}, {pounds(budget.annual_amount)} a year: {by}{share}")
        )
    if proposal.difference_reason:
        rows.append(("Why it differs", proposal.difference_reason))
    if proposal.support_plan is not None:
        plan = proposal.support_plan
        rows.append(("Support plan", f"Version {plan.number}, {plan.get_status_display().lower()}"))
    return rows


def decision_rows(proposal: BudgetProposal) -> list[dict[str, Any]]:
    """What was decided; nothing while it is open."""
    if proposal.decided_on is None:
        return []
    rows: list[tuple[str, Any]] = [
        ("Decision", proposal.get_status_display()),
        ("Decided", f"{spoken_date(proposal.decided_on)}, by {proposal.decided_by}"),
    ]
    if proposal.decision_reasons:
        rows.append(("Reasons", proposal.decision_reasons))
    if proposal.conditions:
        rows.append(("Conditions", proposal.conditions))
    if proposal.reconsideration_route:
        rows.append(("To have it looked at again", proposal.reconsideration_route))
    return summary(rows)


def methods_table(proposal: BudgetProposal) -> dict[str, Any]:
    """How the money would be managed."""
    columns: list[Column[ProposalMethod]] = [
        Column("Method", lambda part: part.get_method_display()),
        Column("Amount a year", lambda part: pounds(part.annual_amount), is_number=True),
    ]
    return table_params(columns, proposal.methods.all(), caption="How the money is managed")


def shares_table(proposal: BudgetProposal) -> dict[str, Any]:
    """Who would pay."""
    columns: list[Column[ProposalShare]] = [
        Column("Paid by", lambda share: share.body_name or share.get_funder_display()),
        Column("Share", lambda share: percent(share.percent), is_number=True),
    ]
    return table_params(columns, proposal.shares.all(), caption="Who pays")


def items_table(items: Iterable[PanelItem]) -> dict[str, Any] | None:
    """The meetings it was taken to."""
    rows = list(items)
    columns: list[Column[PanelItem]] = [
        Column("Meeting", lambda item: spoken_date(item.panel.meets_on), link=lambda item: panel_url(item.panel)),
        Column("Decision", lambda item: item.get_decision_display() or "Not decided yet"),
        Column("Reasons", lambda item: item.reasons or "–"),
    ]
    return table_params(columns, rows, caption="Risk panels", is_responsive=True) if rows else None


def panel_url(panel: Any) -> str:
    """The page of a meeting."""
    return reverse("budgets:risk-panel", args=[panel.reference])


def proposals_table(rows: Iterable[BudgetProposal], today: dt.date) -> dict[str, Any]:
    """The list of proposals."""
    columns: list[Column[BudgetProposal]] = [
        Column("Name", lambda row: row.referral.person.display_name, link=proposal_url),
        Column("Cohort", lambda row: row.referral.cohort.name if row.referral.cohort else "–"),
        Column("Kind", lambda row: KIND_WORDS[row.kind]),
        Column("Status", status_tag),
        Column("Since", lambda row: spoken_date(row.changed_at.date())),
        Column("Prepared by", lambda row: str(row.prepared_by)),
        Column("A year", lambda row: pounds(row.annual_amount), is_number=True),
    ]
    return table_params(columns, rows, caption="Budget proposals, the last to change first")


def page_links(page: Page[BudgetProposal], query: QueryDict) -> dict[str, Any] | None:
    """Links to the pages beside this one, the filters kept; None where there is one page only."""
    if not page.has_other_pages():
        return None

    def href(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    links: dict[str, Any] = {}
    if page.has_previous():
        links["previous"] = {"href": href(page.previous_page_number())}
    if page.has_next():
        links["next"] = {"href": href(page.next_page_number())}
    return links


def numbered_table(rows: Iterable[BudgetProposal]) -> dict[str, Any]:
    """The proposals of one referral."""
    columns: list[Column[BudgetProposal]] = [
        Column("Proposal", lambda row: f"Number {row.number}", link=proposal_url),
        Column("Kind", lambda row: KIND_WORDS[row.kind]),
        Column("Status", status_tag),
        Column("A year", lambda row: pounds(row.annual_amount), is_number=True),
        Column("Once", lambda row: pounds(row.one_off_amount or None), is_number=True),
    ]
    return table_params(columns, rows, caption="Proposals", is_responsive=True)


def agreed_table(rows: Iterable[AgreedBudget]) -> dict[str, Any]:
    """The agreed budgets of a PHB, the last first."""
    columns: list[Column[AgreedBudget]] = [
        Column("Number", lambda row: row.number),
        Column("Applies from", lambda row: spoken_date(row.applies_from)),
        Column("A year", lambda row: pounds(row.annual_amount), is_number=True),
        Column("Once", lambda row: pounds(row.one_off_amount or None), is_number=True),
        Column("Paid by", _paid_by),
        Column("Approved here", lambda row: "Yes" if row.proposal_id else "No"),
        Column("Recorded", lambda row: f"{spoken_moment(row.recorded_at)}, by {row.recorded_by}"),
    ]
    return table_params(columns, rows, caption="Agreed budgets", is_responsive=True)


def _paid_by(agreed: AgreedBudget) -> str:
    shares = list(agreed.shares.all())
    return ", ".join(f"{each.body_name or each.get_funder_display()} {percent(each.percent)}" for each in shares)


def standing_rows(phb: PersonalHealthBudget) -> list[dict[str, Any]]:
    """A PHB as it would be confirmed."""
    parts = [part for part in phb.method_parts.all() if part.ends_on is None]
    managed = ", ".join(f"{part.get_method_display()} {pounds(part.annual_amount)}" for part in parts)
    return summary(
        [
            ("Agreed on", f"{spoken_date(phb.agreed_on)}, entered by {phb.agreed_by}"),
            ("Annual amount", pounds(phb.annual_amount)),
            ("How the money is managed", managed),
        ]
    )


def beside(start: Start) -> dict[str, Any]:
    """What is shown beside the form: what was decided, and the indicative budget it is measured by."""
    decided = {"accepted_on": spoken_date(start.accepted_on), "refused_part": start.refused_part}
    if start.indicative is None:
        return {**decided, "indicative": ""}
    worked_out = spoken_date(start.indicative.worked_out_on)
    return {**decided, "indicative": f"{pounds(start.indicative.annual_amount)} a year, worked out on {worked_out}"}


def step_buttons(proposal: BudgetProposal, steps: Iterable[ProposalStep]) -> list[dict[str, str]]:
    """What the user may do, as buttons that lead to their pages."""
    return [
        {
            "text": step.label,
            "href": reverse(_PAGES[step.action], args=[proposal.reference]),
            "variant": "" if step.action in ("approve", "submit", "revise") else "secondary",
        }
        for step in steps
        if step.action in _PAGES and not (step.action == "change" and proposal.kind == ProposalKind.CONFIRMATION)
    ]


def is_for_somebody_else(proposal: BudgetProposal, is_author: bool) -> bool:
    """Whether it waits, and the reader cannot decide because they prepared it."""
    return is_author and proposal.status in WAITING


def history(transitions: Iterable[BudgetProposalTransition]) -> list[dict[str, str]]:
    """What happened to it, the oldest first."""
    return [
        {
            "what": _HAPPENED[each.action],
            "when": spoken_date(each.occurred_on),
            "who": str(each.made_by),
            "note": each.note,
            "recorded": spoken_moment(each.recorded_at),
        }
        for each in transitions
    ]


def work_item(proposal: BudgetProposal) -> WorkItem:
    """A proposal somebody has to act on, on the home page."""
    return WorkItem(
        text=f"{proposal.referral.person}: {KIND_WORDS[proposal.kind].lower()}, {pounds(proposal.annual_amount)}",
        url=proposal_url(proposal),
        why=f"{proposal.get_status_display()} since {spoken_date(proposal.changed_at.date())}, "
        f"prepared by {proposal.prepared_by}",
    )
