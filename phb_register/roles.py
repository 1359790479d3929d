"""Who may do what: roles, permissions, and the one table that joins them.

A role is held through a dated membership of a commissioner or partnership (see ``models.users``), so every
permission is held *for* somebody's records and never for all of them.
"""

from enum import StrEnum, unique

from django.db import models


@unique
class Permission(StrEnum):
    """One thing a user may do. Views declare one; services check one."""

    VIEW_PEOPLE = "view-people"
    EDIT_PEOPLE = "edit-people"
    MERGE_PEOPLE = "merge-people"
    MAKE_REFERRALS = "make-referrals"
    VIEW_REFERRALS = "view-referrals"
    DECIDE_REFERRALS = "decide-referrals"
    VIEW_RULES = "view-rules"
    WRITE_RULES = "write-rules"
    APPROVE_RULES = "approve-rules"
    VIEW_BUDGETS = "view-budgets"
    PLAN_BUDGETS = "plan-budgets"
    MANAGE_BUDGETS = "manage-budgets"
    IMPORT_REGISTER = "import-register"
    REVIEW_BUDGETS = "review-budgets"
    APPROVE_BUDGETS = "approve-budgets"
    DECIDE_AT_PANEL = "decide-at-panel"
    VIEW_ORDERS = "view-orders"
    WRITE_RATE_CARDS = "write-rate-cards"
    VIEW_PAYMENTS = "view-payments"
    PREPARE_PAYMENTS = "prepare-payments"
    RELEASE_PAYMENTS = "release-payments"
    MONITOR_BUDGETS = "monitor-budgets"
    VIEW_MONEY = "view-money"
    VIEW_FIGURES = "view-figures"
    VIEW_PEOPLE_BEHIND_FIGURES = "view-people-behind-figures"
    EXPORT_FIGURES = "export-figures"
    FREEZE_FIGURES = "freeze-figures"
    VIEW_OFFERS = "view-offers"
    WRITE_OFFERS = "write-offers"
    APPROVE_OFFERS = "approve-offers"
    PUBLISH_OFFERS = "publish-offers"
    VIEW_BOARD_PACKS = "view-board-packs"
    WRITE_BOARD_PACKS = "write-board-packs"
    RECEIVE_BOARD_PACKS = "receive-board-packs"
    MANAGE_SETTINGS = "manage-settings"
    MANAGE_USERS = "manage-users"
    VIEW_ACCESS_LOG = "view-access-log"


class Role(models.TextChoices):
    """The part a user plays for a commissioner. Labels are shown on pages."""

    REFERRING_NURSE = "referring_nurse", "Referring nurse"
    PHB_TEAM = "phb_team", "PHB team"
    LEAD_NURSE = "lead_nurse", "Lead nurse"
    RISK_PANEL = "risk_panel", "Risk panel"
    FINANCE = "finance", "Finance"
    APPROVER = "approver", "Approver"
    GOVERNING_BODY = "governing_body", "Governing body"
    ANALYST = "analyst", "Analyst"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


ROLE_DESCRIPTIONS: dict[Role, str] = {
    Role.REFERRING_NURSE: "Logs referrals, plans and reviews budgets, and sees the people referred",
    Role.PHB_TEAM: "Decides referrals, runs the register, and writes the rule sets and the local offer",
    Role.LEAD_NURSE: "Approves budgets up to the delegated limit, never those they prepared",
    Role.RISK_PANEL: "Decides on budgets above the delegated limit or out of the ordinary",
    Role.FINANCE: "Pays and reconciles budgets, and sees the figures with the people behind them",
    Role.APPROVER: "Approves rule sets and the local offer, publishes it, and never approves their own work",
    Role.GOVERNING_BODY: "Sees the figures, gets board packs and approves the local offer; sees no person's record",
    Role.ANALYST: "Sees the figures under disclosure control and takes them away; sees no person's record",
    Role.AUDITOR: "Sees who looked at and did what",
    Role.ADMINISTRATOR: "Manages users, memberships and the commissioner's settings; sees no person's record",
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.REFERRING_NURSE: frozenset(
        {
            Permission.VIEW_RULES,
            Permission.VIEW_PEOPLE,
            Permission.EDIT_PEOPLE,
            Permission.MAKE_REFERRALS,
            Permission.VIEW_REFERRALS,
            Permission.VIEW_BUDGETS,
            Permission.PLAN_BUDGETS,
            Permission.REVIEW_BUDGETS,
        }
    ),
    Role.PHB_TEAM: frozenset(
        {
            Permission.MERGE_PEOPLE,
            Permission.VIEW_RULES,
            Permission.WRITE_RULES,
            Permission.APPROVE_RULES,
            Permission.VIEW_PEOPLE,
            Permission.EDIT_PEOPLE,
            Permission.MAKE_REFERRALS,
            Permission.VIEW_REFERRALS,
            Permission.DECIDE_REFERRALS,
            Permission.VIEW_BUDGETS,
            Permission.PLAN_BUDGETS,
            Permission.MANAGE_BUDGETS,
            Permission.IMPORT_REGISTER,
            Permission.REVIEW_BUDGETS,
            Permission.VIEW_ORDERS,
            Permission.WRITE_RATE_CARDS,
            Permission.VIEW_PAYMENTS,
            Permission.MONITOR_BUDGETS,
            Permission.VIEW_MONEY,
            Permission.VIEW_FIGURES,
            Permission.VIEW_PEOPLE_BEHIND_FIGURES,
            Permission.EXPORT_FIGURES,
            Permission.FREEZE_FIGURES,
            Permission.VIEW_OFFERS,
            Permission.WRITE_OFFERS,
            Permission.PUBLISH_OFFERS,
            Permission.VIEW_BOARD_PACKS,
            Permission.WRITE_BOARD_PACKS,
            Permission.MANAGE_SETTINGS,
        }
    ),
    Role.LEAD_NURSE: frozenset(
        {
            Permission.VIEW_RULES,
            Permission.VIEW_PEOPLE,
            Permission.VIEW_REFERRALS,
            Permission.VIEW_BUDGETS,
            Permission.REVIEW_BUDGETS,
            Permission.APPROVE_BUDGETS,
            Permission.VIEW_ORDERS,
            Permission.VIEW_PAYMENTS,
            Permission.VIEW_MONEY,
            Permission.VIEW_FIGURES,
            Permission.VIEW_PEOPLE_BEHIND_FIGURES,
        }
    ),
    Role.RISK_PANEL: frozenset(
        {
            Permission.VIEW_RULES,
            Permission.VIEW_PEOPLE,
            Permission.VIEW_BUDGETS,
            Permission.DECIDE_AT_PANEL,
            Permission.VIEW_MONEY,
            Permission.VIEW_FIGURES,
        }
    ),
    Role.FINANCE: frozenset(
        {
            Permission.VIEW_RULES,
            Permission.VIEW_BUDGETS,
            Permission.WRITE_RATE_CARDS,
            Permission.VIEW_PAYMENTS,
            Permission.PREPARE_PAYMENTS,
            Permission.RELEASE_PAYMENTS,
            Permission.MONITOR_BUDGETS,
            Permission.VIEW_MONEY,
            Permission.VIEW_FIGURES,
            Permission.VIEW_PEOPLE_BEHIND_FIGURES,
            Permission.EXPORT_FIGURES,
            Permission.VIEW_PEOPLE,
        }
    ),
    Role.APPROVER: frozenset(
        {
            Permission.VIEW_RULES,
            Permission.APPROVE_RULES,
            Permission.VIEW_FIGURES,
            Permission.VIEW_OFFERS,
            Permission.APPROVE_OFFERS,
            Permission.PUBLISH_OFFERS,
        }
    ),
    Role.GOVERNING_BODY: frozenset(
        {
            Permission.VIEW_RULES,
            Permission.VIEW_MONEY,
            Permission.VIEW_FIGURES,
            Permission.EXPORT_FIGURES,
            Permission.VIEW_OFFERS,
            Permission.APPROVE_OFFERS,
            Permission.VIEW_BOARD_PACKS,
            Permission.RECEIVE_BOARD_PACKS,
        }
    ),
    Role.ANALYST: frozenset({Permission.VIEW_FIGURES, Permission.EXPORT_FIGURES}),
    Role.AUDITOR: frozenset({Permission.VIEW_ACCESS_LOG, Permission.VIEW_FIGURES}),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_USERS, Permission.MANAGE_SETTINGS}),
}


def roles_with(permission: Permission) -> list[Role]:
    """The roles whose holders have ``permission``."""
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
