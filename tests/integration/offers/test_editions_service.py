"""The life of an edition: who may move it, from where, and what is written down."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from offers import policies
from offers.exceptions import TransitionRefused
from offers.models import Edition, EditionTransition
from offers.rules.editions import Verb
from offers.services import editions, publication
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from tests.factories.offers import (
    EditionFactory,
    LocalOfferFactory,
    approved_edition,
    approver_of,
    published_edition,
    submitted_edition,
)
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db

MAKE: dict[str, Callable[..., Edition]] = {
    "draft": EditionFactory,
    "submitted": submitted_edition,
    "approved": approved_edition,
    "published": published_edition,
}
CALLS: dict[Verb, Callable[..., object]] = {
    Verb.SUBMIT: editions.submit,
    Verb.RETURN: lambda **kwargs: editions.return_to_author(reason="Too long", **kwargs),
    Verb.APPROVE: editions.approve,
    Verb.PUBLISH: publication.publish,
    Verb.WITHDRAW: lambda **kwargs: editions.withdraw(reason="A mistake", **kwargs),
}
ALLOWED = {
    ("draft", "submit"): "submitted",
    ("submitted", "return"): "draft",
    ("submitted", "approve"): "approved",
    ("approved", "publish"): "published",
    ("approved", "withdraw"): "withdrawn",
    ("published", "withdraw"): "withdrawn",
    # Asked for twice, publishing changes nothing.
    ("published", "publish"): "published",
}
MAY = {
    Role.PHB_TEAM: {"submit", "publish", "withdraw"},
    Role.APPROVER: {"return", "approve", "publish", "withdraw"},
    Role.GOVERNING_BODY: {"return", "approve"},
    Role.FINANCE: set(),
}


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done inside is undone, so that one edition is tried many times."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("status", list(MAKE))
def test_every_move_by_every_role_from_every_state(status: str) -> None:
    made = MAKE[status]()
    users = [UserFactory(role=role, role__commissioner=made.local_offer.commissioner) for role in MAY]
    for (role, may), user, verb in [(*pair, verb) for pair in zip(MAY.items(), users, strict=True) for verb in CALLS]:
        target = ALLOWED.get((status, verb))
        with taken_back():
            edition = Edition.objects.get(pk=made.pk)
            if target and (verb in may or (status, verb) == ("published", "publish")):
                CALLS[verb](edition=edition, by=user)
            else:
                with pytest.raises((TransitionRefused, PermissionDenied)):
                    CALLS[verb](edition=edition, by=user)
                target = status
            assert Edition.objects.get(pk=made.pk).status == target, (role, verb)


def test_move_writes_transition_and_audit() -> None:
    edition = submitted_edition()
    approver = approver_of(edition.local_offer)
    editions.return_to_author(edition=edition, by=approver, reason=" Say who decides ")
    move = EditionTransition.objects.get(edition=edition, verb="return")
    assert (move.from_status, move.to_status, move.by, move.reason) == (
        "submitted",
        "draft",
        approver,
        "Say who decides",
    )
    assert AccessLogEntry.objects.get(action="return-edition").detail == {"number": 1}


@pytest.mark.parametrize("reason", ["", "  "])
def test_return_and_withdraw_need_a_reason(reason: str) -> None:
    edition = submitted_edition()
    with pytest.raises(TransitionRefused, match="Enter the reason"):
        editions.return_to_author(edition=edition, by=approver_of(edition.local_offer), reason=reason)


def test_approve_by_its_author_is_refused_even_with_the_permission() -> None:
    offer = LocalOfferFactory()
    both = UserFactory(role=Role.PHB_TEAM, role__commissioner=offer.commissioner)
    UserFactory._meta.model.objects.get(pk=both.pk).memberships.create(
        role=Role.APPROVER, commissioner=offer.commissioner, starts_on=dt.date(2014, 1, 1)
    )
    edition = submitted_edition(local_offer=offer, author=both)
    with pytest.raises(TransitionRefused, match="somebody else must approve it"):
        editions.approve(edition=edition, by=both)
    assert Verb.APPROVE not in [move.verb for move in policies.possible_moves(both, edition)]


def test_approve_by_another_commissioner_s_approver_is_refused() -> None:
    with pytest.raises(PermissionDenied):
        editions.approve(edition=submitted_edition(), by=UserFactory(role=Role.APPROVER))


def test_start_edition_counts_on_and_is_one_at_a_time() -> None:
    first = published_edition()
    start = {"offer": first.local_offer, "title": "Again", "figures_as_at": dt.date(2018, 2, 7), "by": first.author}
    second = editions.start_edition(**start)
    assert (second.number, second.author, second.status) == (2, first.author, "draft")
    with pytest.raises(TransitionRefused, match="on its way already"):
        editions.start_edition(**start)


def test_start_edition_needs_the_permission() -> None:
    offer = LocalOfferFactory()
    with pytest.raises(PermissionDenied):
        editions.start_edition(offer=offer, title="x", figures_as_at=dt.date(2017, 2, 7), by=approver_of(offer))


def test_change_edition_only_as_a_draft() -> None:
    edition = EditionFactory()
    changed = {"title": "New title", "figures_as_at": dt.date(2018, 2, 7), "by": edition.author}
    assert editions.change_edition(edition=edition, **changed).title == "New title"
    editions.submit(edition=edition, by=edition.author)
    with pytest.raises(TransitionRefused):
        editions.change_edition(edition=edition, **changed)


def test_withdrawn_edition_is_out_of_the_public_s_sight_and_makes_room() -> None:
    edition = published_edition()
    assert edition.approved_by is not None
    editions.withdraw(edition=edition, by=edition.approved_by, reason="A mistake")
    assert not Edition.objects.public().exists()
    published_edition(local_offer=edition.local_offer, number=2)
