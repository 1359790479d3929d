"""What the clocks of a referral say, in words: why it is on a worklist, and how its due date comes about."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from eligibility.enums import ReferralStatus
from eligibility.models.pauses import ReferralPause
from eligibility.models.referrals import Referral
from eligibility.rules.clocks import Clock, Reading, read_clock
from eligibility.selectors.worklists import WorklistCode
from eligibility.services.allocation import Allocated
from phb_register.dates import DayCount
from phb_register.models import User
from phb_register.nhsuk.components import render_component
from phb_register.presenters import counted, spoken_date, summary
from phb_register.slots import WorkItem
from phb_register.tables import Column, table_params

SMALL = "nhsuk-checkboxes--small"


def reading_of(referral: Referral, today: dt.date) -> Reading:
    """What a referral's clock says today. Reads its pauses, unless they were read with it."""
    return read_clock(referral.clock, [pause.days for pause in referral.pauses.all()], today)


def distance(days: int) -> str:
    """How far off a day is: ``today``, ``5 days left``, ``2 days ago``."""
    if days == 0:
        return "today"
    return f"{counted(days, 'day', 'days')} left" if days > 0 else f"{counted(-days, 'day', 'days')} ago"


def clock_words(clock: Clock) -> str:
    """How much time there is, and from when: ``28 days from 5 November 2026``."""
    kind = "working " if clock.counting == DayCount.WORKING else ""
    return f"{counted(clock.days, f'{kind}day', f'{kind}days')} from {spoken_date(clock.starts_on)}"


def due_sentence(reading: Reading) -> str:
    """By when, how far off that is, and how it comes about."""
    paused = f", plus {_days(reading.paused_days, reading.clock)} paused" if reading.paused_days else ""
    return f"Due on {spoken_date(reading.due_on)}, {distance(reading.days_left)}: {clock_words(reading.clock)}{paused}"


def _inside(reading: Reading) -> str:
    sentence = due_sentence(reading)
    return sentence[:1].lower() + sentence[1:]


def _days(count: int, clock: Clock) -> str:
    kind = "working " if clock.counting == DayCount.WORKING else ""
    return counted(count, f"{kind}day", f"{kind}days")


def pause_sentence(referral: Referral) -> str:
    """Why the clock stands still, since when, and when to ask again."""
    pause = next((each for each in referral.pauses.all() if each.ended_on is None), None)
    if pause is None:
        return ""
    return (
        f"{pause.get_reason_display()} since {spoken_date(pause.started_on)}, "
        f"to be asked again on {spoken_date(referral.follow_up_on)}"
    )


def acknowledge_sentence(referral: Referral, today: dt.date) -> str:
    """Whether it was acknowledged that the referral arrived, and by when that was or is due."""
    if referral.acknowledged_on is not None:
        return f"On {spoken_date(referral.acknowledged_on)} by {referral.acknowledged_by}"
    if referral.acknowledge_due_on is None:
        return "Not recorded"
    left = distance((referral.acknowledge_due_on - today).days)
    return f"Not acknowledged yet: due by {spoken_date(referral.acknowledge_due_on)}, {left}"


def _why_unallocated(referral: Referral, today: dt.date) -> str:
    return f"Nobody has taken it on. {pause_sentence(referral) or due_sentence(reading_of(referral, today))}"


def _why_due(referral: Referral, today: dt.date) -> str:
    who = f" Allocated to {referral.allocated_to}." if referral.allocated_to else " Allocated to nobody."
    return f"{due_sentence(reading_of(referral, today))}.{who}"


def _why_mine(referral: Referral, today: dt.date) -> str:
    return f"Allocated to you. {pause_sentence(referral) or due_sentence(reading_of(referral, today))}"


def _why_waiting(referral: Referral, today: dt.date) -> str:
    return pause_sentence(referral)


_WHY: dict[WorklistCode, Callable[[Referral, dt.date], str]] = {
    WorklistCode.OVERDUE: _why_due,
    WorklistCode.DUE: _why_due,
    WorklistCode.MINE: _why_mine,
    WorklistCode.WAITING: _why_waiting,
    WorklistCode.UNALLOCATED: _why_unallocated,
    WorklistCode.ACKNOWLEDGE: acknowledge_sentence,
}
TITLES: dict[WorklistCode, str] = {
    WorklistCode.OVERDUE: "Referrals overdue",
    WorklistCode.DUE: "Referrals due within a week",
    WorklistCode.MINE: "Referrals allocated to you",
    WorklistCode.WAITING: "Waiting for information: ask again",
    WorklistCode.UNALLOCATED: "Referrals to allocate",
    WorklistCode.ACKNOWLEDGE: "Referrals to acknowledge",
}
EMPTY: dict[WorklistCode, str] = {
    WorklistCode.OVERDUE: "No referral is overdue.",
    WorklistCode.DUE: "No referral is due within a week.",
    WorklistCode.MINE: "No referral is allocated to you, or all of yours are paused.",
    WorklistCode.WAITING: "No paused referral has to be asked about yet.",
    WorklistCode.UNALLOCATED: "Every referral is allocated to somebody.",
    WorklistCode.ACKNOWLEDGE: "Every referral is acknowledged.",
}


def why_here(code: WorklistCode, referral: Referral, today: dt.date) -> str:
    """Why a referral is on a worklist."""
    return _WHY[code](referral, today)


def work_item(code: WorklistCode, referral: Referral, today: dt.date) -> WorkItem:
    """A referral on a worklist."""
    due_on = {
        WorklistCode.WAITING: referral.follow_up_on,
        WorklistCode.ACKNOWLEDGE: referral.acknowledge_due_on,
    }.get(code, None if referral.is_paused else referral.decision_due_on)
    return WorkItem(
        text=f"Referral of {referral.person.display_name}",
        url=reverse("eligibility:referral", args=[referral.reference]),
        why=why_here(code, referral, today),
        due_on=due_on,
    )


def clock_rows(referral: Referral, today: dt.date) -> list[dict[str, Any]]:
    """The clocks on a referral's page: the date as it stands, as it was first, and how it comes about."""
    reading = reading_of(referral, today)
    is_open = referral.status == ReferralStatus.SUBMITTED
    rows: list[tuple[str, Any]] = []
    # Of a referral that is decided, what was never done is not to be done any more.
    if is_open or referral.allocated_to_id:
        rows.append(("Allocated to", referral.allocated_to or "Nobody yet"))
    if is_open or referral.acknowledged_on:
        rows.append(("Acknowledged", acknowledge_sentence(referral, today)))
    if is_open:
        if reading.is_paused:
            rows.append(("Paused", f"{pause_sentence(referral)}. If the clock goes on today: {_inside(reading)}"))
        else:
            rows.append(("Decide by", due_sentence(reading)))
    if reading.paused_days:
        rows.append(("First due", spoken_date(reading.clock.first_due_on)))
    return summary(rows)


def work_links(referral: Referral) -> list[dict[str, str]]:
    """What the PHB team can do about a referral that waits for a decision, beside deciding it."""
    steps = [("allocate", "Allocate to somebody else, or give back" if referral.allocated_to_id else "Allocate")]
    if referral.acknowledged_on is None:
        steps.append(("acknowledge", "Record that it was acknowledged"))
    if referral.is_paused:
        steps += [("resume", "Let the clock go on"), ("ask-again", "Ask again on another day")]
    else:
        steps.append(("pause", "Pause the clock"))
    return [{"text": text, "href": reverse(f"eligibility:{name}", args=[referral.reference])} for name, text in steps]


def pause_title(pause: ReferralPause) -> str:
    """A pause as an event: what stopped the clock, and until when."""
    until = f" until {spoken_date(pause.ended_on)}" if pause.ended_on else ""
    return f"Clock paused{until}: {pause.get_reason_display().lower()}"


PAUSE_COLUMNS: list[Column[ReferralPause]] = [
    Column("From", lambda pause: spoken_date(pause.started_on)),
    Column("Until", lambda pause: spoken_date(pause.ended_on) if pause.ended_on else "Goes on"),
    Column("Why", lambda pause: pause.get_reason_display()),
    Column("Note", lambda pause: pause.note),
    Column("Paused by", lambda pause: pause.started_by),
]


def pause_table(pauses: Iterable[ReferralPause]) -> dict[str, Any] | None:
    """The parameters of the table of a referral's pauses; None where there was none."""
    rows = list(pauses)
    return table_params(PAUSE_COLUMNS, rows, caption="When the clock was paused", is_responsive=True) if rows else None


def tick_value(referral: Referral) -> str:
    """What a ticked box says: which referral, and to whom it was allocated when it was shown."""
    return f"{referral.reference}.{referral.allocated_to_id or ''}"


def tick_choice(tick: str, referral: Referral) -> tuple[str, str]:
    """A ticked box on a page of its own."""
    return tick, f"Referral of {referral.person.display_name}, received on {spoken_date(referral.received_on)}"


def tick_box(referral: Referral) -> SafeString:
    """A box to tick beside a referral on a list. Its label is for those who do not see where it stands."""
    label = format_html(
        '<span class="nhsuk-u-visually-hidden">Select the referral of {}, received on {}</span>',
        referral.person.display_name,
        spoken_date(referral.received_on),
    )
    box = {"value": tick_value(referral), "html": label, "id": f"tick-{referral.pk}"}
    return render_component(
        "checkboxes", {"name": "ticked", "idPrefix": f"tick-{referral.pk}", "classes": SMALL, "items": [box]}
    )


def ticked_items(code: WorklistCode, rows: Iterable[Referral], today: dt.date) -> list[dict[str, Any]]:
    """The referrals of a worklist's page, each with a box to tick."""
    return [{"work": work_item(code, each, today), "box": tick_box(each)} for each in rows]


def allocated_words(given: Allocated, to: User | None) -> list[tuple[int, str]]:
    """What came of allocating, as messages: done, and what was left with whom and why."""
    said: list[tuple[int, str]] = []
    if given.done:
        what = counted(len(given.done), "referral is", "referrals are")
        said.append((messages.SUCCESS, f"{what} allocated to {to}" if to else f"{what} given back"))
    if given.unchanged:
        what = counted(len(given.unchanged), "referral was", "referrals were")
        said.append((messages.INFO, f"{what} so already"))
    for referral in given.taken:
        holder = referral.allocated_to or "nobody"
        said.append(
            (
                messages.WARNING,
                f"The referral of {referral.person.display_name} was allocated to {holder} meanwhile, and stays so",
            )
        )
    for referral in given.closed:
        said.append(
            (
                messages.WARNING,
                f"The referral of {referral.person.display_name} is {referral.get_status_display().lower()}, "
                "so nobody has to take it on",
            )
        )
    return said
