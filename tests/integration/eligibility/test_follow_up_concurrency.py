"""Two people at one moment, on the real database with real threads."""

from collections.abc import Iterator

import pytest

from eligibility.exceptions import TransitionNotAllowed
from eligibility.models import Decision, PersonTransfer, Reconsideration, Referral
from eligibility.selectors.referrals import current_decision
from eligibility.services.decisions import Ruling
from eligibility.services.reconsiderations import decide_reconsideration, request_reconsideration
from eligibility.services.transfers import accept_transfer, refuse_transfer
from offers.models import Cohort
from phb_register import reference
from phb_register.models import Commissioner, Person
from tests.factories.aftermath import make_declined, make_reconsideration, make_transfer
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory
from tests.integration.eligibility.test_referral_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def icb() -> Iterator[Commissioner]:
    """A commissioner on a database with its reference data, which a test that commits finds emptied."""
    reference.load_all(plan=[])
    return CommissionerFactory()


def test_reconsideration_is_asked_for_and_decided_once(icb: Commissioner) -> None:
    declined = make_declined(icb)
    decision = current_decision(declined)
    nurses = [make_team(icb), make_team(icb)]
    asked = {"decision": decision, "refusal": "whole", "asked_by": "person", "statement": "Why"}
    results = at_once(*[lambda by=by: request_reconsideration(by=by, **asked) for by in nurses])
    assert sorted(type(each).__name__ for each in results) == ["Reconsideration", "TransitionNotAllowed"], results
    waiting = Reconsideration.objects.get()
    ruling = Ruling(cohort=Cohort.objects.get(code="chc"))
    results = at_once(
        lambda: decide_reconsideration(
            reconsideration=waiting, outcome="changed", reasons="It is", by=nurses[0], ruling=ruling
        ),
        lambda: decide_reconsideration(reconsideration=waiting, outcome="upheld", reasons="It is not", by=nurses[1]),
    )
    assert sorted(type(each).__name__ for each in results) == ["Reconsideration", "TransitionNotAllowed"], results
    settled = Reconsideration.objects.get()
    is_changed = settled.outcome == "changed"
    assert Decision.objects.count() == (2 if is_changed else 1)
    assert Referral.objects.get().status == ("accepted" if is_changed else "declined")


def test_transfer_accepted_and_refused_at_once_is_answered_once(icb: Commissioner) -> None:
    there = CommissionerFactory()
    receivers = [make_team(there), make_team(there)]
    transfer = make_transfer(icb, to=there)
    results = at_once(
        lambda: accept_transfer(transfer=transfer, by=receivers[0]),
        lambda: refuse_transfer(transfer=transfer, note="Not ours", by=receivers[1]),
    )
    assert sorted(type(each).__name__ for each in results) == ["PersonTransfer", TransitionNotAllowed.__name__], results
    is_accepted = PersonTransfer.objects.get().status == "accepted"
    assert Person.objects.get().commissioner == (there if is_accepted else icb)
    assert make_reconsideration(icb).status == "requested"
