"""Places on this room's pages that upper rooms fill in their ``AppConfig.ready()``."""

from collections.abc import Callable
from dataclasses import dataclass

from phb_register.slots import Slot

from .models import LocalOffer


@dataclass(frozen=True)
class ReaderLink:
    """Something that a reader of a local offer can go on to: its words, and where it leads for an offer."""

    text: str
    url: Callable[[LocalOffer], str]
    order: int = 100


reader_links: Slot[ReaderLink] = Slot()


def reader_links_for(offer: LocalOffer) -> list[dict[str, str]]:
    """What the upper rooms offer the readers of an offer, for its page."""
    return [{"text": link.text, "href": link.url(offer)} for link in reader_links]
