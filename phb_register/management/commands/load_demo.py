"""Load the demonstration: invented people, their budgets, a local offer and its figures."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from phb_register.slots import demonstration_steps
from phb_register.static_copy import one_copy_at_the_end

SECONDS_BETWEEN_LINES = 2.0


class Command(BaseCommand):
    """Runs every room's step in order. What is there already is left as it is, so a second run is quick."""

    help = "Load the demonstration (invented people only). Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses outside demonstration mode: invented people do not belong among real ones."""
        if not settings.DEMONSTRATION:
            raise CommandError(
                "This is not a demonstration site, so nothing was loaded. "
                "Set DEMONSTRATION=true to run one, with a database of its own."
            )
        with one_copy_at_the_end():
            self._load()

    def _load(self) -> None:
        steps = list(demonstration_steps)
        for number, step in enumerate(steps, start=1):
            began = time.monotonic()
            self.stdout.write(f"{number} of {len(steps)}: {step.title} …")
            self.stdout.flush()
            step.load(self._progress(step.title))
            self.stdout.write(f"{number} of {len(steps)}: {step.title}, done in {time.monotonic() - began:.1f} s")

    def _progress(self, title: str) -> Callable[[int, int], None]:
        """Says how far a step has come, every two seconds."""
        said_at = time.monotonic()

        def say(done: int, total: int) -> None:
            nonlocal said_at
            if time.monotonic() - said_at >= SECONDS_BETWEEN_LINES:
                said_at = time.monotonic()
                self.stdout.write(f"  {title}: {done} of {total}")
                self.stdout.flush()

        return say
