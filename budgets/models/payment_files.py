"""What stands in the files of a payment run: each commissioner or partnership lays them out for its own systems."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from budgets.payment_enums import FileDateFormat, FileKind
from phb_register.models import Commissioner
from phb_register.models.guards import no_delete


@pghistory.track()
class PaymentFileLayout(models.Model):
    """The columns of one kind of file, in order: `[{"column": code, "header": heading}, …]`; see `rules.payment_files`.

    A file that was made stays as it was made, whatever is changed here afterwards.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("which file", max_length=8, choices=FileKind.choices)
    columns = models.JSONField("columns")
    date_format = models.CharField("dates", max_length=12, choices=FileDateFormat.choices, default=FileDateFormat.ISO)
    has_headings = models.BooleanField("the first row holds the headings", default=True)
    has_control_totals = models.BooleanField("the last row holds the control totals", default=True)

    objects: ClassVar[models.Manager["PaymentFileLayout"]] = models.Manager()

    class Meta:
        ordering = ["commissioner", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["commissioner", "kind"], name="file_layout_once"),
            models.CheckConstraint(name="file_layout_known_kind", condition=Q(kind__in=FileKind.values)),
            models.CheckConstraint(name="file_layout_known_dates", condition=Q(date_format__in=FileDateFormat.values)),
        ]
        triggers = [
            no_delete("file_layout"),
            pgtrigger.ReadOnly(name="file_layout_fixed", fields=["commissioner", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.commissioner}"
