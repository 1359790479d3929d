"""The register's and the PHB's places on other pages, and the first step of the demonstration."""

import datetime as dt
from typing import Any

from budgets import demonstration, timeline
from budgets.demonstration import other_registers
from budgets.presenters import personal_health_budgets as presenters
from budgets.selectors import personal_health_budgets as selectors
from eligibility.models import Referral
from eligibility.slots import (
    BudgetFigures,
    Holders,
    ReferralAction,
    ReferralLink,
    budget_figures,
    holders,
    referral_actions,
)
from phb_register import clock, slots
from phb_register.models import Person, User
from phb_register.presenters import spoken_date
from phb_register.roles import Permission
from phb_register.slots import DemonstrationStep, FilteredList, NavigationItem, PersonPanel, WorkItem, Worklist
from phb_register.tables import table_params


def fill() -> None:
    """Put everything in its place; called once, when the room is ready."""
    slots.navigation.add(NavigationItem("Register", "budgets:register", Permission.VIEW_BUDGETS, 40))
    slots.filtered_lists.add(
        FilteredList(
            "register",
            "Register",
            "budgets:register",
            Permission.VIEW_BUDGETS,
            places=("older_than", "newer_than"),
            order=40,
        )
    )
    slots.worklists.add(
        Worklist(
            "budgets-to-start",
            "Budgets to start",
            Permission.MANAGE_BUDGETS,
            to_start,
            empty="Every budget that was agreed has started.",
            order=45,
        )
    )
    slots.person_panels.add(
        PersonPanel(
            "Personal health budgets", "budgets/_person_panel.html", person_panel, Permission.VIEW_BUDGETS, order=40
        )
    )
    slots.timeline.add(timeline.TIMELINE)
    slots.merge_checks.add(slots.MergeCheck("budgets", budgets_that_overlap, order=40))
    slots.demonstration_steps.add(
        DemonstrationStep("People, referrals and personal health budgets", demonstration.load, order=40)
    )
    # After all that happens to the people above: what is imported stays as it came.
    slots.demonstration_steps.add(DemonstrationStep("Registers of other ICBs", other_registers.load, order=90))
    referral_actions.add(ReferralAction("budget", Permission.VIEW_BUDGETS, referral_link, order=40))
    slots.worklists.add(
        Worklist(
            "budgets-of-transferred-people",
            "Budgets of people who moved to another commissioner",
            Permission.MANAGE_BUDGETS,
            of_transferred_people,
            empty="Every budget you run is of a person you are responsible for.",
            order=47,
        )
    )
    holders.add(Holders(selectors.open_budgets, selectors.ended_budgets))
    budget_figures.add(BudgetFigures(selectors.average_budget, selectors.budget_holders))


def to_start(user: User, today: dt.date) -> list[WorkItem]:
    """PHBs that were agreed and have not started."""
    return [
        WorkItem(
            text=f"{phb.person}: {phb.cohort}",
            url=presenters.budget_url(phb),
            why=f"It was agreed on {spoken_date(phb.agreed_on)} and has not started",
        )
        for phb in selectors.agreed_not_started(user)
    ]


def of_transferred_people(user: User, today: dt.date) -> list[WorkItem]:
    """PHBs that go on for people for whom another commissioner is responsible by now."""
    return [
        WorkItem(
            text=f"{phb.person}: {phb.cohort}",
            url=presenters.budget_url(phb),
            why=f"{phb.person.commissioner} is responsible for this person now. Hand the budget over, then end it here",
        )
        for phb in selectors.of_transferred_people(user)
    ]


def person_panel(user: User, person: Person) -> dict[str, Any]:
    """A person's PHBs, for their page."""
    rows = selectors.budgets_of(user, person)
    columns = presenters.panel_columns(clock.today())
    table = table_params(
        columns,
        rows,
        caption="Personal health budgets held",
        caption_classes="nhsuk-u-visually-hidden",
        is_responsive=True,
    )
    return {"has_rows": bool(rows), "table": table}


def budgets_that_overlap(kept: Person, merged: Person) -> list[str]:
    """Why two records cannot be read as one: both hold a PHB in one cohort at one time."""
    return [
        f"Both people had a personal health budget in {cohort.name} at one time, agreed on {spoken_date(one)} and on "
        f"{spoken_date(other)}. End or correct one of the two budgets first"
        for cohort, one, other in selectors.overlapping_budgets(kept, merged)
    ]


def referral_link(user: User, referral: Referral) -> ReferralLink | None:
    """Beneath a referral: the PHB that came of it."""
    phb = selectors.budget_from(referral)
    return ReferralLink("Personal health budget", presenters.budget_url(phb)) if phb is not None else None
