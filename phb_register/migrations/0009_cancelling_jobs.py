import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from phb_register.migration_steps import AllAtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('phb_register', '0008_history_of_what_is_removed'),
    ]

    operations = [AllAtOnce([
        pgtrigger.migrations.RemoveTrigger(
            model_name='job',
            name='job_states',
        ),
        migrations.RemoveConstraint(
            model_name='job',
            name='job_finished_has_a_time',
        ),
        migrations.AddField(
            model_name='job',
            name='is_cancel_asked',
            field=models.BooleanField(default=False, help_text='A running one stops when it next says how far it is.', verbose_name='asked to stop'),
        ),
        migrations.AlterField(
            model_name='job',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting to start'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=9, verbose_name='state'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='job',
            trigger=pgtrigger.compiler.Trigger(name='job_states', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{queued:running,queued:failed,running:done,running:failed,running:queued,failed:queued,queued:cancelled,running:cancelled,cancelled:queued}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='cff03a551c3a0e12ea97d83d8667b094e2f8cb16', operation='UPDATE', pgid='pgtrigger_job_states_f2a00', table='phb_register_job', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed', 'cancelled'])), models.Q(('finished_at__isnull', True), ('state__in', ['queued', 'running'])), _connector='OR'), name='job_finished_has_a_time'),
        ),
    ])]
