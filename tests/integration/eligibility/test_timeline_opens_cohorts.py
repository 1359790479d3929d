"""A line of the local offer going live opens its cohort to screening: on its day, and once it is published."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.models import Screening
from eligibility.rules import Outcome
from eligibility.selectors.rule_sets import rule_book
from eligibility.services.rule_sets import create_rule_set
from offers.models import Cohort, LocalOffer
from offers.selectors.timeline import details_of
from offers.services.cohorts import add_cohort
from offers.services.editions import withdraw
from offers.services.timeline import save_timeline
from phb_register.models import User
from tests.factories.eligibility import NOTHING, make_referral, make_team
from tests.factories.offers import LocalOfferFactory, published_edition
from tests.factories.rule_sets import in_days, make_approved, make_approver

pytestmark = pytest.mark.django_db

FACTS = NOTHING | {"autism": True}


@pytest.fixture
def offer() -> LocalOffer:
    return LocalOfferFactory(slug="fourthshire")


@pytest.fixture
def team(offer: LocalOffer) -> User:
    return make_team(offer.commissioner)


@pytest.fixture
def cohort(offer: LocalOffer, team: User) -> Cohort:
    """A cohort of the offer's own, whose rule set holds from tomorrow."""
    own = add_cohort(offer=offer, name="Autistic young adults", description="Who ask.", by=team)
    rule_set = create_rule_set(commissioner=offer.commissioner, title="Autistic young adults", cohort=own, by=team)
    make_approved(rule_set, by=team, approver=make_approver(offer.commissioner))
    return own


@pytest.fixture
def writing(client: Client, team: User) -> Client:
    client.force_login(team)
    return client


def boxes(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def write_line(client: Client, cohort: Cohort, **line: str) -> None:
    """Enter one phase without a year and one line, as the sheet sends them."""
    data = {"version": "1", "phases": "new0", "lines": "new0", "phases-new0-name": "First"}
    data |= {f"lines-new0-{name}": value for name, value in {"phase": "new0", "cohort": cohort.code, **line}.items()}
    assert client.post(reverse("offers:timeline", args=["fourthshire"]), data).status_code == 302


def outcome(offer: LocalOffer, on: dt.date) -> Outcome:
    return rule_book(offer.commissioner, on).screen(facts=FACTS, born_on=dt.date(2000, 1, 1)).outcome


def test_referral_before_and_on_the_day_a_line_goes_live(
    writing: Client, offer: LocalOffer, team: User, cohort: Cohort, time_machine
) -> None:
    opens = in_days(30)
    write_line(writing, cohort, status="live", **boxes("starts_on", opens))
    found = []
    for day in (opens - dt.timedelta(days=1), opens):
        time_machine.move_to(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC))
        referral = make_referral(offer.commissioner, received_on=day, facts=FACTS)
        found.append(Screening.objects.get(referral=referral))
    assert [each.outcome for each in found] == ["not_yet_offered", "may_request"]
    assert opens.isoformat() in str(found[0].answer)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"status": "live"}, Outcome.MAY_REQUEST),
        ({"status": "planned", **boxes("starts_on", dt.date(2020, 1, 1))}, Outcome.MAY_BE_CONSIDERED),
        # "Within one to two years" has no day, so nothing of it is offered yet.
        ({"status": "planned"}, Outcome.NOT_YET_OFFERED),
        ({"status": "live", **boxes("ends_on", dt.date(2021, 1, 1))}, Outcome.NOT_OFFERED),
    ],
)
def test_line_of_a_phase_without_a_year(
    writing: Client, offer: LocalOffer, cohort: Cohort, line: dict[str, str], expected: Outcome
) -> None:
    assert outcome(offer, in_days(2)) is Outcome.NOT_OFFERED
    write_line(writing, cohort, **line)
    assert outcome(offer, in_days(2)) is expected


def test_what_is_written_opens_nothing_until_it_is_published(
    writing: Client, offer: LocalOffer, team: User, cohort: Cohort
) -> None:
    write_line(writing, cohort, status="planned")
    edition = published_edition(local_offer=offer, author=team)
    assert outcome(offer, in_days(2)) is Outcome.NOT_YET_OFFERED

    save_timeline(offer=offer, phases=[], expected_version=2, by=team)
    write_again = [phase for phase in details_of(offer) if phase.lines]
    assert write_again == []
    assert outcome(offer, in_days(2)) is Outcome.NOT_YET_OFFERED

    withdraw(edition=edition, by=edition.approved_by, reason="It was wrong")
    assert outcome(offer, in_days(2)) is Outcome.NOT_OFFERED
