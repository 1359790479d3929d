"""Board packs: planned for a meeting, made once on a day, and then never changed."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from phb_register.models import Commissioner, StoredDocument, User
from phb_register.models.guards import append_only, no_delete, no_truncate
from phb_register.roles import Permission
from phb_register.scope import ScopedQuerySet, commissioner_ids
from reporting.board_pack_states import FROZEN, STANDING, PackPart, PackStatus, allowed_jumps


class BoardPackQuerySet(ScopedQuerySet["BoardPack"]):
    """Reads of board packs."""

    scope_permission = Permission.VIEW_BOARD_PACKS

    def readable_by(self, user: Any) -> Self:
        """All of those whom the user writes packs for; of others only what was made, withdrawn ones included."""
        writes = commissioner_ids(user, Permission.WRITE_BOARD_PACKS)
        reads = commissioner_ids(user, Permission.VIEW_BOARD_PACKS)
        if not reads:
            return self.none()
        return self.filter(Q(commissioner__in=writes) | Q(commissioner__in=reads, status__in=FROZEN))

    def standing_for(self, commissioner: Commissioner, meeting: str, meets_on: dt.date) -> Self:
        """The packs of one meeting that were neither cancelled nor withdrawn."""
        return self.filter(commissioner=commissioner, meeting=meeting, meets_on=meets_on, status__in=STANDING)

    def due(self, today: dt.date) -> Self:
        """Those to be made by the end of a day."""
        return self.filter(status=PackStatus.PLANNED, make_on__lte=today)

    def for_lists(self) -> Self:
        """Without what only the page of one shows; the latest meeting first."""
        return self.defer("snapshot", "introduction").select_related("commissioner").order_by("-meets_on", "-pk")


@pghistory.track(exclude=["snapshot"])
class BoardPack(models.Model):
    """The paper for one meeting: parts chosen, made on `make_on` with the figures of the end of `as_at`.

    When it is made, everything it says is frozen into `snapshot`; `content_hash` is the SHA-256 of its canonical
    form. Page and PDF are both drawn from it.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Used in addresses.")
    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    meeting = models.CharField("meeting", max_length=120)
    meets_on = models.DateField("date of the meeting")
    as_at = models.DateField("figures as at", help_text="Every figure is counted at the end of this day.")
    make_on = models.DateField("made on")
    parts = ArrayField(models.CharField(max_length=10, choices=PackPart.choices), verbose_name="parts")
    introduction = models.TextField("introduction", blank=True, help_text="Markdown, without HTML, pictures or code.")
    status = models.CharField("status", max_length=9, choices=PackStatus.choices, default=PackStatus.PLANNED)
    version = models.PositiveIntegerField("version", default=1, help_text="Goes up by one each time it is saved.")
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField("planned at")
    made_at = models.DateTimeField("made at", null=True, blank=True)
    snapshot = models.JSONField("snapshot", null=True, blank=True)
    content_hash = models.CharField("content hash", max_length=64, blank=True)
    pdf = models.ForeignKey(StoredDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[BoardPackQuerySet] = BoardPackQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-meets_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "meeting", "meets_on"],
                condition=Q(status__in=STANDING),
                name="board_pack_one_a_meeting",
            ),
            models.CheckConstraint(name="board_pack_has_a_meeting", condition=~Q(meeting="")),
            models.CheckConstraint(
                name="board_pack_has_parts", condition=Q(parts__len__gte=1, parts__contained_by=PackPart.values)
            ),
            models.CheckConstraint(name="board_pack_counts_before_it_is_made", condition=Q(as_at__lte=F("make_on"))),
            models.CheckConstraint(name="board_pack_made_by_the_meeting", condition=Q(make_on__lte=F("meets_on"))),
            models.CheckConstraint(
                name="board_pack_made_whole",
                condition=Q(
                    status__in=FROZEN,
                    made_at__isnull=False,
                    snapshot__isnull=False,
                    content_hash__regex=r"^[0-9a-f]{64}$",
                    pdf__isnull=False,
                )
                | ~Q(status__in=FROZEN)
                & Q(made_at__isnull=True, snapshot__isnull=True, content_hash="", pdf__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["commissioner", "-meets_on", "-id"], name="board_pack_newest"),
            models.Index(fields=["make_on"], name="board_pack_due", condition=Q(status=PackStatus.PLANNED)),
        ]
        triggers = [
            no_delete("board_pack"),
            no_truncate("board_pack"),
            pgtrigger.FSM(name="board_pack_states", field="status", transitions=allowed_jumps()),
            pgtrigger.Protect(
                name="board_pack_begins_planned",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'planned'"),
            ),
            pgtrigger.Trigger(
                name="board_pack_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status <> 'planned'"),
                func="""
                    IF (to_jsonb(NEW) - 'status') IS DISTINCT FROM (to_jsonb(OLD) - 'status') THEN
                        RAISE EXCEPTION 'A board pack that was made or cancelled may not be changed'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.meets_on.day} {self.meets_on:%B %Y}"

    @property
    def chosen_parts(self) -> list[PackPart]:
        """Its parts, in the order of the pack."""
        return [part for part in PackPart if part in self.parts]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class DecisionWanted(models.Model):
    """One thing that the meeting is asked to decide."""

    pack = models.ForeignKey(BoardPack, on_delete=models.PROTECT, related_name="decisions")
    position = models.PositiveSmallIntegerField("position")
    question = models.CharField("what to decide", max_length=200)
    recommendation = models.TextField("what is recommended", max_length=1000)
    why = models.TextField("why", max_length=2000, blank=True)

    objects: ClassVar[models.Manager["DecisionWanted"]] = models.Manager()

    class Meta:
        ordering = ["pack", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "position"], name="decision_wanted_in_order"),
            models.CheckConstraint(name="decision_wanted_says_what", condition=~Q(question="") & ~Q(recommendation="")),
        ]
        triggers = [
            no_truncate("decision_wanted"),
            pgtrigger.Trigger(
                name="decision_wanted_until_made",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("changed", "RECORD")],
                func="""
                    IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
                    -- Held, so that a pack that is being made and its decisions wait for each other.
                    PERFORM 1 FROM reporting_boardpack
                    WHERE id = changed.pack_id AND status = 'planned' FOR SHARE;
                    IF NOT FOUND OR (TG_OP = 'UPDATE' AND OLD.pack_id <> NEW.pack_id) THEN
                        RAISE EXCEPTION 'The decisions of a board pack change only while it is planned'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN changed;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.question


class BoardPackTransition(models.Model):
    """One thing done to a board pack, as it happened. `by` is empty where the register did it by itself."""

    pack = models.ForeignKey(BoardPack, on_delete=models.PROTECT, related_name="transitions")
    action = models.CharField("what was done", max_length=10)
    from_status = models.CharField("from", max_length=9, choices=PackStatus.choices, blank=True)
    to_status = models.CharField("to", max_length=9, choices=PackStatus.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("at")
    reason = models.TextField("reason", blank=True)

    objects: ClassVar[models.Manager["BoardPackTransition"]] = models.Manager()

    class Meta:
        ordering = ["at", "pk"]
        triggers = append_only("board_pack_transition")

    def __str__(self) -> str:
        return f"{self.pack}: {self.action}"
