"""Every figure on every page of reporting leads to exactly its people, or its page says why it does not."""

import datetime as dt
import re
from unittest import mock

import pytest
from django.urls import reverse

from budgets.models import OutcomeRating, OutcomeScale, PersonalHealthBudget
from phb_register.roles import Role
from reporting.models import Snapshot
from reporting.rules.quarters import Quarter
from reporting.services.returns import record_window, submit
from reporting.services.snapshots import freeze
from tests.factories.eligibility import make_team
from tests.factories.equity import count_groups, make_areas
from tests.factories.pathway import bare_decision, bare_offer, bare_referral, bare_review, bare_screening
from tests.factories.phb_register import CommissionerFactory, PersonFactory, PopulationFactory, UserFactory
from tests.factories.reporting import EligiblePopulationFactory, TargetFactory, make_spell
from tests.support.figures_of_pages import figures_of, words_of
from tests.support.module_rows import rows_of_a_module

pytestmark = pytest.mark.django_db
TODAY = dt.date(2017, 7, 14)
QUARTER = Quarter(2017, 1)


@pytest.fixture(autouse=True)
def on_a_day():
    with mock.patch("phb_register.clock.today", return_value=TODAY):
        yield


@pytest.fixture(scope="module")
def partnership(django_db_setup, django_db_blocker):
    with rows_of_a_module(django_db_blocker), mock.patch("phb_register.clock.today", return_value=TODAY):
        yield make_partnership()


def make_partnership():
    """Two members with budgets of several kinds, the way to them, and what they are measured against."""
    found = CommissionerFactory(kind="partnership", name="Testing partnership", opened_on=dt.date(2013, 4, 1))
    by = UserFactory()
    record_window(
        by=None, quarter=QUARTER, opens_on=dt.date(2017, 7, 3), closes_on=dt.date(2017, 7, 24), source="A test"
    )
    make_areas(found, "postcode,quintile,locality\nZZ1 1AA,1,North\n")
    kinds = (
        {"cohort_code": "chc", "methods": ("notional",)},
        {"cohort_code": "wheelchair", "methods": ("direct_payment",), "nhs_percent": 60},
        {"cohort_code": "chc", "methods": ("third_party",), "is_fast_track": True, "is_one_off": True},
    )
    for name in ("North", "South"):
        member = CommissionerFactory(name=f"{name} ICB", opened_on=dt.date(2013, 4, 1))
        found.members.create(member=member, starts_on=dt.date(2013, 4, 1))
        measure_against(member)
        scale = OutcomeScale.objects.create(
            commissioner=member, code="sleep", name="Sleep", question="How do you sleep?", asked_of="holder",
            levels=["A", "B", "C"], direction="last_is_best", active_from=dt.date(2013, 4, 1), written_by=by,
        )  # fmt: skip
        for place in range(7):
            person = PersonFactory(
                commissioner=member,
                born_on=dt.date(2010, 5, 5) if place == 3 else dt.date(1960, 1, 1),
                sex="female" if place % 2 else "male",
                postcode="ZZ1 1AA" if place < 3 else "",
            )
            ask(member, person, place, by)
            started = dt.date(2017, 1, 10) + dt.timedelta(days=29 * place)
            phb = make_spell(
                member,
                person=person,
                by=by,
                agreed_on=started,
                started_on=None if place == 6 else started,
                ended_on=started + dt.timedelta(days=70) if place == 2 else None,
                **kinds[place % 3],
            )
            PersonalHealthBudget.objects.filter(pk=phb.pk).update(previous_annual_amount=1500 if place != 1 else None)
            if place < 2:
                rate(phb, scale, place, by)
        submit(commissioner=member, quarter=QUARTER, by=make_team(member), reason="Right all the same")
    measure_against(found)
    return found


def measure_against(commissioner):
    PopulationFactory(commissioner=commissioner, people=10_000, counted_on=dt.date(2016, 1, 1))
    EligiblePopulationFactory(commissioner=commissioner)
    TargetFactory(commissioner=commissioner)
    count_groups(commissioner, "sex", {"female": 5_000, "male": 5_000})


def ask(member, person, place, by):
    """The way to a budget, as far as it went."""
    received_on = dt.date(2017, 4, 3) + dt.timedelta(days=7 * place)
    referral = bare_referral(member, person, received_on, by)
    bare_screening(referral, received_on, "right_to_have", by)
    if place:
        bare_decision(
            referral, received_on + dt.timedelta(days=25 + place), "declined" if place == 4 else "accepted", by
        )
    if place < 4:
        responses = ("accepted", "declined", "not_now", "not_answered")
        bare_offer(member, person, dt.date(2017, 5, 2), by, response=responses[place], answered_after=9)


def rate(phb, scale, place, by):
    """What they said before, and at a review."""
    due_on = dt.date(2017, 5, 1)
    review = bare_review(phb, due_on + dt.timedelta(days=3 * place), by, due_on=due_on)
    for level, held in ((1, None), (3 - place * 2, review)):
        OutcomeRating.objects.create(phb=phb, scale=scale, review=held, level=level, rated_on=due_on, recorded_by=by)


#: Why a number leads to nobody: of the tables and columns, or of tiles, whose names these are, and what the page says.
WORKED_OUT = "no list stands behind them"
WHY_NOT = (
    (
        "dashboard",
        "^(Rate per 1,000|Still needed|Above the lower)",
        "",
        f"and people eligible are entered with their source: {WORKED_OUT}",
    ),
    ("dashboard", "^Each commissioner", "^(Population|Per 1,000 people)$", "Rates, shares and gaps are worked out"),
    ("dashboard", "^Uptake of budgets", "^(People eligible|Uptake)$", "so no list stands behind them"),
    (
        "dashboard",
        "over time$|^Personal health budgets in place",
        "^(Likely|Planned)$",
        "targets, populations and people",
    ),
    ("pace", "", "^(Likely|Planned|Number|Low|High|Expected)", "and what is expected or needed is worked out"),
    (
        "variation",
        "latest month first$",
        "^(Mean|Lower limit|Upper limit|Change in)",
        "Means, limits, changes and rates",
    ),
    ("variation", "^Year on year", "^More than a year before$", "Means, limits, changes and rates"),
    ("variation", "highest first$", "^(Budgets in place per|CHC uptake, %)", "Means, limits, changes and rates"),
    ("variation", "highest first$", "^(Population|People eligible)", "are counts entered with their source"),
    ("pathway", "^Calendar days", "quartile$|^Median$|^Mean$", "are those of the days in the list behind “How many”"),
    ("pathway", "^Saving a year", "^Figure$", "are worked out from the list behind the saving"),
    ("equity", "", "^(Of all|Of those|Per 1,000|95%|Times|Better, of)", "Shares, rates, intervals and comparisons"),
    ("equity", "", "^(Population|People eligible)$", "is a count entered with its source"),
    ("return-changes", "^What changed", "^Before$", "those of before are on the return of"),
    ("snapshot", "^Figures as they were frozen", "^Value$", "so no list stands behind them here"),
    ("compare-snapshots", "", "^(Before|After|Difference)$", "the budgets that changed stand below"),
)
PAGES = {
    "dashboard": (),
    "pace": (),
    "variation": (),
    "pathway": (),
    "equity": (),
    "return": (QUARTER.code,),
    "return-changes": (QUARTER.code, "quarter_end"),
    "summed-return": (QUARTER.code,),
    "summed-return-parts": (QUARTER.code, "quarter_end-total-everybody"),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_leads_to_exactly_its_people_or_says_why_not(client, partnership, name):
    client.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=partnership))
    # A return is of one commissioner; the other pages of a partnership have all that a commissioner's have, and more.
    commissioner = partnership.members.first().member if name in ("return", "return-changes") else partnership
    check_figures(client, name, commissioner, *PAGES[name])


def test_frozen_figures_say_why_they_lead_nowhere(client, partnership):
    member = partnership.members.first().member
    client.force_login(make_team(member))
    latest = Snapshot.objects.get(commissioner=member)
    earlier = freeze(commissioner=member, as_at=dt.date(2017, 5, 31), by=latest.frozen_by)
    check_figures(client, "snapshot", member, latest.reference)
    compared = {"before": earlier.reference, "after": latest.reference}
    check_figures(client, "compare-snapshots", member, **compared)


@pytest.mark.parametrize("name", ["dashboard", "pace", "variation", "pathway", "equity", "return", "summed-return"])
def test_whoever_may_not_see_people_gets_no_links_and_is_told(client, partnership, name):
    member = partnership.members.first().member
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=member))
    of = member
    if name == "summed-return":
        client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=partnership))
        of = partnership
    query = {"as_at": "2017-06-30"} if "return" not in name else {}
    answer = client.get(reverse(f"reporting:{name}", args=[of.code, *PAGES[name]]), query)
    found = set(figures_of(answer.text))
    assert found
    assert not [figure for figure in found if "/people/" in figure.address]
    assert "You do not get links to the people behind a figure" in words_of(answer.text)


def test_so_does_every_figure_of_a_part(client, partnership):
    """Of the equity lens; the filters of the other pages have tests of their own."""
    client.force_login(UserFactory(role=Role.PHB_TEAM, role__commissioner=partnership))
    found = check_figures(client, "equity", partnership, age_group="adults", funding="nhs", as_at="2017-06-20")
    assert any("funding=nhs" in figure.address for figure in found)


def check_figures(client, name, commissioner, *arguments, **query):
    """Every figure of a page: they are given back."""
    answer = client.get(reverse(f"reporting:{name}", args=[commissioner.code, *arguments]), query)
    assert answer.status_code == 200
    said, found = words_of(answer.text), set(figures_of(answer.text))
    assert found
    left = set()
    for figure in found:
        if figure.address:
            count = rows_behind(client, figure.address)
            assert figure.number is None or count in (None, figure.number), figure
        elif figure.number != 0 and not says_why_not(name, figure, said):
            left.add((figure.where, figure.column, figure.text))
    assert not left, "\n".join(map(str, sorted(left)))
    return found


def rows_behind(client, address):
    """How many rows the list behind a figure has; None where it is a page of figures that lead on."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = answer.context.get("page")
    return page.paginator.count if page is not None else None


def says_why_not(name, figure, said):
    return any(
        name == of and re.search(where, figure.where) and re.search(column, figure.column) and sentence in said
        for of, where, column, sentence in WHY_NOT
    )
