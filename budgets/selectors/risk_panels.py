"""Reads of the meetings of risk panels. Those that take a user see only that user's commissioners."""

import datetime as dt
import uuid

from django.db.models import Count, Q, QuerySet

from budgets.models import BudgetProposal, PanelItem, RiskPanel
from budgets.rules.panel_states import PanelStep, steps_from
from budgets.rules.proposal_states import ProposalStatus
from phb_register import scope
from phb_register.models import Commissioner, Membership, User
from phb_register.roles import Permission, roles_with
from phb_register.selectors.commissioners import named_commissioners


def panels_of(user: User) -> QuerySet[RiskPanel]:
    """The meetings the user may see, the latest first, each with how many items it has and how many are decided."""
    rows = RiskPanel.objects.visible_to(user).select_related("commissioner")
    counts = {"on_agenda": Count("items"), "decided": Count("items", filter=~Q(items__decision=""))}
    return rows.annotate(**counts).order_by("-meets_on", "-pk")


def panel_for(user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_BUDGETS) -> RiskPanel | None:
    """One meeting; None where the user may not see it."""
    rows = RiskPanel.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related("commissioner", "planned_by").prefetch_related("members").first()


def items_on(panel: RiskPanel) -> list[PanelItem]:
    """The agenda in its order, with what it says of each proposal."""
    rows = PanelItem.objects.filter(panel=panel).select_related(
        "proposal__referral__person", "proposal__referral__cohort", "proposal__prepared_by", "decided_by"
    )
    return list(rows.order_by("position"))


def item_on(panel: RiskPanel, pk: int) -> PanelItem | None:
    """One item of a meeting."""
    rows = PanelItem.objects.filter(panel=panel, pk=pk)
    return rows.select_related(
        "panel", "proposal__referral__person", "proposal__referral__commissioner", "proposal__prepared_by"
    ).first()


def waiting_for_panel(panel: RiskPanel) -> list[BudgetProposal]:
    """The proposals that this meeting could take: with the panel, and on no agenda."""
    bodies = Commissioner.objects.counted_with(panel.commissioner, panel.meets_on)
    rows = BudgetProposal.objects.waiting(ProposalStatus.REFERRED).filter(referral__commissioner__in=bodies)
    rows = rows.exclude(panel_items__decision="").exclude(panel_items__panel=panel)
    found = rows.filter(submitted_on__lte=panel.meets_on).select_related("referral__person", "referral__cohort")
    return list(found[:50])


def panellists(panel: RiskPanel, today: dt.date) -> list[tuple[User, str]]:
    """Who has an account and decides at this panel, each with their role."""
    held = Membership.objects.held_on(today).filter(
        commissioner=panel.commissioner, role__in=roles_with(Permission.DECIDE_AT_PANEL)
    )
    found = {each.user_id: (each.user, each.get_role_display().lower()) for each in held.select_related("user")}
    return sorted(found.values(), key=lambda each: str(each[0]))


def panel_steps_for(user: User, panel: RiskPanel) -> list[PanelStep]:
    """What the user may do with the meeting now."""
    may = scope.can(user, Permission.DECIDE_AT_PANEL, panel.commissioner)
    return steps_from(panel.status) if may else []


def panel_commissioners(user: User) -> list[Commissioner]:
    """Whose meetings the user may plan: those their own roles name."""
    return list(named_commissioners(user, Permission.DECIDE_AT_PANEL).order_by("name"))
