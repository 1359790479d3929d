"""How a meeting of the risk panel is said on a page."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from budgets.models import BudgetProposal, PanelItem, PanelMember, RiskPanel
from budgets.presenters.budget_proposals import KIND_WORDS, panel_url, proposal_url
from budgets.presenters.personal_health_budgets import pounds
from budgets.rules.panel_states import PanelDecision, PanelStatus, PanelStep
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, summary
from phb_register.tables import Column, table_params

STATUS_TAGS: dict[str, str] = {
    PanelStatus.PLANNED: "nhsuk-tag--blue",
    PanelStatus.HELD: "nhsuk-tag--green",
    PanelStatus.CANCELLED: "nhsuk-tag--grey",
}
DECIDED: dict[str, str] = {
    PanelDecision.APPROVE: "Approved",
    PanelDecision.APPROVE_WITH_CONDITIONS: "Approved with conditions",
    PanelDecision.DECLINE: "Declined",
    PanelDecision.DEFER: "Deferred to a later meeting",
}
_PAGES = {"hold": "budgets:risk-panel-present", "cancel": "budgets:cancel-risk-panel"}


def status_tag(panel: RiskPanel) -> Any:
    """Where the meeting stands, as a coloured tag."""
    return render_component("tag", {"text": panel.get_status_display(), "classes": STATUS_TAGS[panel.status]})


def panels_table(rows: Iterable[RiskPanel]) -> dict[str, Any]:
    """The list of meetings."""
    columns: list[Column[RiskPanel]] = [
        Column("Meeting", lambda row: spoken_date(row.meets_on), link=panel_url),
        Column("Of", lambda row: row.commissioner.name),
        Column("Status", status_tag),
        Column("Items", lambda row: row.on_agenda, is_number=True),  # type: ignore[attr-defined]
        Column("Decided", lambda row: row.decided, is_number=True),  # type: ignore[attr-defined]
    ]
    return table_params(columns, rows, caption="Meetings, the latest first")


def panel_rows(panel: RiskPanel) -> list[dict[str, Any]]:
    """When and where the meeting is, and who was there."""
    rows: list[tuple[str, Any]] = [
        ("Risk panel of", panel.commissioner.name),
        ("Date", spoken_date(panel.meets_on)),
        ("Place", panel.place or "Not said"),
        ("Planned by", panel.planned_by),
    ]
    members = list(panel.members.all())
    if members:
        rows.append(("Present", "; ".join(_member(each) for each in members)))
    return summary(rows)


def _member(member: PanelMember) -> str:
    return f"{member.name}, {member.role}{' (chair)' if member.is_chair else ''}"


def agenda(panel: RiskPanel, items: Iterable[PanelItem], *, may_decide: bool) -> list[dict[str, Any]]:
    """Each item: whose budget, what is proposed, why it is here, and what was decided."""
    return [
        {
            "position": item.position,
            "title": f"{item.proposal.referral.person}: {KIND_WORDS[item.proposal.kind].lower()}",
            "url": proposal_url(item.proposal),
            "rows": item_rows(item),
            "decide_url": _item_url("decide-panel-item", panel, item)
            if may_decide and not item.decision and panel.status == PanelStatus.HELD
            else "",
            "remove_url": _item_url("remove-panel-item", panel, item) if may_decide and not item.decision else "",
        }
        for item in items
    ]


def item_rows(item: PanelItem) -> list[dict[str, Any]]:
    """One item of an agenda."""
    proposal = item.proposal
    cohort = proposal.referral.cohort.name if proposal.referral.cohort else "–"
    rows: list[tuple[str, Any]] = [
        ("NHS number", proposal.referral.person.display_nhs_number),
        ("Cohort", cohort),
        ("Annual amount", pounds(proposal.annual_amount)),
        ("Prepared by", proposal.prepared_by),
    ]
    if proposal.one_off_amount:
        rows.insert(3, ("One-off amount", pounds(proposal.one_off_amount)))
    if item.decision:
        rows += [("Decision", DECIDED[item.decision]), ("Reasons", item.reasons)]
        if item.conditions:
            rows.append(("Conditions", item.conditions))
        if item.took_no_part:
            rows.append(("Took no part", item.took_no_part))
        rows.append(("Recorded by", item.decided_by))
    return summary(rows)


def _item_url(name: str, panel: RiskPanel, item: PanelItem) -> str:
    return reverse(f"budgets:{name}", args=[panel.reference, item.pk])


def choices(waiting: Iterable[BudgetProposal]) -> list[tuple[BudgetProposal, str]]:
    """The proposals that wait, in words to choose by."""
    return [
        (each, f"{each.referral.person}: {KIND_WORDS[each.kind].lower()}, {pounds(each.annual_amount)} a year")
        for each in waiting
    ]


def step_buttons(panel: RiskPanel, steps: Iterable[PanelStep]) -> list[dict[str, str]]:
    """What the user may do with the meeting."""
    buttons = [
        {
            "text": step.label,
            "href": reverse(_PAGES[step.action], args=[panel.reference]),
            "variant": "secondary" if step.action == "cancel" else "",
        }
        for step in steps
    ]
    if buttons or panel.status == PanelStatus.HELD:
        agenda_url = reverse("budgets:risk-panel-agenda", args=[panel.reference])
        buttons.insert(0, {"text": "Put proposals on the agenda", "href": agenda_url, "variant": "secondary"})
    return buttons
