import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from phb_register.migration_steps import AllAtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('phb_register', '0010_history_of_many_people_at_once'),
        ('reporting', '0010_keys_of_releases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AllAtOnce([
        migrations.CreateModel(
            name='ReportSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Used in addresses.', unique=True)),
                ('rhythm', models.CharField(choices=[('monthly', 'Every month'), ('quarterly', 'Every quarter')], max_length=9, verbose_name='how often')),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('uptake', 'Uptake against target'), ('pathway', 'Pathway and quality'), ('equality', 'Equality')], max_length=10), size=None, verbose_name='sections')),
                ('asked_on', models.DateField(verbose_name='asked for on')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped at')),
                ('stop_reason', models.CharField(blank=True, max_length=200, verbose_name='why it was stopped')),
                ('commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReportSubscriptionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Used in addresses.')),
                ('rhythm', models.CharField(choices=[('monthly', 'Every month'), ('quarterly', 'Every quarter')], max_length=9, verbose_name='how often')),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('uptake', 'Uptake against target'), ('pathway', 'Pathway and quality'), ('equality', 'Equality')], max_length=10), size=None, verbose_name='sections')),
                ('asked_on', models.DateField(verbose_name='asked for on')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped at')),
                ('stop_reason', models.CharField(blank=True, max_length=200, verbose_name='why it was stopped')),
                ('commissioner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.commissioner')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.reportsubscription')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScheduledReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Used in addresses.', unique=True)),
                ('asked_at', models.DateTimeField(verbose_name='asked for at')),
                ('as_at', models.DateField(verbose_name='figures as at')),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('uptake', 'Uptake against target'), ('pathway', 'Pathway and quality'), ('equality', 'Equality')], max_length=10), size=None, verbose_name='sections')),
                ('is_controlled', models.BooleanField(verbose_name='under disclosure control')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='made at')),
                ('content', models.JSONField(blank=True, null=True, verbose_name='what it says')),
                ('content_hash', models.CharField(blank=True, max_length=64, verbose_name='content hash')),
                ('asked_by', models.ForeignKey(help_text='Whom it is for.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.job')),
                ('pdf', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.storeddocument')),
                ('snapshot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.snapshot')),
                ('subscription', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reporting.reportsubscription')),
                ('workbook', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.storeddocument')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ScheduledReportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Used in addresses.')),
                ('asked_at', models.DateTimeField(verbose_name='asked for at')),
                ('as_at', models.DateField(verbose_name='figures as at')),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('uptake', 'Uptake against target'), ('pathway', 'Pathway and quality'), ('equality', 'Equality')], max_length=10), size=None, verbose_name='sections')),
                ('is_controlled', models.BooleanField(verbose_name='under disclosure control')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='made at')),
                ('content_hash', models.CharField(blank=True, max_length=64, verbose_name='content hash')),
                ('asked_by', models.ForeignKey(db_constraint=False, help_text='Whom it is for.', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('commissioner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.commissioner')),
                ('job', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.job')),
                ('pdf', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.storeddocument')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reporting.scheduledreport')),
                ('snapshot', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reporting.snapshot')),
                ('subscription', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reporting.reportsubscription')),
                ('workbook', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.storeddocument')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='reportsubscription',
            index=models.Index(condition=models.Q(('stopped_at__isnull', True)), fields=['rhythm'], name='report_subscription_running'),
        ),
        migrations.AddConstraint(
            model_name='reportsubscription',
            constraint=models.UniqueConstraint(condition=models.Q(('stopped_at__isnull', True)), fields=('commissioner', 'user', 'rhythm'), name='report_subscription_once'),
        ),
        migrations.AddConstraint(
            model_name='reportsubscription',
            constraint=models.CheckConstraint(condition=models.Q(('sections__contained_by', ['uptake', 'pathway', 'equality']), ('sections__len__gte', 1)), name='report_subscription_sections'),
        ),
        migrations.AddConstraint(
            model_name='reportsubscription',
            constraint=models.CheckConstraint(condition=models.Q(('rhythm__in', ['monthly', 'quarterly'])), name='report_subscription_rhythm'),
        ),
        migrations.AddConstraint(
            model_name='reportsubscription',
            constraint=models.CheckConstraint(condition=models.Q(('stopped_at__isnull', False), ('stop_reason', ''), _connector='OR'), name='report_subscription_stopped_why'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportsubscription',
            trigger=pgtrigger.compiler.Trigger(name='report_subscription_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='57147819f34c39b205e04b9fec1327203d88be45', operation='DELETE', pgid='pgtrigger_report_subscription_no_delete_d7dfe', table='reporting_reportsubscription', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportsubscription',
            trigger=pgtrigger.compiler.Trigger(name='report_subscription_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='16408d16e179c5d4f4a423f002e173c8ddc494c3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_report_subscription_no_truncate_e03be', table='reporting_reportsubscription', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportsubscription',
            trigger=pgtrigger.compiler.Trigger(name='report_subscription_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."commissioner_id" IS DISTINCT FROM (NEW."commissioner_id") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."rhythm" IS DISTINCT FROM (NEW."rhythm") OR OLD."asked_on" IS DISTINCT FROM (NEW."asked_on"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='16bcaa13189353f5b0d8809a20dc7a719d62e4c8', operation='UPDATE', pgid='pgtrigger_report_subscription_fixed_b13a4', table='reporting_reportsubscription', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportsubscription',
            trigger=pgtrigger.compiler.Trigger(name='report_subscription_stays_stopped', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.stopped_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='bc29ec6234ee0c7011c305ecd7f5788f75df676c', operation='UPDATE', pgid='pgtrigger_report_subscription_stays_stopped_09c4d', table='reporting_reportsubscription', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportsubscription',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_reportsubscriptionevent" ("asked_on", "commissioner_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "rhythm", "sections", "stop_reason", "stopped_at", "user_id") VALUES (NEW."asked_on", NEW."commissioner_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."rhythm", NEW."sections", NEW."stop_reason", NEW."stopped_at", NEW."user_id"); RETURN NULL;', hash='07a39dcda4e603d2b929499df84b00178fe4aa8b', operation='INSERT', pgid='pgtrigger_insert_insert_3424c', table='reporting_reportsubscription', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportsubscription',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_reportsubscriptionevent" ("asked_on", "commissioner_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "rhythm", "sections", "stop_reason", "stopped_at", "user_id") VALUES (NEW."asked_on", NEW."commissioner_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."rhythm", NEW."sections", NEW."stop_reason", NEW."stopped_at", NEW."user_id"); RETURN NULL;', hash='3b3aee632afd0f064d78c48057be4b1e11b0a054', operation='UPDATE', pgid='pgtrigger_update_update_36470', table='reporting_reportsubscription', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportsubscriptionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b7ce1a504ec534b15cd2d7d333c96c78e58c7bd5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fe98a', table='reporting_reportsubscriptionevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='scheduledreport',
            index=models.Index(fields=['commissioner', '-asked_at', '-id'], name='scheduled_report_newest'),
        ),
        migrations.AddConstraint(
            model_name='scheduledreport',
            constraint=models.UniqueConstraint(fields=('subscription', 'as_at'), name='scheduled_report_once'),
        ),
        migrations.AddConstraint(
            model_name='scheduledreport',
            constraint=models.CheckConstraint(condition=models.Q(('sections__contained_by', ['uptake', 'pathway', 'equality']), ('sections__len__gte', 1)), name='scheduled_report_sections'),
        ),
        migrations.AddConstraint(
            model_name='scheduledreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', False), ('content_hash__regex', '^[0-9a-f]{64}$'), ('made_at__isnull', False), ('pdf__isnull', False), ('snapshot__isnull', False), ('workbook__isnull', False)), models.Q(('content__isnull', True), ('content_hash', ''), ('made_at__isnull', True), ('pdf__isnull', True), ('snapshot__isnull', True), ('workbook__isnull', True)), _connector='OR'), name='scheduled_report_made_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduledreport',
            trigger=pgtrigger.compiler.Trigger(name='scheduled_report_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='79633bc2cbad1e2181d9d8ca6e36545b2b58db8c', operation='DELETE', pgid='pgtrigger_scheduled_report_no_delete_83fc7', table='reporting_scheduledreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduledreport',
            trigger=pgtrigger.compiler.Trigger(name='scheduled_report_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='e68771c5f7dcb7e087bef0133cbb234a78f8aff8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_scheduled_report_no_truncate_17e5d', table='reporting_scheduledreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduledreport',
            trigger=pgtrigger.compiler.Trigger(name='scheduled_report_is_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.made_at IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9b65c47d9b061ec98efe855c13dab2ea82c987e6', operation='UPDATE', pgid='pgtrigger_scheduled_report_is_frozen_a6566', table='reporting_scheduledreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduledreport',
            trigger=pgtrigger.compiler.Trigger(name='scheduled_report_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."commissioner_id" IS DISTINCT FROM (NEW."commissioner_id") OR OLD."subscription_id" IS DISTINCT FROM (NEW."subscription_id") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."as_at" IS DISTINCT FROM (NEW."as_at") OR OLD."sections" IS DISTINCT FROM (NEW."sections"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a6d3962567491e995d8d6a491e331712a02cb881', operation='UPDATE', pgid='pgtrigger_scheduled_report_fixed_b87d8', table='reporting_scheduledreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduledreport',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_scheduledreportevent" ("as_at", "asked_at", "asked_by_id", "commissioner_id", "content_hash", "id", "is_controlled", "job_id", "made_at", "pdf_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "sections", "snapshot_id", "subscription_id", "workbook_id") VALUES (NEW."as_at", NEW."asked_at", NEW."asked_by_id", NEW."commissioner_id", NEW."content_hash", NEW."id", NEW."is_controlled", NEW."job_id", NEW."made_at", NEW."pdf_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."sections", NEW."snapshot_id", NEW."subscription_id", NEW."workbook_id"); RETURN NULL;', hash='86103eb03cddc72c951ec4b449b5a63d2fd18f32', operation='INSERT', pgid='pgtrigger_insert_insert_ce357', table='reporting_scheduledreport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduledreport',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."as_at" IS DISTINCT FROM (NEW."as_at") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."commissioner_id" IS DISTINCT FROM (NEW."commissioner_id") OR OLD."content_hash" IS DISTINCT FROM (NEW."content_hash") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_controlled" IS DISTINCT FROM (NEW."is_controlled") OR OLD."job_id" IS DISTINCT FROM (NEW."job_id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."pdf_id" IS DISTINCT FROM (NEW."pdf_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."sections" IS DISTINCT FROM (NEW."sections") OR OLD."snapshot_id" IS DISTINCT FROM (NEW."snapshot_id") OR OLD."subscription_id" IS DISTINCT FROM (NEW."subscription_id") OR OLD."workbook_id" IS DISTINCT FROM (NEW."workbook_id"))', func='INSERT INTO "reporting_scheduledreportevent" ("as_at", "asked_at", "asked_by_id", "commissioner_id", "content_hash", "id", "is_controlled", "job_id", "made_at", "pdf_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "sections", "snapshot_id", "subscription_id", "workbook_id") VALUES (NEW."as_at", NEW."asked_at", NEW."asked_by_id", NEW."commissioner_id", NEW."content_hash", NEW."id", NEW."is_controlled", NEW."job_id", NEW."made_at", NEW."pdf_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."sections", NEW."snapshot_id", NEW."subscription_id", NEW."workbook_id"); RETURN NULL;', hash='e10b2e6fc2b0baa67cc1b57e7e70a738b0aee565', operation='UPDATE', pgid='pgtrigger_update_update_aa470', table='reporting_scheduledreport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduledreportevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='91cf7b9fe307315ffdd156487fd83e49b13a0183', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_33156', table='reporting_scheduledreportevent', when='BEFORE')),
        ),
    ])]
