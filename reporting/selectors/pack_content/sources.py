"""What several parts of a pack are made of, read once."""

import datetime as dt
from functools import cached_property

from offers.models import Cohort, LocalOffer
from offers.selectors.lines import offer_for
from offers.selectors.programme import ProgrammePart, for_board_pack
from phb_register.models import Commissioner
from reporting.release import Release
from reporting.selectors.dashboard import cohorts
from reporting.selectors.releases import figures_shown
from reporting.selectors.scope import Counted, counted


class Sources:
    """A commissioner on a date: its figures as everybody may see them, and its local offer."""

    def __init__(self, commissioner: Commissioner, as_at: dt.date) -> None:
        self.commissioner = commissioner
        self.as_at = as_at

    @cached_property
    def scope(self) -> Counted:
        """Whose budgets count."""
        return counted(self.commissioner, self.as_at)

    @cached_property
    def release(self) -> Release:
        """The figures of the dashboard, as everybody may see them."""
        return figures_shown(self.scope)

    @cached_property
    def cohorts(self) -> list[Cohort]:
        """In the order of tables."""
        return cohorts(self.scope)

    @cached_property
    def offer(self) -> LocalOffer | None:
        """The local offer that holds for its people."""
        return offer_for(self.commissioner, self.as_at)

    @cached_property
    def programme(self) -> list[ProgrammePart]:
        """The tools of the programme that go into board packs."""
        return for_board_pack(self.offer, as_at=self.as_at) if self.offer else []
