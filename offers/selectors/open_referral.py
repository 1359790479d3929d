"""What the open data are read from: the directory in its slot, and where each commissioner's local offer stands."""

from offers.models import LocalOffer


def offer_slugs() -> dict[str, str]:
    """The address of each local offer, by its commissioner's code."""
    return dict(LocalOffer.objects.values_list("commissioner__code", "slug"))
