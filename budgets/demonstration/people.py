"""Invented people: names that nobody mistakes for real ones, and NHS numbers of the range kept for tests."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from phb_register import rules

GIVEN_NAMES = (
    "Testa", "Testor", "Testine", "Demona", "Demolf", "Samplina", "Sampler", "Exampla", "Fictora", "Fictor",
    "Mockley", "Pretenda", "Trialla", "Trialor", "Draftina", "Drafton", "Protona", "Protor", "Dummia",
    "Dummor", "Placida", "Placehold", "Imagina", "Imagen", "Invento", "Inventa", "Moduella", "Modulor",
    "Patterna", "Pattern", "Rehearsa", "Rehearsal", "Simula", "Simulo", "Notreal", "Notrealla", "Specima",
    "Specimen", "Figmenta", "Figment",
)  # fmt: skip
FAMILY_NAMES = (
    "Kestrel", "Wren", "Heron", "Plover", "Curlew", "Avocet", "Bittern", "Dunlin", "Dunnock", "Egret",
    "Fieldfare", "Fulmar", "Gannet", "Godwit", "Goldcrest", "Goshawk", "Grebe", "Greenshank", "Guillemot",
    "Harrier", "Hobby", "Hoopoe", "Jackdaw", "Kingfisher", "Kittiwake", "Knot", "Lapwing", "Linnet",
    "Mallard", "Merganser", "Merlin", "Moorhen", "Nightjar", "Nuthatch", "Oriole", "Osprey", "Ouzel",
    "Oystercatcher", "Petrel", "Pintail", "Pipit", "Pochard", "Ptarmigan", "Puffin", "Redshank", "Redstart",
    "Redwing", "Sanderling", "Sandpiper", "Shearwater", "Shelduck", "Shoveler", "Siskin", "Skylark", "Smew",
    "Snipe", "Stonechat", "Swift", "Teal", "Tern", "Treecreeper", "Turnstone", "Twite", "Wagtail",
    "Warbler", "Waxwing", "Wheatear", "Whimbrel", "Whinchat", "Wigeon",
)  # fmt: skip
#: Rough shares of the ethnic categories; "Z" was asked and declined, "99" was not asked.
ETHNIC_CATEGORIES = (
    ("A",) * 62 + ("H",) * 17 + ("C",) * 4 + ("J",) * 3 + ("M",) * 3 + ("N",) * 3 + ("K", "Z") * 2 + ("99",) * 4
)
#: The pseudo-postcode of an address that is not known.
NO_POSTCODE = "ZZ99 3WZ"
#: Invented, of a letter pair that no place has: no invented person lives at a real address.
POSTCODES = tuple(f"ZZ{district} {sector}AA" for district in range(1, 7) for sector in range(1, 6))
#: Codes in the form of a GP practice's that no practice has.
GP_PRACTICES = ("Z99901", "Z99902", "Z99903", "Z99904", "Z99905")


@dataclass(frozen=True)
class PlannedPerson:
    """Somebody invented."""

    nhs_number: str
    family_name: str
    given_name: str
    born_on: dt.date
    sex: str
    ethnic_category: str
    communication_format: str
    gp_practice: str

    @property
    def postcode(self) -> str:
        """Where they live, by the digits of their number; of one in sixteen it is not known."""
        place = int(self.nhs_number[3:9])
        return NO_POSTCODE if place % 16 == 0 else POSTCODES[place % len(POSTCODES)]


class People:
    """Invents people one after another, no NHS number twice; each `block` has a thousand numbers of its own."""

    def __init__(self, block: int) -> None:
        self._next = 999_000_001 + 1_000 * block

    def _nhs_number(self) -> str:
        """The next number of the range 999 000 0000 to 999 999 9999 with a right check digit."""
        while True:
            stem, self._next = str(self._next), self._next + 1
            for check_digit in "0123456789":
                if rules.nhs_number_fault(stem + check_digit) is None:
                    return stem + check_digit

    def invent(self, rng: Random, *, youngest: int, oldest: int, on: dt.date, easy_read: float = 0.02) -> PlannedPerson:
        """Somebody aged `youngest` to `oldest` on a date."""
        number = self._nhs_number()
        place = int(number[3:9])
        # From just over `youngest` years old to just under `oldest` + 1, in days.
        age_in_days = rng.randint(int(youngest * 365.25) + 2, int((oldest + 1) * 365.25) - 2)
        format_roll = rng.random()
        return PlannedPerson(
            nhs_number=number,
            # Walks through every pair once before one comes again: 40 and 70 share factors, hence the extra
            # step.
            given_name=GIVEN_NAMES[(place * 7 + place // len(FAMILY_NAMES)) % len(GIVEN_NAMES)],
            family_name=FAMILY_NAMES[(place * 11) % len(FAMILY_NAMES)],
            born_on=on - dt.timedelta(days=age_in_days),
            sex=rng.choice(("female", "male")),
            ethnic_category=rng.choice(ETHNIC_CATEGORIES),
            communication_format="easy_read"
            if format_roll < easy_read
            else "large_print"
            if format_roll > 0.95
            else "standard",
            gp_practice=rng.choice(GP_PRACTICES),
        )
