"""How the files of payment runs are said on a page, and their columns on the page that lays them out."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse

from budgets.enums import Method
from budgets.models import PaymentRun
from budgets.payment_enums import FileKind, RunStatus
from budgets.rules.payment_files import BY_CODE, FileRow, Layout, cell
from phb_register.models import StoredDocument, User
from phb_register.presenters import spoken_moment, summary
from phb_register.roles import Permission
from phb_register.selectors.commissioners import named_commissioners

#: Invented, so that a layout can be looked at before there is a run.
EXAMPLES = (
    FileRow(
        reference="T0001-1-00001", run="T0001-1", budget="5d0c8f0e-0000-4000-8000-000000000001",
        method=Method.DIRECT_PAYMENT, payee_name="Pat Example", payee_reference="V00001", payee_last_four="1234",
        pays_on=dt.date(2026, 12, 1), period_first=dt.date(2026, 12, 1), period_last=dt.date(2026, 12, 31),
        instalment_amount=Decimal("1000.00"), adjustment_amount=Decimal("-12.50"), offset_amount=Decimal("0.00"),
        amount=Decimal("987.50"), commissioner_code="T0001", nhs_amount=Decimal("691.25"),
        partner_amount=Decimal("296.25"),
    ),
    FileRow(
        reference="T0001-1-00002", run="T0001-1", budget="5d0c8f0e-0000-4000-8000-000000000002",
        method=Method.THIRD_PARTY, payee_name="Example Care", payee_reference="V00002", payee_last_four="",
        pays_on=dt.date(2026, 12, 1), period_first=dt.date(2026, 11, 9), period_last=dt.date(2026, 12, 6),
        instalment_amount=Decimal("800.00"), adjustment_amount=Decimal("0.00"), offset_amount=Decimal("100.00"),
        amount=Decimal("700.00"), commissioner_code="T0001", nhs_amount=Decimal("700.00"),
        partner_amount=Decimal("0.00"),
    ),
)  # fmt: skip


def file_url(run: PaymentRun, kind: FileKind) -> str:
    """The page of one of the two files of a run."""
    return reverse("budgets:payment-file", args=[run.reference, kind])


def file_links(run: PaymentRun) -> list[dict[str, str]]:
    """Links to the pages of a run's files, once there is something to look at."""
    if run.status in (RunStatus.PREPARING, RunStatus.ABANDONED):
        return []
    return [{"text": kind.label, "href": file_url(run, kind)} for kind in FileKind]


def layout_links(user: User) -> list[dict[str, str]]:
    """Where the files of the user's commissioners are laid out."""
    return [
        {
            "text": f"{kind.label} of {commissioner.name}",
            "href": reverse("budgets:payment-file-layout", args=[commissioner.code, kind]),
        }
        for commissioner in named_commissioners(user, Permission.PREPARE_PAYMENTS).order_by("name")
        for kind in FileKind
    ]


def file_rows(made: StoredDocument) -> list[dict[str, Any]]:
    """What is said of a file that was made."""
    return summary(
        [
            ("File", made.filename),
            ("Made", f"{spoken_moment(made.made_at)}, by {made.made_by}"),
            ("Size", f"{made.size:,} bytes"),
            ("SHA-256", made.sha256),
        ]
    )


def preview(layout: Layout, rows: Sequence[FileRow], caption: str) -> dict[str, Any]:
    """The first lines of a file as a table."""
    return {
        "caption": caption,
        "head": [{"text": chosen.header} for chosen in layout.columns],
        "rows": [
            [{"text": cell(BY_CODE[chosen.code].value(row), layout.date_format)} for chosen in layout.columns]
            for row in rows
        ],
    }
