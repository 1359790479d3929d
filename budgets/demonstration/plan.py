"""What happened to each invented person. Pure: the same seeds and the same last day give the same plan.

Up to 7 February 2017 it gives what the paper of the Leicester, Leicestershire and Rutland CCGs reports for
that day (122 in place: 117 adults with CHC at home, none of them fast track, and 5 children); after that the
register grows.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any

from budgets.enums import EndReason, Funder, Method
from budgets.rules.agreement import MethodAmount, Share

from .people import People, PlannedPerson
from .streams import ANCHOR, DECLINED, STREAMS, Stream

NAMESPACE = uuid.UUID("5a1f3f0e-6d0c-4c1e-9a57-0d7b7f5d2017")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """A part of the country in the demonstration: who was accountable there, and who does the work."""

    name: str
    ccgs: tuple[str, ...]
    icb: str
    local_authorities: tuple[str, ...]
    nurse: str
    team: str


LLR = Place(
    "LLR",
    ("04C", "04V", "03W"),
    "QK1",
    ("Leicester City Council", "Leicestershire County Council", "Rutland County Council"),
    "nurse@llr.example.nhs.uk",
    "team@llr.example.nhs.uk",
)
SOMERSET = Place(
    "Somerset",
    ("11X",),
    "QSL",
    ("Somerset Council",),
    "nurse@somerset.example.nhs.uk",
    "team@somerset.example.nhs.uk",
)
CCGS_CLOSED_ON = dt.date(2022, 6, 30)


@dataclass(frozen=True)
class PlannedBudget:
    """A PHB of the plan. Dates after the last day of the plan are None."""

    agreed_on: dt.date
    started_on: dt.date | None
    annual_amount: Decimal
    previous_annual_amount: Decimal
    methods: tuple[MethodAmount, ...]
    shares: tuple[Share, ...]
    is_fast_track: bool = False
    changed_on: dt.date | None = None
    changed_methods: tuple[MethodAmount, ...] = ()
    ended_on: dt.date | None = None
    end_reason: EndReason | None = None


@dataclass(frozen=True)
class Story:
    """One referral of one person, and what came of it."""

    key: uuid.UUID
    place: Place
    person: PlannedPerson
    commissioner: str
    cohort: str
    received_on: dt.date
    facts: dict[str, Any] = field(hash=False)
    asks_for: str | None = None
    outcome: str | None = None
    decided_on: dt.date | None = None
    reason_code: str = ""
    reasons: str = ""
    budget: PlannedBudget | None = None


def commissioner_on(rng: Random, place: Place, day: dt.date) -> str:
    """Who was responsible for a person of the place on a day: a CCG up to 30 June 2022, then the ICB."""
    ccg = rng.choice(place.ccgs)
    return ccg if day <= CCGS_CLOSED_ON else place.icb


def stories(last_day: dt.date) -> list[Story]:
    """The whole plan as it stands at the end of `last_day`, in the order in which it happened."""
    found: list[Story] = []
    for block, stream in enumerate(STREAMS):
        people = People(block)
        found += _up_to_the_anchor(stream, people)
        found += _after_the_anchor(stream, people, last_day)
    found += [
        _adult_after(story, story.budget)
        for story in found
        if story.budget is not None and story.budget.end_reason == EndReason.NEXT_COHORT
    ]
    found += _declined(People(len(STREAMS)), last_day)
    found += _somerset(People(len(STREAMS) + 1), last_day)
    found += _waiting_now(People(len(STREAMS) + 2), last_day)
    found.sort(key=lambda story: (story.received_on, story.key))
    return [story for story in (_as_at(story, last_day) for story in found) if story is not None]


def _as_at(story: Story, last_day: dt.date) -> Story | None:
    """The story without what had not happened by the last day; None if nothing had."""
    if story.received_on > last_day:
        return None
    if story.decided_on is None or story.decided_on > last_day:
        return replace(story, outcome=None, decided_on=None, budget=None)
    budget = story.budget
    if budget is None or budget.agreed_on > last_day:
        return replace(story, budget=None)
    if budget.started_on is None or budget.started_on > last_day:
        budget = replace(budget, started_on=None, changed_on=None, ended_on=None, end_reason=None)
    if budget.ended_on is not None and budget.ended_on > last_day:
        budget = replace(budget, ended_on=None, end_reason=None)
    if budget.changed_on is not None and budget.changed_on > min(last_day, budget.ended_on or last_day):
        budget = replace(budget, changed_on=None)
    return replace(story, budget=budget)


def _story(
    stream: Stream, place: Place, person: PlannedPerson, rng: Random, name: str, days: tuple[dt.date, ...]
) -> Story:
    """A story of the stream by its four days: received, decided, agreed, started. It has no end yet."""
    received_on, decided_on, agreed_on, started_on = days
    method = stream.pick_method(rng)
    weekly = Decimal(rng.randint(*stream.weekly_pounds))
    annual = (weekly * 52).quantize(Decimal("0.01"))
    is_joint = rng.random() < stream.joint_share
    return Story(
        key=uuid.uuid5(NAMESPACE, name),
        place=place,
        person=person,
        commissioner=commissioner_on(rng, place, received_on),
        cohort=stream.cohort,
        received_on=received_on,
        facts=stream.facts(rng),
        asks_for=rng.choice((None, None, method)),
        outcome="accepted",
        decided_on=decided_on,
        budget=PlannedBudget(
            agreed_on=agreed_on,
            started_on=started_on,
            annual_amount=annual,
            previous_annual_amount=(annual * Decimal(rng.randint(96, 128)) / 100).quantize(Decimal("0.01")),
            methods=_parts(method, annual),
            shares=_shares(rng, place) if is_joint else (Share(Funder.NHS, Decimal(100)),),
            is_fast_track=stream.is_fast_track,
        ),
    )


def _parts(method: str, annual: Decimal) -> tuple[MethodAmount, ...]:
    if method != "mixed":
        return (MethodAmount(Method(method), annual),)
    direct = (annual * 2 / 5).quantize(Decimal("0.01"))
    return (MethodAmount(Method.NOTIONAL, annual - direct), MethodAmount(Method.DIRECT_PAYMENT, direct))


def _shares(rng: Random, place: Place) -> tuple[Share, ...]:
    nhs = Decimal(rng.choice(("50", "60", "66.67", "70", "75", "80")))
    return (
        Share(Funder.NHS, nhs),
        Share(Funder.LOCAL_AUTHORITY, 100 - nhs, rng.choice(place.local_authorities)),
    )


def _ending(story: Story, stream: Stream, rng: Random, ends_on: dt.date) -> Story:
    """The story with its end, and perhaps a change of method on the way."""
    budget = story.budget
    if budget is None or budget.started_on is None:
        return story
    reason = EndReason(rng.choices(*stream.end_reasons)[0])
    adult_on = _birthday(story.person.born_on, 18)
    if stream.ends_at_18 and adult_on <= ends_on:
        ends_on, reason = adult_on + DAY * 28, EndReason.NEXT_COHORT
    changed_on = None
    if budget.methods[0].method == Method.NOTIONAL and len(budget.methods) == 1 and rng.random() < 0.12:
        changed_on = budget.started_on + DAY * rng.randint(150, 900)
    return replace(
        story,
        budget=replace(
            budget,
            ended_on=ends_on,
            end_reason=reason,
            changed_on=changed_on,
            changed_methods=_parts("third_party", budget.annual_amount) if changed_on else (),
        ),
    )


def _adult_after(story: Story, budget: PlannedBudget) -> Story:
    """The PHB that somebody has with CHC from the day their PHB for children ends."""
    name = f"adult-after/{story.key}"
    rng = Random(name)  # noqa: S311
    received_on = _birthday(story.person.born_on, 18)
    agreed_on = received_on + DAY * 20
    days = (received_on, received_on + DAY * 12, agreed_on, budget.ended_on or agreed_on)
    chc = STREAMS[0]
    adult = _story(chc, story.place, story.person, rng, name, days)
    return _ending(adult, chc, rng, days[3] + DAY * (1 + int(rng.expovariate(1 / chc.mean_days))))


def _birthday(born_on: dt.date, age: int) -> dt.date:
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:  # born on 29 February
        return dt.date(born_on.year + age, 3, 1)


def _days_to(started_on: dt.date, rng: Random) -> tuple[dt.date, ...]:
    """Received, decided, agreed and started, for a PHB that started on a day."""
    agreed_on = started_on - DAY * rng.randint(3, 21)
    decided_on = agreed_on - DAY * rng.randint(4, 20)
    received_on = decided_on - DAY * rng.randint(8, 27)
    return received_on, decided_on, agreed_on, started_on


def _days_from(received_on: dt.date, rng: Random, *, is_quick: bool = False) -> tuple[dt.date, ...]:
    """Received, decided, agreed and started, for a referral received on a day."""
    longest = (3, 2, 4) if is_quick else (26, 20, 28)
    decided_on = received_on + DAY * rng.randint(longest[0] // 3, longest[0])
    agreed_on = decided_on + DAY * rng.randint(1, longest[1])
    return received_on, decided_on, agreed_on, agreed_on + DAY * rng.randint(1, longest[2])


def _up_to_the_anchor(stream: Stream, people: People) -> Iterator[Story]:
    """Those in place on the anchor day, whose number grew faster towards it, and those that had ended by
    then.
    """
    first = stream.first_start
    span = (ANCHOR - DAY * 8 - first).days
    for number in range(stream.in_place_at_anchor):
        name = f"{stream.name}/in-place/{number}"
        rng = Random(name)  # noqa: S311  an invented person is no secret
        started_on = first + DAY * int(span * ((number + 0.5) / stream.in_place_at_anchor) ** 0.65)
        days = _days_to(started_on, rng)
        youngest, oldest = stream.ages
        person = people.invent(rng, youngest=youngest, oldest=oldest, on=ANCHOR, easy_read=stream.easy_read)
        story = _story(stream, LLR, person, rng, name, days)
        if number < len(stream.anchor_methods) and story.budget is not None:
            budget = replace(
                story.budget,
                methods=_parts(stream.anchor_methods[number], story.budget.annual_amount),
                shares=_shares(rng, LLR) if number % 5 == 1 and number // 5 < stream.anchor_joint else NHS_ONLY,
            )
            story = replace(story, budget=budget, asks_for=None)
        yield _ending(story, stream, rng, ANCHOR + DAY * (1 + int(rng.expovariate(1 / stream.mean_days))))
    for number, (started_on, ended_on) in enumerate(stream.ended_by_anchor):
        name = f"{stream.name}/ended/{number}"
        rng = Random(name)  # noqa: S311
        person = people.invent(rng, youngest=stream.ages[0], oldest=stream.ages[1], on=started_on)
        yield _ending(_story(stream, LLR, person, rng, name, _days_to(started_on, rng)), stream, rng, ended_on)


def _after_the_anchor(stream: Stream, people: People, last_day: dt.date) -> Iterator[Story]:
    """New referrals month by month: each month has its own seed, so a later last day adds and changes
    nothing.
    """
    month = max(dt.date(2017, 3, 1), stream.opens_on.replace(day=1))
    while month <= last_day:
        rng = Random(f"{stream.name}/{month:%Y-%m}")  # noqa: S311
        arrivals = int(stream.a_month) + (rng.random() < stream.a_month % 1)
        for number in range(arrivals):
            received_on = max(month, stream.opens_on) + DAY * rng.randint(0, 26)
            youngest, oldest = stream.ages
            person = people.invent(rng, youngest=youngest, oldest=oldest, on=received_on, easy_read=stream.easy_read)
            days = _days_from(received_on, rng, is_quick=stream.is_fast_track)
            story = _story(stream, LLR, person, rng, f"{stream.name}/{month:%Y-%m}/{number}", days)
            yield _ending(story, stream, rng, days[3] + DAY * (1 + int(rng.expovariate(1 / stream.mean_days))))
        month = (month + DAY * 31).replace(day=1)


def _declined(people: People, last_day: dt.date) -> Iterator[Story]:
    """One referral in every fourth month that was declined, for one of the reasons people are declined for."""
    month, number = dt.date(2014, 11, 1), 0
    while month <= last_day:
        name = f"declined/{month:%Y-%m}"
        rng = Random(name)  # noqa: S311
        facts, code, reasons = DECLINED[number % len(DECLINED)]
        received_on = month + DAY * rng.randint(0, 26)
        yield Story(
            key=uuid.uuid5(NAMESPACE, name),
            place=LLR,
            person=people.invent(rng, youngest=24, oldest=80, on=received_on),
            commissioner=commissioner_on(rng, LLR, received_on),
            cohort="",
            received_on=received_on,
            facts=facts,
            outcome="declined",
            decided_on=received_on + DAY * rng.randint(8, 26),
            reason_code=code,
            reasons=reasons,
        )
        month, number = (month + DAY * 125).replace(day=1), number + 1


def _somerset(people: People, last_day: dt.date) -> Iterator[Story]:
    """A few people of another commissioner, so that scope can be seen to hold."""
    starts = ("2015-09-14", "2016-05-09", "2016-11-21", "2019-03-04", "2021-06-07", "2023-02-13", "2025-10-06")
    chc = STREAMS[0]
    for number, started_on in enumerate(map(dt.date.fromisoformat, starts)):
        name = f"somerset/{number}"
        rng = Random(name)  # noqa: S311
        person = people.invent(rng, youngest=30, oldest=80, on=started_on)
        story = _story(chc, SOMERSET, person, rng, name, _days_to(started_on, rng))
        yield _ending(story, chc, rng, dt.date(2018, 8, 20)) if number == 0 else story
    rng = Random("somerset/open")  # noqa: S311
    received_on = last_day - DAY * 12
    person = people.invent(rng, youngest=30, oldest=80, on=received_on)
    days = (received_on, last_day + DAY, last_day + DAY, last_day + DAY)
    yield _story(chc, SOMERSET, person, rng, "somerset/open", days)


#: Days before the last day on which referrals came in that wait for a decision; the last is overdue.
OPEN_FOR_DAYS = (1, 3, 6, 9, 13, 17, 21, 24, 26, 27, 31)
#: Days before the last day on which referrals were accepted from which no PHB is agreed yet.
ACCEPTED_FOR_DAYS = (2, 16)
#: Days before the last day on which PHBs were agreed that have not started.
AGREED_FOR_DAYS = (1, 5, 19)


def _waiting_now(people: People, last_day: dt.date) -> Iterator[Story]:
    """What waits for somebody on the last day: to be decided, to be agreed, to be started."""
    later = last_day + DAY * 7
    waiting = [(f"open/{ago}", (last_day - DAY * ago, later, later, later)) for ago in OPEN_FOR_DAYS]
    for ago in ACCEPTED_FOR_DAYS:
        decided_on = last_day - DAY * ago
        waiting.append((f"accepted/{ago}", (decided_on - DAY * 15, decided_on, later, later)))
    for ago in AGREED_FOR_DAYS:
        agreed_on = last_day - DAY * ago
        waiting.append((f"agreed/{ago}", (agreed_on - DAY * 30, agreed_on - DAY * 9, agreed_on, later)))
    for number, (name, days) in enumerate(waiting):
        stream = STREAMS[number % len(STREAMS)]
        rng = Random(f"waiting/{name}")  # noqa: S311
        youngest, oldest = stream.ages
        person = people.invent(rng, youngest=youngest, oldest=oldest, on=days[0], easy_read=stream.easy_read)
        yield _story(stream, LLR, person, rng, f"waiting/{name}", days)


NHS_ONLY = (Share(Funder.NHS, Decimal(100)),)
