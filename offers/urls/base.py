"""Where the pages of one local offer stand."""

OFFER = "local-offers/<slug:slug>/"
#: What staff write, and decide upon.
WRITE = f"{OFFER}write/"
