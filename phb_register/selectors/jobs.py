"""Reads of background jobs."""

import uuid
from typing import Any

from phb_register.models import Job


def job_for(user: Any, reference: uuid.UUID) -> Job | None:
    """The user's own job with this reference."""
    return Job.objects.visible_to(user).filter(reference=reference).first()
