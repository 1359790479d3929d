import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from phb_register.migration_steps import AllAtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("offers", "0007_keep_what_is_typed"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("phb_register", "0004_outbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="Contribution",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("edition_number", models.PositiveIntegerField(verbose_name="edition number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("text", "Text"),
                                    ("timeline", "Timeline"),
                                    ("reasons", "Reasons and progress"),
                                    ("answers", "Answers to comments"),
                                ],
                                max_length=8,
                                verbose_name="to what",
                            ),
                        ),
                        ("first_at", models.DateTimeField(verbose_name="first at")),
                    ],
                    options={
                        "ordering": ["local_offer", "edition_number", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Explanation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("section", "Reason for a change of the text"),
                                    ("phase", "Reason for a change of a year or phase"),
                                    ("line", "Reason for a change of a line"),
                                    ("figure", "About a figure"),
                                    ("progress", "About progress"),
                                ],
                                max_length=8,
                                verbose_name="what it is about",
                            ),
                        ),
                        ("key", models.CharField(max_length=160, verbose_name="which one")),
                        ("words", models.TextField(blank=True, verbose_name="explanation")),
                        (
                            "fingerprint",
                            models.CharField(blank=True, max_length=64, verbose_name="fingerprint of the change"),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1, help_text="Goes up by one each time it is saved.", verbose_name="version"
                            ),
                        ),
                        ("written_at", models.DateTimeField(verbose_name="written at")),
                    ],
                    options={
                        "ordering": ["edition", "kind", "key"],
                    },
                ),
                migrations.CreateModel(
                    name="ExplanationEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("section", "Reason for a change of the text"),
                                    ("phase", "Reason for a change of a year or phase"),
                                    ("line", "Reason for a change of a line"),
                                    ("figure", "About a figure"),
                                    ("progress", "About progress"),
                                ],
                                max_length=8,
                                verbose_name="what it is about",
                            ),
                        ),
                        ("key", models.CharField(max_length=160, verbose_name="which one")),
                        ("words", models.TextField(blank=True, verbose_name="explanation")),
                        (
                            "fingerprint",
                            models.CharField(blank=True, max_length=64, verbose_name="fingerprint of the change"),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1, help_text="Goes up by one each time it is saved.", verbose_name="version"
                            ),
                        ),
                        ("written_at", models.DateTimeField(verbose_name="written at")),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="edition",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="edition",
                    name="update_update",
                ),
                migrations.AddField(
                    model_name="edition",
                    name="approved_on",
                    field=models.DateField(
                        blank=True,
                        help_text="The day of the meeting that approved it.",
                        null=True,
                        verbose_name="approved on",
                    ),
                ),
                migrations.AddField(
                    model_name="edition",
                    name="learning",
                    field=models.TextField(
                        blank=True,
                        help_text="Markdown: what was learnt since the edition before.",
                        verbose_name="what was learnt",
                    ),
                ),
                migrations.AddField(
                    model_name="editionevent",
                    name="approved_on",
                    field=models.DateField(
                        blank=True,
                        help_text="The day of the meeting that approved it.",
                        null=True,
                        verbose_name="approved on",
                    ),
                ),
                migrations.AddField(
                    model_name="editionevent",
                    name="learning",
                    field=models.TextField(
                        blank=True,
                        help_text="Markdown: what was learnt since the edition before.",
                        verbose_name="what was learnt",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="edition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="edition_words_are_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status NOT IN ('draft', 'in-consultation') AND (OLD.title, OLD.figures_as_at, OLD.learning) IS DISTINCT FROM (NEW.title, NEW.figures_as_at, NEW.learning))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="53ab19ac2e0c090c6dd81c7c64d737c35d8c752f",
                            operation="UPDATE",
                            pgid="pgtrigger_edition_words_are_fixed_a9d76",
                            table="offers_edition",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="edition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="edition_not_approved_by_a_writer",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.approved_by_id IS NOT NULL)",
                            func="\n            IF EXISTS (\n                SELECT 1 FROM offers_contribution\n                WHERE local_offer_id = NEW.local_offer_id AND by_id = NEW.approved_by_id\n                    AND edition_number <= NEW.number\n                    AND edition_number > COALESCE((\n                        SELECT max(number) FROM offers_edition\n                        WHERE local_offer_id = NEW.local_offer_id AND number < NEW.number\n                            AND status IN ('published', 'superseded')\n                    ), 0)\n            ) THEN\n                RAISE EXCEPTION 'An edition may not be approved by somebody who wrote in it'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="6483abf08aaf39fdc96adf4e6220dd3ca3c87f0a",
                            operation='INSERT OR UPDATE OF "approved_by_id"',
                            pgid="pgtrigger_edition_not_approved_by_a_writer_5a019",
                            table="offers_edition",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="edition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "offers_editionevent" ("approved_at", "approved_by_id", "approved_on", "author_id", "content_hash", "created_at", "easy_read_pdf_id", "figures_as_at", "id", "large_print_pdf_id", "learning", "local_offer_id", "number", "pdf_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publication_job_id", "published_at", "published_by_id", "status", "title") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."approved_on", NEW."author_id", NEW."content_hash", NEW."created_at", NEW."easy_read_pdf_id", NEW."figures_as_at", NEW."id", NEW."large_print_pdf_id", NEW."learning", NEW."local_offer_id", NEW."number", NEW."pdf_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."publication_job_id", NEW."published_at", NEW."published_by_id", NEW."status", NEW."title"); RETURN NULL;',
                            hash="280eb84a63c3706021b862c100dace278e92c325",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_dffd8",
                            table="offers_edition",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="edition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."approved_at" IS DISTINCT FROM (NEW."approved_at") OR OLD."approved_by_id" IS DISTINCT FROM (NEW."approved_by_id") OR OLD."approved_on" IS DISTINCT FROM (NEW."approved_on") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."content_hash" IS DISTINCT FROM (NEW."content_hash") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."easy_read_pdf_id" IS DISTINCT FROM (NEW."easy_read_pdf_id") OR OLD."figures_as_at" IS DISTINCT FROM (NEW."figures_as_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."large_print_pdf_id" IS DISTINCT FROM (NEW."large_print_pdf_id") OR OLD."learning" IS DISTINCT FROM (NEW."learning") OR OLD."local_offer_id" IS DISTINCT FROM (NEW."local_offer_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."pdf_id" IS DISTINCT FROM (NEW."pdf_id") OR OLD."publication_job_id" IS DISTINCT FROM (NEW."publication_job_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."published_by_id" IS DISTINCT FROM (NEW."published_by_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                            func='INSERT INTO "offers_editionevent" ("approved_at", "approved_by_id", "approved_on", "author_id", "content_hash", "created_at", "easy_read_pdf_id", "figures_as_at", "id", "large_print_pdf_id", "learning", "local_offer_id", "number", "pdf_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publication_job_id", "published_at", "published_by_id", "status", "title") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."approved_on", NEW."author_id", NEW."content_hash", NEW."created_at", NEW."easy_read_pdf_id", NEW."figures_as_at", NEW."id", NEW."large_print_pdf_id", NEW."learning", NEW."local_offer_id", NEW."number", NEW."pdf_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."publication_job_id", NEW."published_at", NEW."published_by_id", NEW."status", NEW."title"); RETURN NULL;',
                            hash="9c4d0f480cdd90e1489df98e4bf34c480a1d475a",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cff71",
                            table="offers_edition",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="edition",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("approved_on__isnull", True), ("approved_by__isnull", False), _connector="OR"
                        ),
                        name="edition_approved_on_once_approved",
                    ),
                ),
                migrations.AddField(
                    model_name="contribution",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="contribution",
                    name="local_offer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="offers.localoffer",
                    ),
                ),
                migrations.AddField(
                    model_name="explanation",
                    name="edition",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="explanations", to="offers.edition"
                    ),
                ),
                migrations.AddField(
                    model_name="explanation",
                    name="written_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="explanationevent",
                    name="edition",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="offers.edition",
                    ),
                ),
                migrations.AddField(
                    model_name="explanationevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="explanationevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="offers.explanation",
                    ),
                ),
                migrations.AddField(
                    model_name="explanationevent",
                    name="written_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contribution",
                    constraint=models.UniqueConstraint(
                        fields=("local_offer", "edition_number", "kind", "by"), name="contribution_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contribution",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kind__in", ["text", "timeline", "reasons", "answers"])),
                        name="contribution_known_kind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contribution",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("edition_number__gte", 1)), name="contribution_numbered_from_one"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contribution",
                    trigger=pgtrigger.compiler.Trigger(
                        name="contribution_append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4bdd938d12eaa5bac4da008e3364ce526b2e028e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_contribution_append_only_d0943",
                            table="offers_contribution",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contribution",
                    trigger=pgtrigger.compiler.Trigger(
                        name="contribution_no_truncate",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;",
                            hash="089dac3e24f22c748d20f3e12756d71c81a05351",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_contribution_no_truncate_2677b",
                            table="offers_contribution",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="explanation",
                    constraint=models.UniqueConstraint(fields=("edition", "kind", "key"), name="explanation_once"),
                ),
                migrations.AddConstraint(
                    model_name="explanation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="explanation_is_about_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="explanation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kind__in", ["section", "phase", "line", "figure", "progress"])),
                        name="explanation_known_kind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="explanation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fingerprint", ""), ("kind", "progress")),
                            models.Q(
                                models.Q(("kind", "progress"), _negated=True), ("fingerprint__regex", "^[0-9a-f]{64}$")
                            ),
                            _connector="OR",
                        ),
                        name="explanation_fingerprint_whole",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="explanation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="explanation_locked_while_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed RECORD;",
                            func="\n            IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;\n            IF NOT EXISTS (\n                SELECT 1 FROM offers_edition WHERE id = changed.edition_id AND status IN ('draft', 'in-consultation')\n            ) THEN\n                RAISE EXCEPTION 'The edition is decided upon and may not be changed'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN changed;\n        ",
                            hash="097ca2403044401407fa2aa683ba4107718afeb9",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_explanation_locked_while_decided_e9994",
                            table="offers_explanation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="explanation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="explanation_stays_about_it",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."edition_id" IS DISTINCT FROM (NEW."edition_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."key" IS DISTINCT FROM (NEW."key"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="9e8b717a4a3e13b8e5b4bda01c4538ddfff3044d",
                            operation="UPDATE",
                            pgid="pgtrigger_explanation_stays_about_it_e91ba",
                            table="offers_explanation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="explanation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "offers_explanationevent" ("edition_id", "fingerprint", "id", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "words", "written_at", "written_by_id") VALUES (NEW."edition_id", NEW."fingerprint", NEW."id", NEW."key", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."version", NEW."words", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                            hash="f8439b3ec635681b3f9294da9919cf3c8bbdf0bd",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_99d61",
                            table="offers_explanation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="explanation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "offers_explanationevent" ("edition_id", "fingerprint", "id", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "words", "written_at", "written_by_id") VALUES (NEW."edition_id", NEW."fingerprint", NEW."id", NEW."key", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."version", NEW."words", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                            hash="b72e5af4d89bd6be184d574349ab12c53650cc00",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4d777",
                            table="offers_explanation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="explanationevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="de2f8baa5f3f3e72589c8192f52bc27d009f53cc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2dbdf",
                            table="offers_explanationevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        )
    ]
