"""Reads of workbooks of lists."""

import uuid
from typing import Any

from phb_register.models import ListWorkbook


def workbook_for(user: Any, reference: uuid.UUID) -> ListWorkbook | None:
    """A workbook that the user asked for; None where there is none, or it was never made."""
    return ListWorkbook.objects.visible_to(user).filter(reference=reference, made_at__isnull=False).first()
