"""Invented organisations that help people with a budget. None of them exists."""

from collections.abc import Callable

from django.db import transaction

from budgets.enums import SupportKind
from budgets.models import SupportOrganisation
from budgets.services.support_organisations import add_organisation
from phb_register.models import Commissioner, User

OWNER = "LLR"
TEAM = "team@llr.example.nhs.uk"
#: Name, what it does, in plain words, whether the public reads of it. Phone numbers are of the range for drama.
ORGANISATIONS: tuple[tuple[str, tuple[SupportKind, ...], str, bool], ...] = (
    (
        "Wren House Funds",
        (SupportKind.THIRD_PARTY, SupportKind.ADVICE),
        "Holds budgets for people and arranges the support they choose.",
        True,
    ),
    ("Curlew Individual Funds", (SupportKind.THIRD_PARTY, SupportKind.PROVIDER), "Holds budgets and gives care.", True),
    (
        "Kestrel Payroll",
        (SupportKind.PAYROLL,),
        "Works out wages, tax and pensions for people who employ assistants.",
        True,
    ),
    ("Heron Brokerage", (SupportKind.BROKER,), "Helps people to plan and find support.", True),
    ("Plover Home Care", (SupportKind.CARE_AGENCY, SupportKind.PROVIDER), "Care at home, by day and night.", True),
    ("Dunlin Nursing", (SupportKind.CARE_AGENCY, SupportKind.PROVIDER), "Nurses for complex care at home.", False),
    (
        "Lapwing Managed Accounts",
        (SupportKind.PAYROLL, SupportKind.ADVICE),
        "Holds accounts for direct payments.",
        True,
    ),
    ("Redshank Wheelchairs", (SupportKind.PROVIDER,), "Supplies, fits and repairs wheelchairs.", True),
)


def load(progress: Callable[[int, int], None]) -> None:
    """Add them where they are not there yet; a second run changes nothing."""
    owner = Commissioner.objects.get(code=OWNER)
    by = User.objects.get(email=TEAM)
    known = set(SupportOrganisation.objects.filter(commissioner=owner).values_list("name", flat=True))
    for done, (name, kinds, description, is_public) in enumerate(ORGANISATIONS, start=1):
        if name not in known:
            slug = name.lower().replace(" ", "-")
            with transaction.atomic():
                add_organisation(
                    commissioner=owner,
                    by=by,
                    name=name,
                    kinds=[kind.value for kind in kinds],
                    description=description,
                    website=f"https://{slug}.example.org",
                    phone=f"01632 960{100 + done:03d}",
                    email=f"hello@{slug}.example.org",
                    is_public=is_public,
                    payee_reference=f"V{1000 + done}",
                    closed_on=None,
                )
        progress(done, len(ORGANISATIONS))
