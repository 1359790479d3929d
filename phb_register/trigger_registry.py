"""pgtrigger's list of triggers, taken in without looking through all of them for each.

The library makes two look-ups anew for every trigger it takes in. With the eight hundred of this product that was
half of the time that a process takes to start: a second for each command, worker and web server. Here the look-ups
are kept, and grow with the list. What they say, and what the library refuses by them, is the same.
"""

from itertools import islice
from typing import Any

from pgtrigger import registry


class Grown:
    """What is made of each trigger of the list, for those that came since it was last asked for."""

    def __init__(self) -> None:
        self.seen = 0
        self.tables: dict[tuple[str, str], Any] = {}
        self.functions: set[str] = set()

    def up_to_date(self, triggers: dict[str, tuple[Any, Any]]) -> "Grown":
        """Take in what is new."""
        for model, trigger in islice(triggers.values(), self.seen, None):
            self.tables[model._meta.db_table, trigger.name] = trigger
            self.functions.add(trigger.get_pgid(model))
        self.seen = len(triggers)
        return self


class QuickRegistry(registry._Registry):
    """The library's registry with both look-ups kept."""

    _grown: Grown | None = None

    @property
    def _lookups(self) -> Grown:
        if self._grown is None:
            self._grown = Grown()
        return self._grown.up_to_date(self.data)

    @property
    def by_db_table(self) -> dict[tuple[str, str], Any]:
        """The triggers by table and name."""
        return self._lookups.tables

    @property
    def pg_function_names(self) -> set[str]:
        """What the triggers' functions are called in the database."""
        return self._lookups.functions

    def __setitem__(self, key: str, value: tuple[Any, Any]) -> None:
        is_another = key in self.data and self.data[key] != value
        super().__setitem__(key, value)
        if is_another:
            self._grown = None

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._grown = None


def quicken() -> None:
    """Let the library's one registry be a quick one. Called before any model is loaded."""
    registry._registry.__class__ = QuickRegistry
