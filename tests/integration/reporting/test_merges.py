"""A person registered twice is one person in the figures once the records are merged, and two when they are not."""

import datetime as dt

import pytest

from phb_register.models import Commissioner
from phb_register.roles import Role
from phb_register.services.merges import approve_merge, ask_reversal, propose_merge, reverse_merge
from reporting.selectors.figures import figures_for
from reporting.selectors.scope import counted
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db

AS_AT = dt.date(2017, 2, 7)


def people_and_budgets(icb: Commissioner) -> tuple[int, int, int]:
    figures = figures_for(counted(icb, AS_AT))
    return figures.people_in_place, figures.people_year_to_date, figures.phbs_in_place


def test_merged_records_count_as_one_person_with_both_budgets() -> None:
    icb = CommissionerFactory()
    team, lead = (UserFactory(role=Role.PHB_TEAM, role__commissioner=icb) for _ in range(2))
    kept, double = PersonFactory.create_batch(2, commissioner=icb)
    make_spell(icb, person=kept)
    make_spell(icb, person=double, cohort_code="wheelchair")
    assert people_and_budgets(icb) == (2, 2, 2)
    merge = propose_merge(kept=kept, merged=double, by=team, reason="One", has_two_numbers_confirmed=True)
    assert people_and_budgets(icb) == (2, 2, 2)
    approve_merge(merge=merge, by=lead)
    assert people_and_budgets(icb) == (1, 1, 2)
    ask_reversal(merge=merge, by=lead, reason="Two")
    reverse_merge(merge=merge, by=team)
    assert people_and_budgets(icb) == (2, 2, 2)
