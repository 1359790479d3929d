import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import reporting.rules.counting
from phb_register.migration_steps import AllAtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('phb_register', '0006_list_workbooks'),
        ('reporting', '0006_eligible_imports_and_variation'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [AllAtOnce([
        migrations.CreateModel(
            name='CountingPolicyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('applies_from', models.DateField(verbose_name='applies from')),
                ('counts_notional', models.BooleanField(default=True, verbose_name='notional budgets count')),
                ('breakdown', models.CharField(choices=[('strongest', 'strongest'), ('each', 'each')], default=reporting.rules.counting.Breakdown['STRONGEST'], max_length=12, verbose_name='people with several methods')),
                ('counts_joint', models.BooleanField(default=True, verbose_name='budgets paid for with others count')),
                ('counts_one_off', models.BooleanField(default=True, verbose_name='one-off budgets count in the year')),
                ('counts_from', models.CharField(choices=[('agreed', 'agreed'), ('started', 'started')], default=reporting.rules.counting.CountsFrom['AGREED'], max_length=12, verbose_name='from when somebody counts')),
                ('wheelchair_needs_review', models.BooleanField(default=True, verbose_name='wheelchair budgets need a yearly review')),
                ('source', models.CharField(help_text='Where this way of counting is set out.', max_length=300, verbose_name='source')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-applies_from', '-number'],
                'constraints': [models.UniqueConstraint(fields=('commissioner', 'number'), name='counting_number_once'), models.CheckConstraint(condition=models.Q(('breakdown__in', ['strongest', 'each'])), name='counting_breakdown_known'), models.CheckConstraint(condition=models.Q(('counts_from__in', ['agreed', 'started'])), name='counting_from_known'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='counting_has_a_source')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='countingpolicychange',
            trigger=pgtrigger.compiler.Trigger(name='counting_policy_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='255abef9b3ef1f6e93345fad42d62051f403b8bb', operation='UPDATE OR DELETE', pgid='pgtrigger_counting_policy_append_only_09e86', table='reporting_countingpolicychange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='countingpolicychange',
            trigger=pgtrigger.compiler.Trigger(name='counting_policy_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='f47f6d1469b860e2ef9653efe7c788ae6a02635c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_counting_policy_no_truncate_46147', table='reporting_countingpolicychange', when='BEFORE')),
        ),
    ])]
