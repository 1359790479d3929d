"""The demonstration's version that waits for approval."""

import pytest

from eligibility.demonstration.rule_sets import CODE, TEAM, load
from eligibility.models import RuleSetVersion
from eligibility.rules.version_diff import compare_versions
from eligibility.selectors.worked_cases import run_cases
from eligibility.services.rule_sets import approve_version
from phb_register.models import Commissioner
from tests.factories.eligibility import make_team
from tests.factories.rule_sets import make_approver

pytestmark = pytest.mark.django_db


def test_version_is_submitted_once_and_can_be_approved():
    llr = Commissioner.objects.get(code="LLR")
    team = make_team(llr)
    team.email = TEAM
    team.save()
    said = []

    load(lambda done, total: said.append((done, total)))
    load(lambda done, total: said.append((done, total)))

    shipped, version = RuleSetVersion.objects.filter(rule_set__code=CODE).order_by("number")
    assert said == [(1, 1), (1, 1)]
    assert (version.approval_status, version.status) == ("submitted", "in_force")
    assert (version.effective_from.month, version.effective_from.day) == (4, 1)
    assert [result.differences for result in run_cases(version)] == [()] * 6
    changed = {each.where for each in compare_versions(shipped.as_rules(), version.as_rules())}
    assert {"Status", "First day"} <= changed
    approve_version(version=version, by=make_approver(llr))
    shipped.refresh_from_db()
    assert (version.effective_from - shipped.effective_to).days == 1
