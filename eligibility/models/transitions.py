"""What every record of a step in somebody's case holds."""

from django.conf import settings
from django.db import models


class Transition(models.Model):
    """One change of a status: who, when and why. A subclass names its record, and the statuses from and to.

    Each is append-only by the trigger of its own table.
    """

    action = models.CharField("action", max_length=20)
    note = models.TextField("note", blank=True)
    occurred_on = models.DateField("happened on")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("recorded at", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.action} on {self.occurred_on}"
