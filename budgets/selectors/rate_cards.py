"""Reads of rate cards: which one counts for whom on a day, and what a user may see of them."""

import datetime as dt

from django.db.models import Q, QuerySet

from budgets.models import RateCard, RateCardTransition
from budgets.rules.rate_card_states import RateCardStatus, RateCardStep, steps_from
from phb_register import scope
from phb_register.models import Commissioner, PartnershipMember, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.commissioners import accountable_on


def rate_card_on(commissioner: Commissioner, day: dt.date) -> RateCard | None:
    """The rate card that counts for a commissioner's people on a day; None where there is none.

    Its own, else its partnership's; of a body that had closed, that of whoever had taken over from it by then.
    """
    body = accountable_on(commissioner, day)
    own = RateCard.objects.filter(commissioner=body).in_force_on(day).select_related("commissioner").first()
    if own is not None:
        return own
    partnerships = PartnershipMember.objects.on(day).filter(member=body).values("partnership_id")
    shared = RateCard.objects.filter(commissioner__in=partnerships).in_force_on(day)
    return shared.select_related("commissioner").first()


def owner_to_read(user: User, code: str) -> Commissioner | None:
    """The commissioner or partnership whose rate cards the user may read: their own, or their partnership's."""
    return owners_to_read(user).filter(code=code).first()


def owners_to_read(user: User) -> QuerySet[Commissioner]:
    """Whose rate cards the user may read or write, by name; bodies that closed only where they left some."""
    ids = commissioner_ids(user, Permission.VIEW_BUDGETS)
    mine = Commissioner.objects.filter(Q(pk__in=ids) | Q(members__member__in=ids))
    used = RateCard.objects.values("commissioner_id")
    return mine.filter(Q(closed_on__isnull=True) | Q(pk__in=used)).distinct()


def cards_of(user: User, owner: Commissioner) -> QuerySet[RateCard]:
    """The versions of one rate card, the latest first, as far as the user may see them."""
    rows = RateCard.objects.visible_to(user).filter(commissioner=owner)
    return rows.select_related("commissioner", "prepared_by").order_by("-number")


def card_for(user: User, code: str, number: int, permission: Permission = Permission.VIEW_BUDGETS) -> RateCard | None:
    """One version, if the user has the permission for it."""
    rows = RateCard.objects.visible_to(user, permission).filter(commissioner__code=code, number=number)
    return rows.select_related("commissioner", "prepared_by").prefetch_related("values").first()


def draft_of(owner: Commissioner) -> RateCard | None:
    """The version that is being written, if one is."""
    return RateCard.objects.filter(commissioner=owner, status=RateCardStatus.DRAFT).first()


def card_transitions(card: RateCard) -> QuerySet[RateCardTransition]:
    """What happened to a version, the oldest first."""
    return card.transitions.select_related("made_by")


def card_steps(user: User, card: RateCard) -> list[RateCardStep]:
    """What the user may do to a version."""
    return [step for step in steps_from(card.status) if scope.can(user, step.permission, card.commissioner)]


def may_write_cards(user: User, owner: Commissioner) -> bool:
    """Whether the user may write this commissioner's or partnership's rate cards."""
    return scope.can(user, Permission.WRITE_RATE_CARDS, owner)
