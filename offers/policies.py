"""Who may do what to an offer, and when: permission first, then the state, then the person."""

from typing import Any

from django.core.exceptions import PermissionDenied

from offers.exceptions import TextIsLocked, TransitionRefused
from offers.models import Contribution, Edition, LocalOffer
from offers.rules.editions import LOCKING_STATUSES, WRITING_STATUSES, Transition, Verb, find, moves_from
from phb_register.roles import Permission


def can(user: Any, permission: Permission, offer: LocalOffer) -> bool:
    """Whether the user has a permission for an offer, through its commissioner or a member of its
    partnership."""
    return LocalOffer.objects.visible_to(user, permission).filter(pk=offer.pk).exists()


def check_permission(user: Any, permission: Permission, offer: LocalOffer) -> None:
    """Raise `PermissionDenied` unless the user has the permission for the offer."""
    if not can(user, permission, offer):
        raise PermissionDenied(f"This needs the permission {permission} for {offer}")


def lock_on(offer: LocalOffer) -> Edition | None:
    """The edition that keeps the text and timeline from being changed: one that is or was decided on stays put."""
    return Edition.objects.filter(local_offer=offer, status__in=LOCKING_STATUSES).defer("snapshot").first()


def check_text_may_change(offer: LocalOffer) -> None:
    """Raise `TextIsLocked` while an edition waits for its approval or publication."""
    edition = lock_on(offer)
    if edition is not None:
        raise TextIsLocked(
            f"Edition {edition.number} is {edition.get_status_display().lower()}, so its text and timeline "
            "cannot be changed. Have it returned or withdrawn first"
        )


def wrote_in(user: Any, edition: Edition) -> bool:
    """Whether the user is the edition's author, or had a hand in its text, timeline, reasons or answers."""
    return edition.author_id == user.pk or Contribution.objects.to_edition(edition).filter(by=user).exists()


def may_explain(user: Any, edition: Edition) -> bool:
    """Whether the user may say something of the edition's changes now."""
    return edition.status in WRITING_STATUSES and can(user, Permission.WRITE_OFFERS, edition.local_offer)


def check_transition(user: Any, edition: Edition, verb: Verb) -> Transition:
    """The move `verb` makes from where the edition is, if this user may make it now.

    Raises `PermissionDenied` for want of permission, `TransitionRefused` where the state or the person rules
    it out.
    """
    move = find(verb, edition.status)
    if move is None:
        raise TransitionRefused(
            f"Edition {edition.number} is {edition.get_status_display().lower()} and "
            "cannot be changed in this way. Open the edition again to see what can be done now"
        )
    check_permission(user, move.permission, edition.local_offer)
    if move.is_by_somebody_else and wrote_in(user, edition):
        raise TransitionRefused("You wrote this edition or part of it, so somebody else must approve it")
    return move


def possible_moves(user: Any, edition: Edition) -> list[Transition]:
    """The moves this user may ask for now, in the order of the table: the buttons of the edition's page."""
    return [
        move
        for move in moves_from(edition.status)
        if move.verb != Verb.SUPERSEDE
        and can(user, move.permission, edition.local_offer)
        and not (move.is_by_somebody_else and wrote_in(user, edition))
    ]
