"""Reviews of the PHBs that are shown from plan to review: most on time, some late, two overdue, one before its time.

All others are entries in a register that recorded no reviews until lately: the day from which it does is a setting.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.db import transaction

from budgets.enums import Method
from budgets.models import BudgetSettings, OutcomeScale, PersonalHealthBudget, Review, ReviewDraft, ReviewRequest
from budgets.rules.reviews import (
    QUESTIONS,
    Answer,
    ReviewKind,
    ReviewOutcome,
    ReviewReason,
    ReviewWay,
    TookPart,
    add_months,
    review_due,
)
from budgets.selectors.reviews import due_of
from budgets.services.budget_settings import change_budget_settings
from budgets.services.outcomes import ScaleWords, record_baseline, write_scale
from budgets.services.review_drafts import plan_review, save_draft
from budgets.services.reviews import Findings, Rated, Seen, ask_for_review, complete_review
from phb_register import clock
from phb_register.models import Commissioner, User

from .fully_run import fully_run

OWNER, ELSEWHERE = "LLR", "QSL"
NURSE, TEAM = "nurse@llr.example.nhs.uk", "team@llr.example.nhs.uk"
DAY = dt.timedelta(days=1)
ASKED_FROM = dt.date(2016, 4, 1)
#: Name, who is asked, the question, its levels from worst to best: in words of the register's own.
SCALES = (
    ("Say in care", "holder", "How much say do you have in your care?", ("None", "A little", "Some", "A lot")),
    (
        "Days",
        "holder",
        "Do your days go the way you want?",
        ("Hardly ever", "Now and then", "About half of them", "Most of them", "Nearly always"),
    ),
    ("Night", "holder", "Do you feel safe at night?", ("No", "Sometimes", "Yes")),
    ("Time to oneself", "carer", "Do you have time for yourself?", ("Never", "Too little", "Just enough", "Enough")),
    ("Arranging", "carer", "Is the care easy to arrange?", ("Very hard", "Hard", "Fairly easy", "Easy")),
)
#: Places in the list of PHBs that are fully run.
OVERDUE, LATE, EARLY, WRITING, PLANNED, ASKED = {3, 15}, 4, 5, 7, 8, 10


def load(progress: Callable[[int, int], None]) -> None:
    """Write the scales, hold the reviews there are not yet, and say from when they are recorded. Twice is once."""
    today = clock.today()
    nurse, team = User.objects.get(email=NURSE), User.objects.get(email=TEAM)
    scales = _scales(team)
    phbs = [phb for method in Method for phb in fully_run(method, today)]
    phbs = list({phb.pk: phb for phb in phbs}.values())
    steps: list[Callable[[], None]] = [
        partial(_history, phb, place, nurse, scales, today)
        for place, phb in enumerate(phbs)
        if not Review.objects.filter(phb=phb).exists()
    ]
    steps.append(partial(_to_do, phbs, nurse, today))
    steps += [partial(_recorded_from, code, today) for code in (OWNER, ELSEWHERE)]
    for done, step in enumerate(steps, start=1):
        with transaction.atomic():
            step()
        progress(done, len(steps))


def _scales(by: User) -> list[OutcomeScale]:
    owner = Commissioner.objects.get(code=OWNER)
    if not OutcomeScale.objects.filter(commissioner=owner).exists():
        for name, asked_of, question, levels in SCALES:
            words = ScaleWords(name, question, asked_of, levels, "last_is_best", ASKED_FROM)
            write_scale(commissioner=owner, by=by, words=words)
    return list(OutcomeScale.objects.filter(commissioner=owner, number=1).order_by("pk"))


def _history(phb: PersonalHealthBudget, place: int, by: User, scales: list[OutcomeScale], today: dt.date) -> None:
    """How things were at the start, and a review each time one was due."""
    started_on = phb.started_on or today
    record_baseline(phb=phb, by=by, on=started_on, today=today, ratings=_ratings(scales, place, 0))
    held: list[dt.date] = []
    # Its payments are shown of the last months only; the first of them calls for a review as any first one does.
    due = due_of(phb)
    paid = {"first_paid_on": due.first_paid_on, "first_direct_on": due.first_direct_on}
    while True:
        last = {"last_held_on": held[-1], **paid} if held else {}
        due_on = review_due(started_on=started_on, **last) or today
        number = len(held) + 1
        held_on = due_on + DAY * (12 if (place + number) % 9 == LATE else -3 - (place * 5 + number) % 20)
        if held_on > today or (place in OVERDUE and add_months(held_on, 12) >= today):
            break
        findings = _findings(held_on, number, place, _ratings(scales, place, number))
        complete_review(phb=phb, by=by, on=min(held_on + DAY * 2, today), findings=findings)
        held.append(held_on)
    if place == EARLY:
        _before_its_time(phb, by, today)


def _findings(held_on: dt.date, number: int, place: int, ratings: list[Rated]) -> Findings:
    """Most find that all is well; each seventh plan is changed."""
    is_changed = (place + number) % 7 == 0
    answers = {question.name: Answer(is_yes=True) for question in QUESTIONS}
    if is_changed:
        answers["is_plan_right"] = Answer(is_yes=False, follows="More help in the evening, less in the morning.")
    return Findings(
        kind=ReviewKind.FIRST if number == 1 else ReviewKind.ANNUAL,
        held_on=held_on,
        way=(ReviewWay.VISIT, ReviewWay.VIDEO, ReviewWay.PHONE)[(place + number) % 3],
        answers=answers,
        outcomes=[ReviewOutcome.CHANGE_PLAN if is_changed else ReviewOutcome.CONTINUE],
        took_part=[TookPart.PERSON, TookPart.CARER] if place % 2 else [TookPart.PERSON],
        notes="The assistants are settled in, and the person is content with them." if number == 1 else "",
        ratings=ratings,
    )


def _ratings(scales: list[OutcomeScale], place: int, number: int) -> list[Rated]:
    """Mostly better in time; somebody prefers not to say, and carers are not always there."""
    found = []
    for index, scale in enumerate(scales):
        if scale.asked_of == "carer" and place % 2 == 0:
            continue
        step = {0: -min(number, 1), 1: 0}.get((place + index) % 6, min(number, 2))
        level = min(2 + step, len(scale.levels))
        found.append(Rated(scale, None if (place + index) % 11 == 6 else level))
    return found


def _before_its_time(phb: PersonalHealthBudget, by: User, today: dt.date) -> None:
    """The money was not enough, so it was asked for, and held within the fortnight."""
    asked_on = max(today - DAY * 60, (phb.started_on or today) + DAY)
    reason = ReviewReason.MONEY_INSUFFICIENT
    ask_for_review(phb=phb, reason=reason, by=by, on=asked_on, note="The agency raised its rates for nights.")
    answers = {question.name: Answer(is_yes=True) for question in QUESTIONS}
    answers["is_amount_enough"] = Answer(is_yes=False, follows="The rate of the night care in the plan went up.")
    findings = Findings(
        kind=ReviewKind.UNSCHEDULED,
        reason=reason,
        held_on=asked_on + DAY * 11,
        way=ReviewWay.VISIT,
        answers=answers,
        outcomes=[ReviewOutcome.CHANGE_AMOUNT],
        took_part=[TookPart.PERSON, TookPart.CO_ORDINATOR],
    )
    complete_review(phb=phb, by=by, on=min(asked_on + DAY * 12, today), findings=findings)


def _to_do(phbs: list[PersonalHealthBudget], by: User, today: dt.date) -> None:
    """One is being written, one planned, and something happened after which one is to be held."""
    if len(phbs) <= ASKED or ReviewDraft.objects.exists() or ReviewRequest.objects.waiting().exists():
        return
    last = Review.objects.filter(phb=phbs[WRITING]).count()
    typed = {"notes": ["Spoke on the phone; the visit is still to come."]}
    save_draft(phb=phbs[WRITING], by=by, at=clock.now(), typed=typed, seen=Seen(last_number=last))
    plan_review(phb=phbs[PLANNED], by=by, at=clock.now(), planned_for=today + DAY * 9)
    note = "Came out of hospital and needs help in the night."
    ask_for_review(phb=phbs[ASKED], reason=ReviewReason.HEALTH_CHANGED, by=by, on=today - DAY * 4, note=note)


def _recorded_from(code: str, today: dt.date) -> None:
    """Reviews are recorded here since this month: until then each is taken to have been on time."""
    commissioner = Commissioner.objects.get(code=code)
    if not BudgetSettings.objects.filter(commissioner=commissioner, reviews_recorded_from__isnull=False).exists():
        change_budget_settings(commissioner=commissioner, by=None, reviews_recorded_from=today.replace(day=1))
