"""The pages that are measured, each with its SQL. Everything happens in one transaction that is rolled back."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import PersonalHealthBudget
from eligibility.models import Referral, ReferralDraft
from eligibility.rules.referral_steps import Step, next_step
from eligibility.selectors.drafts import journey_of
from eligibility.services.drafts import answer_questions, settle_person, start_draft
from phb_register import clock
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from reporting.benchmark import statements
from reporting.benchmark.implications import TrialCost, trial_costs
from reporting.benchmark.screening import ScreeningCost, screening_costs
from reporting.benchmark.timing import Timing, compare, rows_of
from reporting.forecasting import finish
from reporting.rules import stages
from reporting.selectors.scope import Counted, counted

TEAM, NURSE, CODE = "team@llr.example.nhs.uk", "nurse@llr.example.nhs.uk", "LLR"
REMEDY = "Load the demonstration first: python manage.py load_demo"
OPEN_QUESTIONS = ("chc_fast_track", "lives_in", "joint_funded", "asks_for", "drug_or_alcohol_order")


class Benchmark:
    """The demonstration's users and records that the pages are measured with."""

    def __init__(self, repeats: int) -> None:
        self.repeats = repeats
        self.today = clock.today()
        self.commissioner = Commissioner.objects.filter(code=CODE).first()
        users = {user.email: user for user in User.objects.filter(email__in=[TEAM, NURSE])}
        if self.commissioner is None or len(users) < 2 or not PersonalHealthBudget.objects.exists():
            raise CommandError(f"There is no demonstration in this database. {REMEDY}")
        self.team, self.nurse = users[TEAM], users[NURSE]

    def run(self) -> list[Timing]:
        """Measure every page. What they write is rolled back."""
        with transaction.atomic():
            timings = [self.register(), self.dashboard(), self.referral()]
            transaction.set_rollback(True)
        return timings

    def trials(self, people: int) -> tuple[float, list[TrialCost]]:
        """Seconds to invent so many people, and what it costs to try versions on them. Rolled back."""
        assert self.commissioner is not None  # noqa: S101  checked when made
        return trial_costs(self.commissioner, self.team, people)

    def screening(self) -> tuple[int, list[ScreeningCost]]:
        """How many rule sets hold today, and what screening one person by them costs."""
        assert self.commissioner is not None  # noqa: S101  checked when made
        return screening_costs(self.commissioner, self.today, self.repeats)

    def register(self) -> Timing:
        """The first page of the register list."""
        ids = sorted(commissioner_ids(self.team, Permission.VIEW_BUDGETS))
        page = self._get(self.team, "/register/")
        return self._compare("Register list", page, statements.REGISTER, {"ids": ids})

    def dashboard(self) -> Timing:
        """The dashboard of the partnership, as at today."""
        assert self.commissioner is not None  # noqa: S101  checked when made
        scope = counted(self.commissioner, self.today)
        sql, params = dashboard_sql(scope)
        return self._compare("Dashboard", self._get(self.team, f"/dashboard/{CODE}/"), sql, params)

    def referral(self) -> Timing:
        """The press of the button that submits a referral; the pages before it are filled in unmeasured."""
        model = Referral.objects.filter(screenings__isnull=False).order_by("pk").first()
        waiting = [self._draft(person) for person in self._people(self.repeats + 2)]
        client = self._client(self.nurse)

        def submit() -> None:
            address = f"/referrals/unfinished/{waiting.pop().reference}/check/"
            _expect(client.post(address, {"note": "Measured"}), 302)
            _as_at_commit()

        params = {"model": model.pk if model else None, "today": self.today}
        return self._compare("Submitted referral", submit, statements.SUBMIT_REFERRAL, params, commits=True)

    def _compare(
        self,
        name: str,
        page: Callable[[], None],
        sql: tuple[str, ...],
        params: dict[str, Any],
        *,
        commits: bool = False,
    ) -> Timing:
        def run_sql() -> None:
            for statement in sql:
                rows_of(statement, params)
            if commits:
                _as_at_commit()

        with CaptureQueriesContext(connection) as captured:
            page()
        queries = len(captured)
        finish()  # the forecast, which is made in the background
        return compare(name, page=page, sql=run_sql, repeats=self.repeats, queries=queries)

    def _get(self, user: User, address: str) -> Callable[[], None]:
        client = self._client(user)
        return lambda: _expect(client.get(address), 200)

    def _client(self, user: User) -> Client:
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        return client

    def _people(self, number: int) -> list[Person]:
        ids = commissioner_ids(self.nurse, Permission.MAKE_REFERRALS)
        adults = Person.objects.filter(commissioner__in=ids, nhs_number__isnull=False, died_on__isnull=True)
        born_by = self.today - dt.timedelta(days=20 * 366)
        return list(adults.filter(born_on__lt=born_by).order_by("-pk")[:number])

    def _draft(self, person: Person) -> ReferralDraft:
        draft = start_draft(by=self.nurse, search={"nhs_number": person.nhs_number or ""})
        draft = settle_person(draft=draft, by=self.nurse, person=person)
        answers: dict[str, Any] = {"chc": "eligible", **dict.fromkeys(OPEN_QUESTIONS)}
        draft = answer_questions(draft=draft, by=self.nurse, answers=answers)
        if next_step(journey_of(draft, self.nurse).progress) is not Step.ANSWER:
            raise CommandError("The referral questions have changed: bring reporting/benchmark/pages.py up to date")
        return draft


def dashboard_sql(scope: Counted) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The statements of a dashboard by hand, with their parameters."""
    since = {
        "year": stages.year_start(scope.as_at),
        "quarter": stages.quarter_start(scope.as_at),
        "reviewed_from": stages.earliest_review(scope.as_at),
        "commissioner": scope.commissioner.pk,
    }
    return statements.dashboard(scope.in_sql()), scope.sql_params | since


def _expect(response: Any, status: int) -> None:
    if response.status_code != status:
        raise CommandError(f"{response.request['PATH_INFO']} answered {response.status_code}, not {status}")


def _as_at_commit() -> None:
    """Do now what a commit would: the checks that wait for the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
