"""The filters of a list that a user keeps under a name."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from .users import User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Reads of saved filters, which belong to one user and are seen by nobody else."""

    def visible_to(self, user: Any) -> "SavedFilterQuerySet":
        """The user's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def of_list(self, list_code: str) -> "SavedFilterQuerySet":
        """Those of one list, by name."""
        return self.filter(list_code=list_code).order_by("name", "pk")


class SavedFilter(models.Model):
    """A user's own choice of filters for a list, as it stands in the address: it names no person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    list_code = models.CharField("list", max_length=40)
    name = models.CharField("name", max_length=80)
    query = models.CharField("filters", max_length=1000)
    saved_at = models.DateTimeField("saved at", auto_now_add=True)

    objects: ClassVar[SavedFilterQuerySet] = SavedFilterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "list_code", "name"], name="saved_filter_name_once"),
            models.CheckConstraint(name="saved_filter_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="saved_filter_has_filters", condition=~Q(query="")),
        ]

    def __str__(self) -> str:
        return self.name
