"""Which offer holds for whom, and the LLR timeline that arrives with `migrate`."""

import datetime as dt

import pytest

from offers import reference
from offers.enums import LineStatus
from offers.models import Cohort, LocalOffer, OfferLine, Phase
from offers.selectors import LineOnOffer, offer_for, offer_lines_for
from phb_register.models import Commissioner, CommissionerKind, PartnershipMember, Succession
from tests.factories.offers import LocalOfferFactory, OfferLineFactory, PhaseFactory
from tests.factories.phb_register import CommissionerFactory

pytestmark = pytest.mark.django_db

D = dt.date


def llr(code: str) -> Commissioner:
    return Commissioner.objects.get(code=code)


@pytest.mark.parametrize("code", ["LLR", "04C", "04V", "03W", "QK1"])
def test_llr_offer_holds_for_the_partnership_its_members_and_their_successor(code: str) -> None:
    offer = offer_for(llr(code))
    assert offer is not None
    assert offer.slug == "leicester-leicestershire-and-rutland"


@pytest.mark.parametrize("code", ["11X", "QSL"])
def test_somerset_offer_holds_for_it_and_its_successor(code: str) -> None:
    lines = offer_lines_for(llr(code))
    assert [(each.phase_name, each.cohort_code, each.status) for each in lines] == SOMERSET_LINES
    assert [each.starts_on for each in lines] == [D(2017, 4, 1)] * 5 + [None] * 3


@pytest.mark.parametrize("code", ["36J", "QWO"])
def test_llr_offer_holds_for_nobody_else(code: str) -> None:
    assert offer_for(llr(code)) is None
    assert offer_lines_for(llr(code)) == []


# Appendix I and paragraphs 17, 19, 21, 22 and 42 of the paper, read by hand.
LLR_LINES = {
    ("2015/16", "chc", "live", D(2015, 4, 1)),
    ("2015/16", "continuing-care", "live", D(2015, 4, 1)),
    ("2016/17", "ld-autism-adult", "live", D(2016, 4, 1)),
    ("2016/17", "ld-autism-child", "proposed", D(2016, 4, 1)),
    ("2017/18", "mental-health", "scoping", D(2017, 4, 1)),
    ("2017/18", "s117", "planned", D(2017, 4, 1)),
    ("2017/18", "wheelchair", "planned", D(2017, 4, 1)),
    ("2017/18", "ehc-plan", "scoping", D(2017, 4, 1)),
    ("2018/19", "long-term-condition", "scoping", D(2018, 4, 1)),
    ("2018/19", "services-not-working", "scoping", D(2018, 4, 1)),
}

# Sections 2.1, 2.2 and 2.6 to 2.8 of Somerset's paper, read by hand.
SOMERSET_LINES = [
    ("Phase 1", "chc", "live"),
    ("Phase 1", "continuing-care", "live"),
    ("Phase 1", "end-of-life", "planned"),
    ("Phase 1", "ld-autism-adult", "planned"),
    ("Phase 1", "long-term-condition", "scoping"),
    ("Phase 2", "young-people-diabetes", "proposed"),
    ("Phase 2", "mental-health", "proposed"),
    ("Phase 3", "ehc-plan", "proposed"),
]


# Sections 1, 5 and 6 of Surrey's briefing, read by hand: phases with dates, and one without.
SURREY_LINES = [
    ("Phase 1", "chc", "live", D(2013, 12, 1)),
    ("Phase 2", "chc", "planned", D(2014, 4, 1)),
    ("Phase 2", "chc", "planned", D(2014, 4, 1)),
    ("Phase 3", "chc", "planned", D(2014, 10, 1)),
    ("Wider roll-out", "long-term-condition", "proposed", None),
]


@pytest.mark.parametrize("code", ["SURREY", "99H", "QXU"])
def test_surrey_offer_holds_for_the_partnership_its_members_and_their_successor(code: str) -> None:
    lines = offer_lines_for(llr(code))
    assert [(each.phase_name, each.cohort_code, each.status, each.starts_on) for each in lines] == SURREY_LINES


def test_llr_lines_are_those_of_the_paper() -> None:
    lines = offer_lines_for(llr("04C"))
    assert {(each.phase_name, each.cohort_code, each.status, each.starts_on) for each in lines} == LLR_LINES
    assert len(lines) == 11
    assert all(each.ends_on is None and "Appendix I" in each.source for each in lines)


def test_llr_two_groups_of_adults_with_a_learning_disability_are_told_apart() -> None:
    lines = offer_lines_for(llr("04V"), "ld-autism-adult")
    assert [("(b)" in each.source, "(c)" in each.source) for each in lines] == [(True, False), (False, True)]
    assert lines[0].note != lines[1].note


def test_llr_last_year_goes_on_with_everything() -> None:
    phase = Phase.objects.get(name="2019/20")
    assert phase.continues_earlier
    assert not phase.lines.exists()


def test_cohorts_are_those_the_papers_name() -> None:
    assert list(Cohort.objects.values_list("code", flat=True)) == [
        "chc", "continuing-care", "ld-autism-adult", "ld-autism-child", "s117", "wheelchair", "ehc-plan",
        "mental-health", "long-term-condition", "end-of-life", "services-not-working", "young-people-diabetes",
    ]  # fmt: skip


def test_reference_data_again_changes_nothing_that_users_edited() -> None:
    Cohort.objects.filter(code="chc").update(name="Edited")
    LocalOffer.objects.update(title="Edited")
    OfferLine.objects.filter(cohort__code="s117").delete()
    lines = OfferLine.objects.count()
    reference.load_cohorts()
    reference.load_reference_offers()
    assert Cohort.objects.count() == 12
    assert Cohort.objects.get(code="chc").name == "Edited"
    assert set(LocalOffer.objects.values_list("title", flat=True)) == {"Edited"}
    assert OfferLine.objects.count() == lines


def test_reference_data_adds_what_is_missing() -> None:
    Cohort.objects.filter(code="end-of-life").update(code="another", name="Another")
    reference.load_cohorts()
    assert Cohort.objects.filter(code="end-of-life").exists()


def test_successor_goes_on_with_an_offer_only_where_one_predecessor_made_one() -> None:
    successor = CommissionerFactory()
    first, second = CommissionerFactory(), CommissionerFactory()
    for predecessor in (first, second):
        Succession.objects.create(predecessor=predecessor, successor=successor, took_effect_on=D(2020, 4, 1))
    offer = LocalOfferFactory(commissioner=first)
    assert offer_for(successor) == offer
    LocalOfferFactory(commissioner=second)
    assert offer_for(successor) is None


def test_own_offer_comes_before_the_partnerships() -> None:
    member = llr("QK1")
    own = LocalOfferFactory(commissioner=member)
    assert offer_for(member) == own


def test_partnership_of_the_day_comes_before_an_earlier_one() -> None:
    member = CommissionerFactory()
    offers = {}
    for name, starts_on, ends_on in [("old", D(2014, 4, 1), D(2016, 4, 1)), ("new", D(2016, 4, 1), None)]:
        partnership = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
        PartnershipMember.objects.create(partnership=partnership, member=member, starts_on=starts_on, ends_on=ends_on)
        offers[name] = LocalOfferFactory(commissioner=partnership)
    assert offer_for(member, D(2016, 3, 31)) == offers["old"]
    assert offer_for(member, D(2016, 4, 1)) == offers["new"]
    assert offer_for(member) == offers["new"]


def test_successor_s_offer_holds_where_there_is_no_other() -> None:
    closed, heir = CommissionerFactory(), CommissionerFactory()
    Succession.objects.create(predecessor=closed, successor=heir, took_effect_on=D(2020, 4, 1))
    offer = LocalOfferFactory(commissioner=heir)
    assert offer_for(closed) == offer


def test_lines_take_the_phase_s_start_unless_they_have_their_own() -> None:
    phase = PhaseFactory(starts_on=D(2016, 4, 1))
    first = OfferLineFactory(phase=phase, position=1)
    second = OfferLineFactory(phase=phase, starts_on=D(2016, 10, 1), ends_on=D(2017, 4, 1), position=2)
    assert offer_lines_for(phase.local_offer.commissioner) == [
        LineOnOffer(first.cohort.code, LineStatus.LIVE, D(2016, 4, 1), None, "", "", phase.name),
        LineOnOffer(second.cohort.code, LineStatus.LIVE, D(2016, 10, 1), D(2017, 4, 1), "", "", phase.name),
    ]
    assert [each.cohort_code for each in offer_lines_for(phase.local_offer.commissioner, second.cohort)] == [
        second.cohort.code
    ]


def test_lines_of_a_phase_without_a_date_have_none() -> None:
    line = OfferLineFactory()
    assert offer_lines_for(line.phase.local_offer.commissioner)[0].starts_on is None


def test_offer_lines_are_read_in_few_queries(django_assert_max_num_queries: object) -> None:
    commissioner = llr("QK1")
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        offer_lines_for(commissioner)
