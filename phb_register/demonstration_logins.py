"""The demonstration's users: shown on its sign-in page, printed by ``make run``, made by ``load_demo``.

Plainly invented, and only there in demonstration mode.
"""

from dataclasses import dataclass

from phb_register.roles import ROLE_DESCRIPTIONS, Role

# Known to everybody who reads this file, which is why these users exist in demonstration mode only.
PASSWORD = "demonstration"  # noqa: S105


@dataclass(frozen=True)
class DemonstrationLogin:
    """One user: address, name, role, and the codes of the commissioners or partnership they work for."""

    email: str
    full_name: str
    role: Role
    commissioners: tuple[str, ...]
    area: str

    @property
    def role_name(self) -> str:
        """The role in words."""
        return self.role.label

    @property
    def description(self) -> str:
        """What the role may do, in one line."""
        return ROLE_DESCRIPTIONS[self.role]


_LLR = "Leicester, Leicestershire and Rutland"
_NEW = "West Yorkshire, without a local offer yet"
_OTHERS = "Six more ICBs, whose registers came from a file"
#: ICBs that have budgets and no local offer.
OTHER_REGISTERS = ("QJ2", "QPM", "QR1", "QT1", "QUE", "QVV")

LOGINS = (
    DemonstrationLogin("nurse@llr.example.nhs.uk", "Nora Nightjar", Role.REFERRING_NURSE, ("LLR",), _LLR),
    DemonstrationLogin("team@llr.example.nhs.uk", "Tamsin Turnstone", Role.PHB_TEAM, ("LLR",), _LLR),
    DemonstrationLogin("lead@llr.example.nhs.uk", "Linnea Linnet", Role.PHB_TEAM, ("LLR",), _LLR),
    DemonstrationLogin("leadnurse@llr.example.nhs.uk", "Lottie Lapwing", Role.LEAD_NURSE, ("LLR",), _LLR),
    DemonstrationLogin("panel@llr.example.nhs.uk", "Petra Plover", Role.RISK_PANEL, ("LLR",), _LLR),
    DemonstrationLogin("finance@llr.example.nhs.uk", "Felix Fieldfare", Role.FINANCE, ("LLR",), _LLR),
    DemonstrationLogin("payments@llr.example.nhs.uk", "Percy Petrel", Role.FINANCE, ("LLR",), _LLR),
    DemonstrationLogin("approver@llr.example.nhs.uk", "Avis Avocet", Role.APPROVER, ("LLR",), _LLR),
    DemonstrationLogin("board@llr.example.nhs.uk", "Basil Bittern", Role.GOVERNING_BODY, ("LLR",), _LLR),
    DemonstrationLogin("auditor@llr.example.nhs.uk", "Audra Auk", Role.AUDITOR, ("LLR",), _LLR),
    DemonstrationLogin("admin@llr.example.nhs.uk", "Adam Albatross", Role.ADMINISTRATOR, ("LLR",), _LLR),
    DemonstrationLogin("nurse@somerset.example.nhs.uk", "Nell Nuthatch", Role.REFERRING_NURSE, ("QSL",), "Somerset"),
    DemonstrationLogin("team@somerset.example.nhs.uk", "Tom Tern", Role.PHB_TEAM, ("QSL",), "Somerset"),
    DemonstrationLogin("approver@somerset.example.nhs.uk", "Ada Avocet", Role.APPROVER, ("QSL",), "Somerset"),
    DemonstrationLogin("team@surrey.example.nhs.uk", "Sanna Siskin", Role.PHB_TEAM, ("SURREY",), "Surrey"),
    DemonstrationLogin("approver@surrey.example.nhs.uk", "Stella Stonechat", Role.APPROVER, ("SURREY",), "Surrey"),
    DemonstrationLogin("analyst@england.example.nhs.uk", "Anton Auklet", Role.ANALYST, ("ENG",), "England"),
    DemonstrationLogin("team@registers.example.nhs.uk", "Rowan Redstart", Role.PHB_TEAM, OTHER_REGISTERS, _OTHERS),
    # For trying it out: whose offer nobody has written yet.
    DemonstrationLogin("team@west-yorkshire.example.nhs.uk", "Wendy Wagtail", Role.PHB_TEAM, ("QWO",), _NEW),
    DemonstrationLogin("approver@west-yorkshire.example.nhs.uk", "Wilf Wheatear", Role.APPROVER, ("QWO",), _NEW),
)
