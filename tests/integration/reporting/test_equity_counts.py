"""What the equity lens divides by, and the tables of areas: imported whole or not at all, each from its date on."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from phb_register.exceptions import Refused
from phb_register.models import Commissioner, CommissionerKind, PartnershipMember
from reporting.demonstration import equity
from reporting.equity import Base
from reporting.models import AreaTable, EligibleGroup, PostcodeArea
from reporting.rules.equity_groups import Characteristic
from reporting.selectors.areas import areas_for
from reporting.selectors.group_counts import bases_for
from tests.factories.equity import count_groups, make_areas
from tests.factories.phb_register import CommissionerFactory
from tests.factories.reporting import cohort

pytestmark = pytest.mark.django_db

DAY = dt.date(2017, 2, 7)
SEX = Characteristic.SEX


@pytest.fixture
def body():
    return CommissionerFactory()


@pytest.fixture
def members():
    """A partnership of two."""
    together = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    found = CommissionerFactory.create_batch(2)
    for each in found:
        PartnershipMember.objects.create(partnership=together, member=each, starts_on=dt.date(2016, 1, 1))
    return together, found


def base(commissioner, which=SEX, of=None, on=DAY):
    return bases_for(commissioner, of, on)[which]


def test_newest_count_of_one_day_is_used_and_a_group_it_leaves_out_is_not_known(body):
    count_groups(body, "sex", {"female": 100, "male": 90, "indeterminate": 1}, counted_on=dt.date(2015, 1, 1))
    count_groups(body, "sex", {"female": 110, "male": 95}, counted_on=dt.date(2016, 1, 1))
    count_groups(body, "sex", {"female": 1}, counted_on=dt.date(2017, 2, 8))
    found = base(body)
    assert (found.base, found.people, found.counted_on) == (
        Base.POPULATION,
        {"female": 110, "male": 95},
        dt.date(2016, 1, 1),
    )


def test_people_eligible_come_first_and_only_while_they_are_recent(body):
    chc = cohort("chc")
    count_groups(body, "sex", {"female": 1000})
    count_groups(body, "sex", {"female": 40}, cohort=chc, counted_on=dt.date(2016, 2, 7))
    assert (base(body, of=chc).base, base(body, of=chc).people) == (Base.ELIGIBLE, {"female": 40})
    assert base(body, of=chc, on=dt.date(2017, 2, 8)).base == Base.POPULATION
    assert base(body, of=None).people == {"female": 1000}


def test_nothing_counted_says_what_to_do(body):
    found = base(body, Characteristic.DEPRIVATION)
    assert found.base == Base.NOT_KNOWN
    assert "Nobody counted the population by deprivation on or before 7 February 2017" in found.remedy


def test_members_are_added_up_only_where_all_counted_the_same_groups(members):
    together, (first, second) = members
    count_groups(first, "sex", {"female": 100, "male": 90}, counted_on=dt.date(2015, 1, 1))
    assert base(together).base == Base.NOT_KNOWN
    count_groups(second, "sex", {"female": 10})
    assert base(together).base == Base.NOT_KNOWN
    count_groups(second, "sex", {"female": 10, "male": 20}, counted_on=DAY)
    assert base(together).people == {"female": 110, "male": 110}
    assert base(together).counted_on == dt.date(2015, 1, 1)
    count_groups(together, "sex", {"female": 5})
    assert base(together).people == {"female": 5}


def test_ethnic_groups_are_added_up_from_categories_that_were_all_counted(body):
    count_groups(body, "ethnic_category", {"A": 10, "B": 2, "C": 3, "H": 7, "R": 1, "S": 1})
    found = base(body, Characteristic.ETHNIC_GROUP)
    assert found.people == {"white": 15, "other": 2}


def test_same_count_again_changes_nothing_and_another_replaces_it(body):
    assert len(count_groups(body, "sex", {"female": 100, "male": 90})) == 2
    assert count_groups(body, "sex", {"female": 100, "male": 90}) == []
    assert [each.people for each in count_groups(body, "sex", {"female": 101})] == [101]
    assert EligibleGroup.objects.filter(commissioner=body).count() == 2


def test_group_that_is_none_is_refused_by_service_and_database(body):
    with pytest.raises(Refused, match="no group of sex"):
        count_groups(body, "sex", {"tall": 1})
    with pytest.raises(IntegrityError, match="eligible_group_known"), transaction.atomic():
        EligibleGroup.objects.create(
            commissioner=body, characteristic="sex", group="tall", people=1, counted_on=DAY, source="x"
        )


def test_nearest_table_in_force_is_used_for_each_thing_it_tells(members):
    together, (first, _) = members
    england = Commissioner.objects.get(kind=CommissionerKind.NATION)
    national = make_areas(england, "pcds,imd decile\nZZ1 1AA,3\n", applies_from=dt.date(2015, 9, 30))
    local = make_areas(together, "postcode,locality\nZZ11AA,North\n")
    later = make_areas(together, "postcode,locality\nZZ11AA,South\n", applies_from=dt.date(2017, 2, 8))
    practices = make_areas(first, "practice code,place\nZ99901,East\n")
    found = areas_for(first, DAY)
    assert (found.deprivation, found.localities, found.practices) == (national, local, practices)
    assert areas_for(first, dt.date(2017, 2, 8)).localities == later
    assert areas_for(first, dt.date(2015, 9, 29)).deprivation is None
    assert PostcodeArea.objects.get(table=national).quintile == 2


def test_demonstration_counts_the_same_people_by_each_characteristic_and_loads_once():
    equity.load(lambda done, total: None)
    llr = Commissioner.objects.get(code="LLR")
    counted = {each: sum(found.people.values()) for each, found in bases_for(llr, None, DAY).items() if found.people}
    assert counted == dict.fromkeys(counted, 1_011_000)
    assert len(counted) == 5
    eligible = bases_for(llr, cohort("chc"), DAY)
    assert sum(eligible[SEX].people.values()) == sum(eligible[Characteristic.AGE].people.values()) == 848
    known = EligibleGroup.objects.count(), AreaTable.objects.count()
    equity.load(lambda done, total: None)
    assert (EligibleGroup.objects.count(), AreaTable.objects.count()) == known
