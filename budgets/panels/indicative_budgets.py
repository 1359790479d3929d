"""Rate cards and indicative budgets on pages that are not their own."""

from budgets import indicative_events
from budgets.demonstration import indicative_budgets as demonstration
from budgets.demonstration import rate_cards as demonstration_cards
from budgets.presenters.indicative_budgets import indicative_list_url, work_out_url
from budgets.presenters.rate_cards import cards_url
from budgets.selectors.indicative_budgets import latest_for
from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from eligibility.slots import ReferralAction, ReferralLink, referral_actions
from phb_register import slots
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import can


def fill() -> None:
    """Put all of these into the slots they are for."""
    slots.settings_links.add(slots.SettingsLink("Rate cards", cards_url, order=20))
    slots.timeline.add(indicative_events.TIMELINE)
    referral_actions.add(ReferralAction("indicative-budget", Permission.VIEW_BUDGETS, referral_link, order=30))
    slots.demonstration_steps.add(slots.DemonstrationStep("Rate cards", demonstration_cards.load, order=41))
    slots.demonstration_steps.add(slots.DemonstrationStep("Needs and indicative budgets", demonstration.load, order=43))


def referral_link(user: User, referral: Referral) -> ReferralLink | None:
    """Beneath a referral: its indicative budgets, or the button that works out the first."""
    if referral.status != ReferralStatus.ACCEPTED:
        return None
    if latest_for(referral) is not None or not can(user, Permission.PLAN_BUDGETS, referral.commissioner):
        return ReferralLink("Indicative budgets", indicative_list_url(referral))
    return ReferralLink("Work out an indicative budget", work_out_url(referral), is_button=True)
