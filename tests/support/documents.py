"""The documents of an edition for tests that are not about documents: made in earnest, and once."""

from functools import cache

from offers.services.documents import MadeDocument, make_documents
from tests.support.snapshots import full_snapshot


@cache
def small_documents() -> list[MadeDocument]:
    """Those of an edition that says nothing."""
    nothing = {"sections": [], "timeline": [], "figures": [], "since": None, "consultation": None}
    return make_documents({**full_snapshot(), **nothing}, "0" * 64)
