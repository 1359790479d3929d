"""What the equity lens shows of a partnership beside its members: not what one of them hides."""

import datetime as dt

import pytest

from phb_register.models import PartnershipMember
from reporting.rules.equity_groups import Characteristic
from reporting.selectors.equity_lens import uptake_by_group
from reporting.selectors.scope import counted
from reporting.services.equity_release import published
from tests.factories.equity import make_areas
from tests.factories.phb_register import CommissionerFactory, PersonFactory
from tests.factories.reporting import cohort, make_spell

pytestmark = pytest.mark.django_db
QUARTER = dt.date(2017, 3, 31)
AREAS = "postcode,quintile,locality\nZZ1 1AA,1,North\nZZ1 1AB,2,South\n"


def make_people(commissioner, *, female, male):
    """Women in the most deprived fifth, men in the next."""
    make_areas(commissioner, AREAS)
    for sex, number, postcode in (("female", female, "ZZ1 1AA"), ("male", male, "ZZ1 1AB")):
        for _ in range(number):
            make_spell(commissioner, person=PersonFactory(commissioner=commissioner, sex=sex, postcode=postcode))


@pytest.fixture
def bodies():
    """A partnership of a large body and one that has three women."""
    whole, large, small = CommissionerFactory(kind="partnership"), CommissionerFactory(), CommissionerFactory()
    for member in (large, small):
        PartnershipMember.objects.create(partnership=whole, member=member, starts_on=dt.date(2015, 4, 1))
    make_areas(whole, AREAS)
    make_people(large, female=20, male=30)
    make_people(small, female=3, male=12)
    return whole, large, small


def shown(body, characteristic, chosen):
    scope = counted(body, QUARTER)
    control = published(scope, purpose="equity", to=None)
    lines = uptake_by_group(scope, control=control, cohort=chosen)[characteristic].lines
    return {line.group: line.people.value for line in lines}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
@pytest.mark.parametrize(
    ("characteristic", "cohort_code"), [(Characteristic.SEX, "chc"), (Characteristic.DEPRIVATION, "")]
)
def test_a_partnership_less_one_member_does_not_tell_what_the_other_hides(bodies, order, characteristic, cohort_code):
    chosen = cohort(cohort_code) if cohort_code else None
    found = {place: shown(bodies[place], characteristic, chosen) for place in order}
    few = "female" if characteristic == Characteristic.SEX else "1"
    assert None in {found[place][few] for place in range(3)}
    for group in found[0]:
        numbers = [found[place].get(group) for place in range(3)]
        if found[2].get(group) is None:
            assert numbers[0] is None or numbers[1] is None, (group, numbers)
