"""The equity lens counts what a naive loop counts, on random registers."""

import datetime as dt
from collections import Counter
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from budgets.models import PersonalHealthBudget
from phb_register.models import CommissionerKind, EthnicCategory, PartnershipMember, Sex, Succession
from reporting.rules.equity_groups import AGE_BANDS, GROUP_OF_CATEGORY, Characteristic
from reporting.selectors.equity import counted_by_group, people_in_place, people_of_group
from reporting.selectors.scope import counted
from tests.factories.equity import make_areas
from tests.factories.phb_register import CommissionerFactory, PersonFactory
from tests.factories.reporting import cohort, make_spell
from tests.integration.reporting.oracle import age, bodies_counted, in_place

DAY, ONE_DAY = dt.date(2017, 2, 7), dt.timedelta(days=1)
EARLIER = dt.date(2016, 1, 4)
OWN = "postcode,quintile,locality\nZZ1 1AA,1,North\nZZ1 1AB,2,\nZZ2 1AA,,South\n"
OLDER = "postcode,quintile,locality\nZZ1 1AA,5,West\n"
PRACTICES = "gp_practice,locality\nZ99901,East\nZ99902,North\n"
PLACES = {"ZZ1 1AA": ("1", "North"), "ZZ1 1AB": ("2", None), "ZZ2 1AA": (None, "South")}
OF_PRACTICE = {"Z99901": "East", "Z99902": "North"}


def place_of(person):
    quintile, locality = PLACES.get(person.postcode, (None, None))
    return quintile or "not-known", locality or OF_PRACTICE.get(person.gp_practice) or "not-known"


def band_of(person, day):
    years = age(person, day)
    return [code for code, _, begins in AGE_BANDS if begins <= years][-1]


def naive(phbs, day):
    people = {phb.person_id: phb.person for phb in phbs if in_place(phb, day)}.values()
    return {
        "age": Counter(band_of(each, day) for each in people),
        "sex": Counter(each.sex for each in people),
        "ethnic_group": Counter(GROUP_OF_CATEGORY[each.ethnic_category] for each in people),
        "ethnic_category": Counter(each.ethnic_category for each in people),
        "deprivation": Counter(place_of(each)[0] for each in people),
        "locality": Counter(place_of(each)[1] for each in people),
    }


def a_register(rng):
    """A partnership of an ICB, which took over from a CCG, and of nobody else; people in both and one outside."""
    old = CommissionerFactory(kind=CommissionerKind.CCG, closed_on=dt.date(2017, 1, 31))
    new = CommissionerFactory()
    Succession.objects.create(predecessor=old, successor=new, took_effect_on=dt.date(2017, 2, 1))
    together = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    PartnershipMember.objects.create(partnership=together, member=new, starts_on=dt.date(2016, 1, 1))
    for body in (old, new, new, CommissionerFactory()):
        for _ in range(rng.randint(1, 3)):
            person = PersonFactory(
                commissioner=body,
                born_on=DAY - dt.timedelta(days=rng.choice([0, 6574, 6575, 9131, 20_000, 31_046, 31_047])),
                sex=rng.choice(Sex.values),
                ethnic_category=rng.choice(EthnicCategory.values),
                postcode=rng.choice(["", "ZZ1 1AA", "ZZ1 1AB", "ZZ2 1AA", "ZZ9 9ZZ"]),
                gp_practice=rng.choice(["", "Z99901", "Z99902", "Z99903"]),
            )
            for code in rng.sample(["chc", "wheelchair"], rng.randint(1, 2)):
                started = rng.choice(
                    [EARLIER, EARLIER if body is old else DAY, EARLIER if body is old else DAY + ONE_DAY]
                )
                ended = rng.choice([None, None, max(started, DAY), max(started, DAY + ONE_DAY)])
                lives_in = rng.choice(["home", "care_home"])
                make_spell(body, person=person, cohort_code=code, started_on=started, ended_on=ended, lives_in=lives_in)
    make_areas(together, OWN)
    make_areas(together, OLDER, applies_from=dt.date(2014, 4, 1))
    make_areas(new, PRACTICES)
    return new, together


class EveryGroup(TestCase):
    @settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))
    @given(seed=st.integers(0, 10**6))
    def test_has_as_many_people_as_a_loop_over_the_register(self, seed):
        body, _ = a_register(Random(seed))
        scope = counted(body, DAY)
        phbs = PersonalHealthBudget.objects.filter(commissioner__in=bodies_counted(body, DAY))
        every = list(phbs.select_related("person", "cohort"))
        chc = cohort("chc")
        at_home = [each for each in every if each.cohort == chc and each.lives_in == "home"]
        for which, expected in ((None, naive(every, DAY)), (chc, naive(at_home, DAY))):
            people = people_in_place(scope, which)
            found = counted_by_group(people, scope)
            for each in Characteristic:
                assert +Counter(found[each]) == expected[each]
                assert sum(found[each].values()) == people.count()
                for group, number in list(expected[each].items())[:1]:
                    assert people_of_group(people, scope, each, group).count() == number
