"""The ledger: what was shown once is shown ever after, and what was shown before guards what is shown next."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from phb_register import clock
from phb_register.disclosure import STAR, Sum
from phb_register.models import Commissioner, CommissionerSettings, PartnershipMember
from reporting.ledger import Counts
from reporting.models import FigureRelease, ReleasedCell
from reporting.selectors.releases import would_show
from reporting.services.releases import restate, shown
from tests.factories.phb_register import CommissionerFactory, UserFactory

pytestmark = pytest.mark.django_db
JULY, AUGUST, SEPTEMBER, OCTOBER = (dt.date(2026, month, day) for month, day in ((7, 31), (8, 31), (9, 30), (10, 31)))
YEAR = (dt.date(2026, 4, 1), dt.date(2027, 3, 31))


def table(total, **parts):
    """A number in place by cohort."""
    values = {"in_place": total, **{f"by/{key}": value for key, value in parts.items()}}
    return Counts(values, [Sum("in_place", tuple(values)[1:])], headlines=["in_place"], adds_up=values.keys())


def to_date(number):
    """People in the year so far, which only grows."""
    return Counts({"so_far": number}, to_date={"so_far": YEAR}, adds_up=["so_far"])


def show(commissioner, as_at, counts, part="uptake", **kwargs):
    found = shown(commissioner, as_at, part, purpose="test", to=None, count=lambda: counts, **kwargs)
    return {key: cell.text for key, cell in found.cells.items()}


def never():
    raise AssertionError("What was shown is not counted again")


@pytest.fixture
def icb():
    return CommissionerFactory()


def test_figures_are_fixed_when_they_are_first_shown(icb):
    first = show(icb, AUGUST, table(30, chc=20, ld=10))
    assert first == {"in_place": "30", "by/chc": "20", "by/ld": "10"}
    again = shown(icb, AUGUST, "uptake", purpose="file", to=None, count=never)
    assert {key: cell.text for key, cell in again.cells.items()} == first
    assert FigureRelease.objects.get().purpose == "test"


def test_growth_by_few_people_hides_the_later_number_until_it_is_large_enough(icb):
    assert show(icb, JULY, to_date(40)) == {"so_far": "40"}
    assert show(icb, AUGUST, to_date(43)) == {"so_far": STAR}
    assert show(icb, SEPTEMBER, to_date(45)) == {"so_far": "45"}
    # Forward or backward in time: between July and September readers know both ends.
    assert show(icb, dt.date(2026, 6, 30), to_date(38)) == {"so_far": STAR}
    # Nobody came: the number of then is the one of now, which is known.
    assert show(icb, OCTOBER, to_date(45)) == {"so_far": "45"}


def test_growth_is_not_compared_across_years(icb):
    show(
        icb,
        dt.date(2026, 3, 31),
        Counts({"so_far": 40}, to_date={"so_far": (dt.date(2025, 4, 1), dt.date(2026, 3, 31))}),
    )
    assert show(icb, dt.date(2026, 4, 30), to_date(38)) == {"so_far": "38"}


def test_numbers_that_flow_from_one_date_to_the_next_are_guarded_with_both(icb):
    show(icb, JULY, Counts({"in_place": 50}))
    later = Counts(
        {"in_place": 58, "began": 11, "ended": 3},
        [Sum("in_place", ("in_place@2026-07-31", "began"), ("ended",))],
        headlines=["in_place"],
    )
    assert show(icb, AUGUST, later) == {"in_place": "58", "began": STAR, "ended": STAR}


def test_number_that_nobody_was_shown_is_guarded_when_it_is(icb):
    later = Counts(
        {"in_place": 32, "began": 19, "ended": 2, "in_place@2026-07-31": 15},
        [Sum("in_place", ("in_place@2026-07-31", "began"), ("ended",))],
        unseen={"in_place@2026-07-31"},
        headlines=["in_place"],
    )
    assert show(icb, AUGUST, later) == {"in_place": "32", "began": "19", "ended": STAR}
    assert show(icb, JULY, Counts({"in_place": 15})) == {"in_place": STAR}


def test_part_uses_the_numbers_of_another_part_as_they_were_shown(icb):
    show(icb, AUGUST, table(30, chc=27, ld=3))
    by_sex = Counts({"sex/f": 20, "sex/m": 10}, [Sum("in_place", ("sex/f", "sex/m"))])
    assert show(icb, AUGUST, by_sex, part="equity") == {"sex/f": "20", "sex/m": "10"}
    # Adults are everybody but those with learning disabilities: the two stars would be told.
    telling = Counts(
        {"adults": 27, "children": 3}, [Sum("in_place", ("adults", "children")), Sum("by/chc", ("adults",))]
    )
    assert show(icb, AUGUST, telling, part="age") == {"adults": STAR, "children": STAR}


def test_number_that_another_part_showed_stays_as_it_was_shown(icb):
    show(icb, AUGUST, table(30, chc=20, ld=10))
    assert show(icb, AUGUST, Counts({"in_place": 33, "agreed": 7}), part="later") == {"in_place": "30", "agreed": "7"}


def test_star_is_not_told_by_a_sum_that_comes_later(icb):
    show(icb, AUGUST, table(12, chc=9, ld=3))
    later = Counts({"elderly": 9, "young": 0}, [Sum("by/chc", ("elderly", "young"))])
    assert show(icb, AUGUST, later, part="age") == {"elderly": STAR, "young": "0"}


@pytest.fixture
def partnership():
    whole = CommissionerFactory(kind="partnership")
    members = [CommissionerFactory(), CommissionerFactory()]
    for member in members:
        PartnershipMember.objects.create(partnership=whole, member=member, starts_on=dt.date(2020, 4, 1))
    return whole, *members


def test_partnership_does_not_tell_what_is_hidden_of_a_member(partnership):
    whole, first, second = partnership
    show(first, AUGUST, table(14, chc=11, ld=3))
    show(second, AUGUST, table(40, chc=30, ld=10))
    found = show(whole, AUGUST, table(54, chc=41, ld=13))
    assert found == {"in_place": "54", "by/chc": STAR, "by/ld": STAR}


def test_member_does_not_tell_what_is_hidden_of_the_other(partnership):
    whole, first, second = partnership
    show(whole, AUGUST, table(54, chc=41, ld=13))
    assert show(first, AUGUST, table(40, chc=30, ld=10))["by/ld"] == STAR, "the rest are three"
    assert show(second, AUGUST, table(14, chc=11, ld=3)) == {"in_place": "14", "by/chc": STAR, "by/ld": STAR}


def test_number_that_readers_worked_out_already_is_no_star(partnership):
    """It would hide nothing, and protect nothing that stands beside it."""
    whole, first, second = partnership
    for body, number in ((whole, 20), (first, 12)):
        show(body, AUGUST, Counts({"by/ld": number}, adds_up=["by/ld"]))
    assert show(second, AUGUST, table(10, chc=2, ld=8)) == {"in_place": STAR, "by/chc": STAR, "by/ld": "8"}


def test_growth_of_a_partnership_and_of_a_member_does_not_tell_of_the_other(partnership):
    whole, first, _ = partnership
    for body, as_at, number in ((whole, JULY, 40), (first, JULY, 20), (whole, AUGUST, 62)):
        assert show(body, as_at, to_date(number)) == {"so_far": f"{number}"}
    assert show(first, AUGUST, to_date(39)) == {"so_far": STAR}, "the other grew by three"
    assert show(first, SEPTEMBER, to_date(41)) == {"so_far": "41"}


def test_members_of_england_are_guarded_alike(icb):
    england = Commissioner.objects.get(code="ENG")
    show(england, AUGUST, table(54, chc=41, ld=13))
    assert show(icb, AUGUST, table(40, chc=30, ld=10)) == {"in_place": "40", "by/chc": STAR, "by/ld": STAR}


def test_partnership_and_england_do_not_tell_of_the_rest_of_england(partnership):
    whole, *_ = partnership
    show(whole, AUGUST, table(40, chc=30, ld=10))
    england = Commissioner.objects.get(code="ENG")
    assert show(england, AUGUST, table(54, chc=41, ld=13)) == {"in_place": "54", "by/chc": STAR, "by/ld": STAR}


def test_england_and_partnership_do_not_tell_of_the_rest_of_england(partnership):
    whole, *_ = partnership
    show(Commissioner.objects.get(code="ENG"), AUGUST, table(54, chc=41, ld=13))
    assert show(whole, AUGUST, table(40, chc=30, ld=10)) == {"in_place": "40", "by/chc": STAR, "by/ld": STAR}


@pytest.fixture
def england(icb):
    """England of three bodies: all others were closed before."""
    second, third = CommissionerFactory(), CommissionerFactory()
    for each in Commissioner.objects.exclude(kind__in=["nation", "partnership"]):
        if each not in (icb, second, third):
            each.closed_on = max(each.opened_on, JULY)
            each.save()
    return Commissioner.objects.get(code="ENG"), icb, second, third


def test_england_hides_what_the_sum_of_its_members_would_tell(england):
    nation, first, second, third = england
    # Everybody sees by/ld of all three: England's 27 is known, and no star protects its three with it.
    show(first, AUGUST, table(23, chc=20, ld=3))
    for body in (second, third):
        show(body, AUGUST, table(30, chc=20, ld=10))
    assert show(nation, AUGUST, table(83, chc=60, ld=23)) == {"in_place": "83", "by/chc": STAR, "by/ld": STAR}


def test_last_member_does_not_tell_a_star_of_england(england):
    nation, first, second, third = england
    assert show(nation, AUGUST, table(33, chc=30, ld=3))["by/chc"] == STAR
    show(first, AUGUST, Counts({"by/chc": 10}, adds_up=["by/chc"]))
    show(second, AUGUST, Counts({"by/chc": 9}, adds_up=["by/chc"]))
    assert show(third, AUGUST, Counts({"by/chc": 11}, adds_up=["by/chc"])) == {"by/chc": STAR}


def test_england_less_two_partnerships_does_not_tell_of_the_rest(england):
    nation, *members = england
    for body, number in zip(members[:2], (10, 20), strict=True):
        whole = CommissionerFactory(kind="partnership")
        PartnershipMember.objects.create(partnership=whole, member=body, starts_on=dt.date(2020, 4, 1))
        PartnershipMember.objects.create(partnership=whole, member=CommissionerFactory(), starts_on=dt.date(2020, 4, 1))
        assert show(whole, AUGUST, Counts({"by/ld": number}, adds_up=["by/ld"])) == {"by/ld": f"{number}"}
    assert show(nation, AUGUST, Counts({"by/ld": 33}, adds_up=["by/ld"])) == {"by/ld": STAR}, "the third has three"


def test_profile_is_the_commissioners_and_holds_for_what_is_shown_next(icb):
    assert show(icb, JULY, table(13, chc=7, ld=6)) == {"in_place": "13", "by/chc": "7", "by/ld": "6"}
    choose(icb, "1-to-7")
    assert show(icb, AUGUST, table(33, chc=20, ld=13)) == {"in_place": "35", "by/chc": "20", "by/ld": "15"}
    assert show(icb, JULY, table(1)) == {"in_place": "13", "by/chc": "7", "by/ld": "6"}


def choose(commissioner, profile):
    CommissionerSettings.objects.update_or_create(commissioner=commissioner, defaults={"disclosure_profile": profile})


def test_stars_of_the_stricter_profile_hold_when_it_is_given_up(icb):
    choose(icb, "1-to-7")
    assert show(icb, AUGUST, table(36, chc=20, ld=10, s117=6))["by/s117"] == STAR
    choose(icb, "1-to-4")
    # Six may be shown now; not this six, nor what would tell it.
    later = Counts({"young": 6, "old": 30}, [Sum("by/s117", ("young",)), Sum("in_place", ("young", "old"))])
    assert show(icb, AUGUST, later, part="age") == {"young": STAR, "old": STAR}
    assert show(icb, SEPTEMBER, table(36, chc=20, ld=10, s117=6))["by/s117"] == "6"


def test_stricter_profile_guards_what_it_calls_few_beside_what_was_shown_before(icb):
    assert show(icb, JULY, to_date(40)) == {"so_far": "40"}
    choose(icb, "1-to-7")
    assert show(icb, AUGUST, to_date(46)) == {"so_far": STAR}
    assert show(icb, SEPTEMBER, to_date(48)) == {"so_far": "50"}


def test_preview_fixes_nothing(icb):
    found = would_show(icb, AUGUST, table(12, chc=9, ld=3))
    assert [cell.text for cell in found.cells.values()] == ["12", STAR, STAR]
    assert not FigureRelease.objects.exists()


def test_database_keeps_what_was_shown(icb):
    show(icb, AUGUST, table(12, chc=9, ld=3))
    cell = ReleasedCell.objects.get(key="by/ld")
    for change in ({"value": 4}, {"state": "shown"}):
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            ReleasedCell.objects.filter(pk=cell.pk).update(**change)
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        FigureRelease.objects.all().delete()
    with pytest.raises(IntegrityError, match="never_small"), transaction.atomic():
        ReleasedCell.objects.create(
            release=cell.release, commissioner=icb, as_at=AUGUST, key="other", value=4, state="shown"
        )
    with pytest.raises(IntegrityError, match="released_cell_once"), transaction.atomic():
        ReleasedCell.objects.create(
            release=cell.release, commissioner=icb, as_at=AUGUST, key="by/ld", value=30, state="shown"
        )


def test_release_says_to_whom_and_what_for(icb):
    reader = UserFactory()
    shown(icb, AUGUST, "uptake", purpose="dashboard", to=reader, count=lambda: table(30, chc=20, ld=10))
    release = FigureRelease.objects.get()
    assert (release.shown_to, release.purpose, release.profile, release.number) == (reader, "dashboard", "1-to-4", 1)


def test_restatement_shows_what_changed_with_its_reason_and_keeps_the_first(icb):
    show(icb, AUGUST, table(32, chc=20, ld=9, s117=3))
    kwargs = {"purpose": "test", "to": None, "reason": "Three came late", "known_at": clock.now()}
    for _ in range(2):
        again = restate(icb, AUGUST, "uptake", count=lambda: (table(35, chc=23, ld=9, s117=3), None), **kwargs)
    assert {key: cell.text for key, cell in again.cells.items()} == {
        "in_place": "35", "by/chc": "23", "by/ld": STAR, "by/s117": STAR,
    }  # fmt: skip
    assert (again.number, again.reason) == (2, "Three came late")
    first, second = FigureRelease.objects.order_by("number")
    assert {cell.key: cell.value for cell in first.cells.all()} == {
        "in_place": 32, "by/chc": 20, "by/ld": 9, "by/s117": 3,
    }  # fmt: skip
    assert {cell.key: cell.value for cell in second.cells.all()} == {"in_place": 35, "by/chc": 23}


def test_restatement_does_not_show_what_was_hidden(icb):
    """Who knows both tables would know that it had been few."""
    show(icb, AUGUST, table(32, chc=20, ld=9, s117=3))
    again = restate(
        icb, AUGUST, "uptake", purpose="test", to=None, reason="More came late", known_at=clock.now(),
        count=lambda: (table(38, chc=20, ld=9, s117=9), None),
    )  # fmt: skip
    assert [cell.text for cell in again.cells.values()] == ["38", "20", STAR, STAR]


def test_part_restates_no_number_that_another_part_restated(icb):
    for part in ("uptake", "equity"):
        show(icb, AUGUST, Counts({"in_place": 20, f"{part}/all": 20}), part=part)
    kwargs = {"purpose": "test", "to": None, "reason": "Some came late", "known_at": clock.now()}
    for part, number in (("uptake", 30), ("equity", 40)):
        counts = Counts({"in_place": number, f"{part}/all": number})
        again = restate(icb, AUGUST, part, count=lambda counts=counts: (counts, None), **kwargs)
    assert {key: cell.text for key, cell in again.cells.items()} == {"in_place": "30", "equity/all": "40"}
