"""Two people at one version at one moment, on the real database with real threads."""

from collections.abc import Iterator

import pytest

from eligibility.exceptions import NotFitForApproval, TransitionNotAllowed, VersionChanged
from eligibility.models import RuleSetVersion, RuleSetVersionTransition
from eligibility.services.rule_sets import approve_version, save_content, submit_version
from phb_register import reference
from phb_register.models import Commissioner
from tests.factories.eligibility import make_team
from tests.factories.phb_register import CommissionerFactory
from tests.factories.rule_sets import CONTENT, in_days, make_approver, make_rule_set, make_version
from tests.integration.eligibility.test_referral_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def icb() -> Iterator[Commissioner]:
    """A commissioner on a database with its reference data, which a test that commits finds emptied."""
    reference.load_all(plan=[])
    return CommissionerFactory()


def test_version_that_two_approve_at_once_is_approved_once(icb: Commissioner) -> None:
    team, first, second = make_team(icb), make_approver(icb), make_approver(icb)
    rule_set = make_rule_set(icb, by=team)
    version = submit_version(version=make_version(rule_set, by=team), by=team)
    results = at_once(
        lambda: approve_version(version=version, by=first), lambda: approve_version(version=version, by=second)
    )
    kinds = sorted(type(each).__name__ for each in results)
    assert kinds == [RuleSetVersion.__name__, TransitionNotAllowed.__name__], results
    assert RuleSetVersionTransition.objects.filter(version=version, action="approve").count() == 1


def test_two_versions_of_one_day_approved_at_once_leave_one_in_force(icb: Commissioner) -> None:
    team, first, second = make_team(icb), make_approver(icb), make_approver(icb)
    rule_set = make_rule_set(icb, by=team)
    one, two = (
        submit_version(version=make_version(rule_set, by=team, effective_from=in_days(day)), by=team) for day in (5, 5)
    )
    results = at_once(lambda: approve_version(version=one, by=first), lambda: approve_version(version=two, by=second))
    kinds = sorted(type(each).__name__ for each in results)
    assert kinds == [NotFitForApproval.__name__, RuleSetVersion.__name__], results


def test_two_edits_of_one_revision_at_once_keep_one(icb: Commissioner) -> None:
    first, second = make_team(icb), make_team(icb)
    version = make_version(make_rule_set(icb, by=first), by=first)
    results = at_once(
        lambda: save_content(version=version, content=CONTENT, revision=version.revision, by=first),
        lambda: save_content(version=version, content=CONTENT, revision=version.revision, by=second),
    )
    kinds = sorted(type(each).__name__ for each in results)
    assert kinds == [RuleSetVersion.__name__, VersionChanged.__name__], results
    version.refresh_from_db()
    assert version.revision == version.edits.count()
