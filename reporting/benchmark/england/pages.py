"""The pages that must stay quick at the size of England, each beside its SQL. What they write is rolled back."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import PersonalHealthBudget
from budgets.selectors.register_pages import place_of
from phb_register import clock
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from reporting.benchmark import statements
from reporting.benchmark.england.users import BODY, NATION, Readers
from reporting.benchmark.pages import dashboard_sql
from reporting.benchmark.timing import Timing, compare, rows_of
from reporting.forecasting import finish
from reporting.models import FigureRelease
from reporting.selectors.scope import counted
from reporting.services.first_showings import FirstShowing, put_together

#: A part of a name that many people have, one that few have, and how far down the register a deep page lies.
COMMON_PART, RARE_PART, DEEP = "ash", "yarwell", 0.9


@dataclass(frozen=True)
class Measured:
    """What was measured, with what the specification lets it cost: milliseconds, and times its SQL, where it does."""

    timing: Timing
    most: float | None
    most_times: float | None = None

    @property
    def is_kept(self) -> bool:
        """Whether it costs no more."""
        is_quick = self.most is None or self.timing.page <= self.most
        return is_quick and (self.most_times is None or self.timing.ratio <= self.most_times)


class Pages:
    """The readers of a synthetic England, and what they open."""

    def __init__(self, readers: Readers, repeats: int) -> None:
        self.readers, self.repeats, self.today = readers, repeats, clock.today()
        self.month_end = self.today.replace(day=1) - dt.timedelta(days=1)

    def run(self) -> Iterator[Measured]:
        """Measure page after page. What they write is rolled back, page for page."""
        for measure in (*self._dashboards(), *self._lists()):
            with transaction.atomic():
                yield measure()
                transaction.set_rollback(True)

    def _dashboards(self) -> list[Callable[[], Measured]]:
        body, england = f"/dashboard/{BODY}/", f"/dashboard/{NATION}/"
        shown, live = self.month_end, self.today
        return [
            lambda: self._dashboard("Dashboard of one ICB", self.readers.body, body, BODY, live, 150, 2),
            lambda: self._dashboard("The same for an analyst", self.readers.analyst, body, BODY, shown, 150, 2),
            lambda: self._england(england),
            lambda: self._first_answer("Asked for first", england),
            lambda: self._first_showing("… put together, a job"),
            lambda: self._dashboard("England, to a PHB team", self.readers.everywhere, england, NATION, live, 500, 1.5),
        ]

    def _lists(self) -> list[Callable[[], Measured]]:
        found = []
        for who, user in (("England", self.readers.everywhere), ("one ICB", self.readers.body)):
            found += [
                self._list(f"Register of {who}", user, "/register/"),
                self._list("… far down", user, f"/register/?older_than={self._deep(user)}"),
                self._list("… direct payments", user, "/register/?method=direct_payment"),
                self._list("… children, joint funding", user, "/register/?age=child&funding=joint"),
                self._list(f"… name with “{COMMON_PART}”", user, "/register/", COMMON_PART),
                self._list(f"… name with “{RARE_PART}”", user, "/register/", RARE_PART),
                self._list("… NHS number", user, "/register/", self._number(user)),
            ]
        return found

    def _dashboard(
        self, name: str, user: User, address: str, code: str, as_at: dt.date, most: float, times: float
    ) -> Measured:
        client = self._client(user)
        sql, params = dashboard_sql(counted(Commissioner.objects.get(code=code), as_at))
        return Measured(self._compare(name, lambda: _expect(client.get(address)), sql, params), most, times)

    def _england(self, address: str) -> Measured:
        """What was shown before: the first showing of a large register is a job, which is done here."""
        analyst = self.readers.analyst
        put_together(analyst, counted(Commissioner.objects.get(code=NATION), self.month_end), FirstShowing.FIGURES)
        return self._dashboard("Dashboard of England", analyst, address, NATION, self.month_end, 500, 1.5)

    def _first_answer(self, name: str, address: str) -> Measured:
        """The page where nobody has been shown these figures: of a large register it says that a job counts them."""
        client = self._client(self.readers.analyst)
        return self._unshown(name, lambda: _expect(client.get(address)), 500, None)

    def _first_showing(self, name: str) -> Measured:
        """What that job does: it counts all of England and keeps what is shown, of each commissioner too."""
        scope = counted(Commissioner.objects.get(code=NATION), self.month_end)
        return self._unshown(name, lambda: put_together(self.readers.analyst, scope, FirstShowing.FIGURES), None, 1.5)

    def _unshown(self, name: str, act: Callable[[], None], most: float | None, most_times: float | None) -> Measured:
        """Something that is measured where nobody was shown England's figures."""
        scope = counted(Commissioner.objects.get(code=NATION), self.month_end)
        sql, params = dashboard_sql(scope)

        def unshown() -> None:
            with transaction.atomic():
                if FigureRelease.objects.filter(commissioner=scope.commissioner, as_at=self.month_end).exists():
                    raise CommandError("Nobody was to have seen England's figures yet")
                act()
                transaction.set_rollback(True)

        return Measured(self._compare(name, unshown, sql, params), most, most_times)

    def _list(self, name: str, user: User, address: str, words: str = "") -> Callable[[], Measured]:
        def measure() -> Measured:
            client = self._client(user)
            if words:
                _expect(client.post(address, {"words": words}), 302)
            params = {"ids": sorted(commissioner_ids(user, Permission.VIEW_BUDGETS))}
            return Measured(
                self._compare(name, lambda: _expect(client.get(address)), statements.REGISTER[1:], params), 150
            )

        return measure

    def _compare(self, name: str, page: Callable[[], None], sql: tuple[str, ...], params: dict[str, Any]) -> Timing:
        def by_hand() -> None:
            for statement in sql:
                rows_of(statement, params)

        page()
        finish()  # the forecast, which is made in the background
        with CaptureQueriesContext(connection) as captured:
            page()
        return compare(name, page=page, sql=by_hand, repeats=self.repeats, queries=len(captured))

    def _deep(self, user: User) -> str:
        rows = PersonalHealthBudget.objects.visible_to(user, Permission.VIEW_BUDGETS).live_on(self.today)
        return place_of(rows.newest_first()[int(rows.count() * DEEP)])

    def _number(self, user: User) -> str:
        rows = PersonalHealthBudget.objects.visible_to(user, Permission.VIEW_BUDGETS).live_on(self.today)
        return str(rows.filter(person__nhs_number__isnull=False).newest_first()[0].person.nhs_number)

    def _client(self, user: User) -> Client:
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        return client


def _expect(response: Any, status: int = 200) -> None:
    for _ in response:  # streamed or not, to its end
        pass
    if response.status_code != status:
        raise CommandError(f"{response.request['PATH_INFO']} answered {response.status_code}, not {status}")
