"""The numbers of the equity lens as a release of the ledger, and as they would be shown now."""

from collections.abc import Callable, Mapping

from phb_register.disclosure import Controlled
from reporting.equity_control import Cells
from reporting.ledger import Counts
from reporting.rules.equity_groups import Characteristic
from reporting.selectors.equity_lens import EVERYBODY, Control, everybody_to_release
from reporting.selectors.releases import would_show
from reporting.selectors.scope import Counted

#: A partnership's are the sum of its members': these are the same groups everywhere, a locality is one body's own.
_SAME_EVERYWHERE = (
    Characteristic.AGE,
    Characteristic.SEX,
    Characteristic.ETHNIC_GROUP,
    Characteristic.ETHNIC_CATEGORY,
)


def as_counts(cells: Cells) -> Counts:
    """What the ledger is told of them."""
    prefixes = tuple(f"{EVERYBODY.part}/people/{each}/" for each in _SAME_EVERYWHERE)
    return Counts(
        values=cells.values,
        sums=cells.sums,
        unseen=cells.unseen,
        headlines=tuple(key for key in cells.values if "/" not in key),
        adds_up={key for key in cells.values if key.startswith(prefixes)},
    )


def previewed(scope: Counted) -> Control:
    """How they are shown to everybody or, where nobody was shown them yet, how they would be. Nothing is fixed."""

    def control(part: str, count: Callable[[], Cells]) -> Mapping[str, Controlled]:
        cells = everybody_to_release(scope) if part == EVERYBODY.part else count()
        return would_show(scope.commissioner, scope.as_at, as_counts(cells)).cells

    return control
