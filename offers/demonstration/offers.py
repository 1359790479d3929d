"""Which local offers the demonstration has, and who writes and approves each."""

from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parent.parent / "demonstration_files"


@dataclass(frozen=True)
class DemonstrationOffer:
    """A local offer of the demonstration: its commissioner's code, and the e-mail addresses of two of its users."""

    code: str
    author: str
    approver: str


OFFERS = (
    DemonstrationOffer("LLR", "team@llr.example.nhs.uk", "approver@llr.example.nhs.uk"),
    DemonstrationOffer("11X", "team@somerset.example.nhs.uk", "approver@somerset.example.nhs.uk"),
    DemonstrationOffer("SURREY", "team@surrey.example.nhs.uk", "approver@surrey.example.nhs.uk"),
)
