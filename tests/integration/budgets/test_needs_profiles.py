import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, transaction

from budgets.exceptions import BudgetRefused
from budgets.models import NeedsDomain, NeedsProfile, NeedsProfileLevel, NeedsTool
from budgets.reference.needs_tools import load_needs_tools
from budgets.selectors.needs_profiles import tool_for
from budgets.services.needs_profiles import record_needs_profile
from eligibility.models import Referral
from phb_register.models import Commissioner, User
from phb_register.roles import Role
from tests.factories.budgets import make_accepted_referral
from tests.factories.eligibility import make_referral, make_team
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.rate_cards import make_needs_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_the_day")]


@pytest.fixture
def _on_the_day() -> object:
    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def commissioner() -> Commissioner:
    return CommissionerFactory()


@pytest.fixture
def team(commissioner: Commissioner) -> User:
    return make_team(commissioner)


@pytest.fixture
def referral(commissioner: Commissioner, team: User) -> Referral:
    person = PersonFactory(commissioner=commissioner, born_on=dt.date(1980, 1, 1))
    return make_accepted_referral(commissioner, by=team, person=person)


def given(referral: Referral, by: User, **changed: Any) -> dict[str, Any]:
    tool = NeedsTool.objects.get(code=changed.pop("code", "adults-2018"))
    levels = {domain.code: "low" for domain in tool.domains.all()} | changed.pop("levels", {})
    return {
        "referral": referral,
        "by": by,
        "tool": tool,
        "assessed_on": dt.date(2026, 11, 2),
        "assessed_by": "Community nursing team",
        "levels": levels,
        "key": uuid.uuid4(),
        **changed,
    }


def test_profile_is_kept_and_a_correction_is_a_further_one(referral: Referral, team: User) -> None:
    first = make_needs_profile(referral, by=team, behaviour="priority")
    second = make_needs_profile(referral, by=team, behaviour="severe")
    assert [first.number, second.number] == [1, 2]
    assert first.levels_by_domain()["behaviour"] == "priority"
    assert len(first.levels_by_domain()) == 12


def test_sent_twice_it_makes_one(referral: Referral, team: User) -> None:
    same = given(referral, team)
    assert record_needs_profile(**same) == record_needs_profile(**same)
    assert NeedsProfile.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"levels": {"continence": "severe"}}, "continence", "It goes up to “High”"),
        ({"levels": {"altered-states": "severe"}}, "altered-states", "has no level “Severe”"),
        ({"levels": {"skin": ""}}, "skin", "Select a level for skin integrity"),
        ({"assessed_on": dt.date(2026, 11, 23)}, "assessed_on", "today or in the past"),
        ({"assessed_on": dt.date(2018, 9, 30)}, "assessed_on", "was in use from 1 October 2018"),
        ({"code": "children-2016"}, "tool", "Record it with the tool for adults"),
        ({"assessed_by": " "}, "assessed_by", "Enter who assessed"),
    ],
)
def test_refusal_names_the_field_and_the_remedy(
    referral: Referral, team: User, changed: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(BudgetRefused) as refused:
        record_needs_profile(**given(referral, team, **changed))
    assert [problem.field for problem in refused.value.problems] == [field]
    assert said in refused.value.problems[0].message


def test_tool_follows_the_persons_age_and_the_day(commissioner: Commissioner, referral: Referral, team: User) -> None:
    child = make_accepted_referral(
        commissioner, by=team, person=PersonFactory(commissioner=commissioner, born_on=dt.date(2009, 1, 2))
    )
    assert tool_for(child, dt.date(2026, 11, 22)).code == "children-2016"
    assert tool_for(child, dt.date(2027, 1, 2)).code == "adults-2018"
    assert tool_for(referral, dt.date(2018, 9, 30)).code == "adults-2012"
    with pytest.raises(BudgetRefused, match="Record it with the tool for children"):
        record_needs_profile(**given(child, team))


def test_those_who_do_not_plan_and_referrals_not_accepted_are_refused(
    referral: Referral, commissioner: Commissioner, team: User
) -> None:
    with pytest.raises(PermissionDenied):
        make_needs_profile(referral, by=UserFactory(role=Role.FINANCE, role__commissioner=commissioner))
    with pytest.raises(BudgetRefused, match="Accept the referral first"):
        make_needs_profile(make_referral(commissioner), by=team)


def test_database_refuses_a_level_above_the_ceiling_and_a_domain_left_out(referral: Referral, team: User) -> None:
    profile = make_needs_profile(referral, by=team)
    domains = {domain.code: domain for domain in NeedsDomain.objects.filter(tool=profile.tool)}
    profile.pk, profile.number, profile.reference = None, 2, uuid.uuid4()
    profile.submission_key = uuid.uuid4()
    with transaction.atomic():
        profile.save()
        with pytest.raises(IntegrityError, match="no such level"), transaction.atomic():
            NeedsProfileLevel.objects.create(profile=profile, domain=domains["continence"], level="severe")
        other = NeedsDomain.objects.get(tool__code="children-2016", code="seizures")
        with pytest.raises(IntegrityError, match="no such domain"), transaction.atomic():
            NeedsProfileLevel.objects.create(profile=profile, domain=other, level="low")
        NeedsProfileLevel.objects.create(profile=profile, domain=domains["continence"], level="high")
        with (
            pytest.raises(IntegrityError, match="level for every domain"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def test_database_refuses_to_change_a_profile(referral: Referral, team: User) -> None:
    make_needs_profile(referral, by=team)
    for change in (
        lambda: NeedsProfile.objects.update(note="Changed"),
        lambda: NeedsProfileLevel.objects.update(level="none"),
        lambda: NeedsProfileLevel.objects.all()._raw_delete(using="default"),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_reference_data_is_loaded_once_and_edits_are_kept() -> None:
    NeedsTool.objects.filter(code="adults-2018").update(verified_by="A named nurse")
    load_needs_tools()
    assert NeedsTool.objects.get(code="adults-2018").verified_by == "A named nurse"
    assert [tool.domains.count() for tool in NeedsTool.objects.order_by("code")] == [12, 12, 10]
    assert not NeedsDomain.objects.exclude(verified_by="").exists()
    assert not NeedsDomain.objects.filter(source="").exists()
