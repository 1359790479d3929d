"""Places that upper rooms fill, so that a lower room can show what stands above it without knowing it.

Each room fills them in its ``AppConfig.ready()``.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Model
from django.urls import reverse

from phb_register.roles import Permission
from phb_register.scope import can

# How many items the home page shows of a worklist that has a page of its own.
SHOWN_AT_MOST = 5


class _Ordered(Protocol):
    @property
    def order(self) -> int: ...


_Item = TypeVar("_Item", bound=_Ordered)


class Slot(Generic[_Item]):
    """An ordered list of what the rooms put there."""

    def __init__(self) -> None:
        self._items: list[_Item] = []

    def add(self, item: _Item) -> None:
        """Put ``item`` in its place; putting the same one twice changes nothing."""
        if item not in self._items:
            self._items.append(item)
            self._items.sort(key=lambda each: each.order)

    def __iter__(self) -> Iterator[_Item]:
        return iter(self._items)


@dataclass(frozen=True)
class NavigationItem:
    """An entry of the main navigation, shown to those with ``permission`` for anybody; without one, to everybody."""

    label: str
    url_name: str
    permission: Permission | None
    order: int = 100

    @cached_property
    def url(self) -> str:
        """Where it leads."""
        return reverse(self.url_name)


@dataclass(frozen=True)
class FooterLink:
    """A link at the foot of every public page. ``url`` is called with the path of the page."""

    text: str
    url: Callable[[str], str]
    order: int = 100


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: what it says, where it is done, by when, and why it is on the list."""

    text: str
    url: str
    why: str
    due_on: dt.date | None = None


@dataclass(frozen=True)
class Worklist:
    """A list of things to do, for those with ``permission``. ``rows`` gives the most urgent ones.

    One without a permission is anybody's, and only there while there is something on it. A list that may be longer
    than what it shows says how many there are (``count``) and has a page of its own (``url``).
    """

    code: str
    title: str
    permission: Permission | None
    rows: Callable[[Any, dt.date], list[WorkItem]]
    empty: str = "Nothing to do here."
    order: int = 100
    count: Callable[[Any, dt.date], int] | None = None
    url: Callable[[], str] | None = None


class WorkItems(list[WorkItem]):
    """What the home page shows of a worklist, with how many there are in all and where to see them."""

    def __init__(self, shown: list[WorkItem], total: int, url: str = "") -> None:
        super().__init__(shown)
        self.total = total
        self.url = url


@dataclass(frozen=True)
class PersonPanel:
    """A part of a person's page: a template and the context it is given, for those with ``permission``."""

    title: str
    template: str
    context: Callable[[Any, Any], dict[str, Any]]
    permission: Permission
    order: int = 100


@dataclass(frozen=True)
class TimelineEvent:
    """One thing that happened to a person, on the day it happened.

    ``by`` is who did it, ``url`` where it is shown, ``recorded_at`` when it was entered (of two on one day the one
    entered later is the later one). ``about`` is the row that hangs on the person, by which one that was recorded
    under a merged record is told.
    """

    on: dt.date
    title: str
    text: str = ""
    by: str = ""
    url: str = ""
    recorded_at: dt.datetime | None = None
    about: Model | None = None


@dataclass(frozen=True)
class TimelineSource:
    """One kind of thing that happens to people, shown to those with ``permission`` for the person's commissioner.

    ``events`` is called with the user and the person, in a fixed number of reads however much happened.
    """

    title: str
    permission: Permission
    events: Callable[[Any, Any], Iterable[TimelineEvent]]
    order: int = 100


@dataclass(frozen=True)
class MergeCheck:
    """What a room has against reading two records as one. ``find`` is given the record to keep and the one to merge,
    and says each obstacle with its remedy.
    """

    code: str
    find: Callable[[Any, Any], list[str]]
    order: int = 100


@dataclass(frozen=True)
class PersonListener:
    """What a room does when the details of a person were changed.

    ``changed`` is called inside the transaction that changed them, with the person as they now are, the user, and the
    names of the fields that differ.
    """

    code: str
    changed: Callable[[Any, Any, list[str]], None]
    order: int = 100


@dataclass(frozen=True)
class FilteredList:
    """A list whose filters stand in its address and can be saved. ``places`` are the parameters that page it."""

    code: str
    title: str
    url_name: str
    permission: Permission
    places: tuple[str, ...] = ()
    order: int = 100

    @property
    def url(self) -> str:
        """Where it is."""
        return reverse(self.url_name)


@dataclass(frozen=True)
class PublicPages:
    """Pages that everybody may read, for the static copy. ``addresses`` gives the path of each that there is now."""

    code: str
    addresses: Callable[[], Iterable[str]] = field(compare=False)
    order: int = 100


@dataclass(frozen=True)
class SettingsLink:
    """A further page of what a commissioner or partnership decides for itself. ``url`` is called with it."""

    text: str
    url: Callable[[Any], str]
    order: int = 100


@dataclass(frozen=True)
class DemonstrationStep:
    """A part of the demonstration. ``load`` is safe to run again, and calls its argument with (done, total)."""

    title: str
    load: Callable[[Callable[[int, int], None]], None] = field(compare=False)
    order: int = 100


navigation: Slot[NavigationItem] = Slot()
public_footer: Slot[FooterLink] = Slot()
worklists: Slot[Worklist] = Slot()
person_panels: Slot[PersonPanel] = Slot()
timeline: Slot[TimelineSource] = Slot()
merge_checks: Slot[MergeCheck] = Slot()
person_listeners: Slot[PersonListener] = Slot()
filtered_lists: Slot[FilteredList] = Slot()
settings_links: Slot[SettingsLink] = Slot()
public_pages: Slot[PublicPages] = Slot()
demonstration_steps: Slot[DemonstrationStep] = Slot()


def navigation_for(user: Any) -> list[NavigationItem]:
    """The navigation a user sees."""
    return [item for item in navigation if item.permission is None or can(user, item.permission)]


def filtered_list(code: str, user: Any) -> FilteredList | None:
    """The list with this code, if the user may see it."""
    return next((each for each in filtered_lists if each.code == code and can(user, each.permission)), None)


def public_navigation() -> list[NavigationItem]:
    """The navigation that everybody sees, signed in or not."""
    return [item for item in navigation if item.permission is None]


def worklists_for(user: Any, today: dt.date) -> list[tuple[Worklist, WorkItems]]:
    """The worklists a user has, each with its items."""
    own = [each for each in worklists if each.permission is None or can(user, each.permission)]
    found = [(each, _items_of(each, user, today)) for each in own]
    return [(each, items) for each, items in found if items or each.permission is not None]


def _items_of(worklist: Worklist, user: Any, today: dt.date) -> WorkItems:
    shown = worklist.rows(user, today)
    if worklist.count is None or worklist.url is None:
        return WorkItems(shown, len(shown))
    # What is shown is all, unless there is as much of it as a list shows at most.
    total = worklist.count(user, today) if len(shown) >= SHOWN_AT_MOST else len(shown)
    return WorkItems(shown, total, worklist.url())


def person_panels_for(user: Any, person: Any) -> list[tuple[PersonPanel, dict[str, Any]]]:
    """The parts of a person's page that a user may see, each with its context."""
    return [
        (panel, panel.context(user, person))
        for panel in person_panels
        if can(user, panel.permission, person.commissioner)
    ]


def timeline_sources_for(user: Any, person: Any) -> list[TimelineSource]:
    """The kinds of things that the user may see of what happened to a person."""
    return [source for source in timeline if can(user, source.permission, person.commissioner)]


def timeline_events(user: Any, person: Any) -> list[TimelineEvent]:
    """Everything that happened to a person, as far as the user may see it, the latest first.

    Of one day, what was entered later comes first; what says nothing of when it was entered comes before it.
    """
    found = [event for source in timeline_sources_for(user, person) for event in source.events(user, person)]
    unknown = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda event: (event.on, event.recorded_at or unknown), reverse=True)
