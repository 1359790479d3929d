"""The dashboard with what stands beside it: of a nation or a partnership, each of its commissioners."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reporting.release import Release
from reporting.selectors.dashboard import Dashboard, dashboard_for
from reporting.selectors.members import Member, members_of
from reporting.selectors.scope import Counted


@dataclass(frozen=True)
class Overview:
    """A dashboard and the commissioners that are counted together in it; none for a commissioner by itself."""

    dashboard: Dashboard
    members: Sequence[Member]


def overview_for(user: Any, scope: Counted, release: Release) -> Overview:
    """Everything the page of a commissioner shows to a user, beside the figures as they may be shown."""
    return Overview(dashboard_for(scope, release), members_of(user, scope, release))
