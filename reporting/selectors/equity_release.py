"""The numbers of the equity lens as a release of the ledger, and as they would be shown now."""

from collections.abc import Callable, Mapping

from phb_register.disclosure import Controlled
from reporting.equity_control import Cells
from reporting.ledger import Counts
from reporting.selectors.equity_lens import EVERYBODY, Control, everybody_to_release
from reporting.selectors.releases import would_show
from reporting.selectors.scope import Counted


def as_counts(cells: Cells) -> Counts:
    """What the ledger is told of them."""
    return Counts(
        values=cells.values,
        sums=cells.sums,
        unseen=cells.unseen,
        headlines=tuple(key for key in cells.values if "/" not in key),
        # A partnership's people are the sum of its members': of everybody, of a cohort, of those who gave an answer.
        adds_up={key for key in cells.values.keys() - set(cells.unseen) if _counts_people(key)},
    )


def _counts_people(key: str) -> bool:
    """Whether it is a number of people with a budget, which a body has of its own; "base" are those without, too."""
    part, _, rest = key.partition("/")
    is_answers = part.startswith(f"{EVERYBODY.part}-answers-")
    return rest.startswith(("people/", "base/") if is_answers else "people/") or rest == "all"


def previewed(scope: Counted) -> Control:
    """How they are shown to everybody or, where nobody was shown them yet, how they would be. Nothing is fixed."""

    def control(part: str, count: Callable[[], Cells]) -> Mapping[str, Controlled]:
        cells = everybody_to_release(scope) if part == EVERYBODY.part else count()
        return would_show(scope.commissioner, scope.as_at, as_counts(cells)).cells

    return control
