"""Users and what they may do for whom."""

import datetime as dt
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from phb_register.roles import Role

from .commissioners import Commissioner, DateRange
from .guards import no_delete


class UserManager(BaseUserManager["User"]):
    """Makes users, known by their e-mail address in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user. Without a password they can only enter by a reset."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make the first user of an installation, who gives others their memberships.

        There is no all-powerful user: a role is held through a membership, also by this one.
        """
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this e-mail address, however it is typed."""
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """One identified person who signs in; never shared. Leavers are made inactive, not deleted."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    full_name = models.CharField("full name", max_length=150)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        ordering = ["full_name"]
        triggers = [no_delete("user")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """The name shown beside what they did."""
        return self.full_name

    def get_short_name(self) -> str:
        """As ``get_full_name``: we do not guess which part of a name is the short one."""
        return self.full_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def held_on(self, day: dt.date) -> "MembershipQuerySet":
        """Those in force at the end of ``day``, of users who are active."""
        return self.filter(user__is_active=True, starts_on__lte=day).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        )


@pghistory.track()
class Membership(models.Model):
    """A user's role for a commissioner or partnership, from ``starts_on`` until the day before ``ends_on``."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("role", max_length=20, choices=Role.choices)
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("starts on")
    ends_on = models.DateField("ends on", null=True, blank=True, help_text="The first day without the role.")

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="The end date must be on or after the start date",
            ),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("commissioner", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This user has that role for that commissioner already",
            ),
        ]
        triggers = [no_delete("membership")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} for {self.commissioner}"
