"""Rule sets that are drafted, tried and approved; clocks, letters, reconsiderations, offers and transfers.

Made as many by the command and folded into one, whole tables first and triggers last: every step apart costs a new
picture of all tables.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import eligibility.models.rule_sets
import eligibility.rules.outcomes
import pgtrigger.compiler
import pgtrigger.migrations
import phb_register.models.commissioners
import uuid
from django.conf import settings
from django.db import migrations, models

from phb_register.migration_steps import AllAtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('eligibility', '0001_initial'),
        ('offers', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('phb_register', '0002_merge_people_and_count_working_days'),
    ]

    operations = [AllAtOnce([
        pgtrigger.migrations.RemoveTrigger(
            model_name='rulesetversion',
            name='rule_set_version_frozen',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='rulesetversion',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='rulesetversion',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='referral',
            name='referral_status_jump',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='referral',
            name='referral_fixed',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='referral',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='referral',
            name='update_update',
        ),
        migrations.RemoveConstraint(
            model_name='rulesetversion',
            name='rule_set_version_has_a_source',
        ),
        migrations.RemoveConstraint(
            model_name='rulesetversion',
            name='rule_set_version_one_in_force',
        ),
        migrations.RemoveConstraint(
            model_name='referraldraft',
            name='draft_keeps_nothing_once_submitted',
        ),
        migrations.CreateModel(
            name='RuleSetVersionEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(verbose_name='revision')),
                ('part', models.CharField(choices=[('start', 'Started the version'), ('details', 'Changed the details'), ('content', 'Changed the criteria'), ('reading', 'Chose a reading'), ('cases', 'Changed the worked cases')], max_length=12, verbose_name='part')),
                ('edited_at', models.DateTimeField(verbose_name='edited at')),
                ('edited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='eligibility.rulesetversion')),
            ],
            options={
                'ordering': ['revision'],
                'constraints': [models.UniqueConstraint(fields=('version', 'revision'), name='rule_set_version_revision_once'), models.CheckConstraint(condition=models.Q(('part__in', ['start', 'details', 'content', 'reading', 'cases'])), name='rule_set_version_edit_known_part')],
            },
        ),
        migrations.CreateModel(
            name='RuleSetVersionTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=12, verbose_name='action')),
                ('from_status', models.CharField(blank=True, choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], max_length=12, verbose_name='from')),
                ('to_status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], max_length=12, verbose_name='to')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='eligibility.rulesetversion')),
            ],
            options={
                'ordering': ['made_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='BudgetOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='reference')),
                ('offered_on', models.DateField(verbose_name='offered on')),
                ('channel', models.CharField(choices=[('in_person', 'In person'), ('phone', 'By phone'), ('video', 'By video call'), ('letter', 'By letter'), ('email', 'By e-mail')], max_length=12, verbose_name='how')),
                ('information_given', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('written_guide', 'A written guide'), ('talk', 'A talk with somebody who knows about budgets'), ('peer_support', 'Contact with somebody who has a budget'), ('website', 'The local offer on the website'), ('other', 'Something else')], max_length=16), size=None, verbose_name='information given')),
                ('other_information', models.CharField(blank=True, max_length=200, verbose_name='what else')),
                ('communication_format', models.CharField(choices=[('standard', 'Standard print'), ('large_print', 'Large print'), ('easy_read', 'Easy read'), ('braille', 'Braille'), ('audio', 'Audio'), ('email', 'E-mail')], max_length=16, verbose_name='format')),
                ('methods_discussed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('notional', 'Notional budget'), ('third_party', 'Third-party budget'), ('direct_payment', 'Direct payment'), ('mixed', 'A mix of these')], max_length=16), size=None, verbose_name='methods discussed')),
                ('response', models.CharField(choices=[('not_answered', 'Not answered yet'), ('accepted', 'Accepted'), ('not_now', 'Not now'), ('declined', 'Declined')], default='not_answered', max_length=16, verbose_name='answer')),
                ('responded_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('why_not', models.CharField(blank=True, choices=[('content', 'Content with the present care'), ('too_much', 'Too much to manage'), ('employing', 'Worried about employing people'), ('family', 'Family circumstances'), ('not_understood', 'Did not understand the offer'), ('too_ill', 'Too ill'), ('other', 'Another reason')], max_length=16, verbose_name='why not')),
                ('why_not_note', models.TextField(blank=True, verbose_name='more about why not')),
                ('next_offer_on', models.DateField(blank=True, null=True, verbose_name='offer again on')),
                ('is_current', models.BooleanField(default=True, verbose_name='no correction took its place')),
                ('correction_note', models.TextField(blank=True, verbose_name='what was wrong')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='eligibility.budgetoffer')),
                ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.person')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.referral')),
            ],
            options={
                'ordering': ['-offered_on', '-pk'],
                'indexes': [models.Index(condition=models.Q(('is_current', True)), fields=['commissioner', 'offered_on'], name='offer_by_commissioner'), models.Index(condition=models.Q(('is_current', True)), fields=['person', '-offered_on'], name='offer_by_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('information_given__len__gt', 0)), name='budget_offer_gives_information'), models.CheckConstraint(condition=models.Q(('information_given__contained_by', ['written_guide', 'talk', 'peer_support', 'website', 'other'])), name='budget_offer_known_information'), models.CheckConstraint(condition=models.Q(('methods_discussed__contained_by', ['notional', 'third_party', 'direct_payment', 'mixed'])), name='budget_offer_known_methods'), models.CheckConstraint(condition=models.Q(models.Q(('information_given__contains', ['other']), _negated=True), models.Q(('other_information', ''), _negated=True), _connector='OR'), name='budget_offer_names_other'), models.CheckConstraint(condition=models.Q(models.Q(('response__in', ('not_now', 'declined')), models.Q(('why_not', ''), _negated=True)), models.Q(models.Q(('response__in', ('not_now', 'declined')), _negated=True), ('why_not', ''), ('why_not_note', '')), _connector='OR'), name='budget_offer_why_not'), models.CheckConstraint(condition=models.Q(('next_offer_on__isnull', True), ('next_offer_on__gt', models.F('offered_on')), _connector='OR'), name='budget_offer_next_is_later'), models.CheckConstraint(condition=models.Q(models.Q(('correction_note', ''), ('corrects__isnull', True)), models.Q(('corrects__isnull', False), models.Q(('correction_note', ''), _negated=True)), _connector='OR'), name='budget_offer_correction_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('responded_on__gte', models.F('offered_on')), ('responded_on__isnull', False), ('response__in', ('accepted', 'not_now', 'declined'))), models.Q(('responded_on__isnull', True), ('response', 'not_answered')), _connector='OR'), name='budget_offer_answer_dated')],
            },
        ),
        migrations.CreateModel(
            name='BudgetOfferEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='reference')),
                ('offered_on', models.DateField(verbose_name='offered on')),
                ('channel', models.CharField(choices=[('in_person', 'In person'), ('phone', 'By phone'), ('video', 'By video call'), ('letter', 'By letter'), ('email', 'By e-mail')], max_length=12, verbose_name='how')),
                ('information_given', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('written_guide', 'A written guide'), ('talk', 'A talk with somebody who knows about budgets'), ('peer_support', 'Contact with somebody who has a budget'), ('website', 'The local offer on the website'), ('other', 'Something else')], max_length=16), size=None, verbose_name='information given')),
                ('other_information', models.CharField(blank=True, max_length=200, verbose_name='what else')),
                ('communication_format', models.CharField(choices=[('standard', 'Standard print'), ('large_print', 'Large print'), ('easy_read', 'Easy read'), ('braille', 'Braille'), ('audio', 'Audio'), ('email', 'E-mail')], max_length=16, verbose_name='format')),
                ('methods_discussed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('notional', 'Notional budget'), ('third_party', 'Third-party budget'), ('direct_payment', 'Direct payment'), ('mixed', 'A mix of these')], max_length=16), size=None, verbose_name='methods discussed')),
                ('response', models.CharField(choices=[('not_answered', 'Not answered yet'), ('accepted', 'Accepted'), ('not_now', 'Not now'), ('declined', 'Declined')], default='not_answered', max_length=16, verbose_name='answer')),
                ('responded_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('why_not', models.CharField(blank=True, choices=[('content', 'Content with the present care'), ('too_much', 'Too much to manage'), ('employing', 'Worried about employing people'), ('family', 'Family circumstances'), ('not_understood', 'Did not understand the offer'), ('too_ill', 'Too ill'), ('other', 'Another reason')], max_length=16, verbose_name='why not')),
                ('why_not_note', models.TextField(blank=True, verbose_name='more about why not')),
                ('next_offer_on', models.DateField(blank=True, null=True, verbose_name='offer again on')),
                ('is_current', models.BooleanField(default=True, verbose_name='no correction took its place')),
                ('correction_note', models.TextField(blank=True, verbose_name='what was wrong')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('commissioner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.commissioner')),
                ('corrects', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.budgetoffer')),
                ('offered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='eligibility.budgetoffer')),
                ('recorded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.referral')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='reference')),
                ('reason', models.CharField(choices=[('gp_changed', 'The person changed GP practice'), ('moved', 'The person moved, and is not registered with a GP practice'), ('placement', 'A placement began or ended'), ('succession', 'The commissioner closed, and another took over'), ('other', 'Another reason')], max_length=16, verbose_name='reason')),
                ('basis', models.CharField(choices=[('gp_practice', 'The GP practice where the person is registered'), ('usual_residence', 'Where the person usually lives'), ('placement', 'It made the placement in a care home or an independent hospital'), ('section_117', 'It is responsible for the person’s section 117 after-care'), ('other', 'Another basis')], max_length=16, verbose_name='basis of responsibility')),
                ('note', models.TextField(blank=True, verbose_name='note for the other commissioner')),
                ('effective_on', models.DateField(verbose_name='takes effect on')),
                ('status', models.CharField(choices=[('waiting', 'Waiting for the other commissioner'), ('sent', 'Sent to a commissioner that does not use this register'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('cancelled', 'Cancelled')], default='waiting', max_length=12, verbose_name='status')),
                ('requested_on', models.DateField(verbose_name='asked for on')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('answered_for', models.CharField(blank=True, max_length=200, verbose_name='who answered there')),
                ('answer_note', models.TextField(blank=True, verbose_name='note on the answer')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.person')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
            ],
            options={
                'ordering': ['-requested_on', '-pk'],
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['to_commissioner', 'effective_on'], name='transfer_to_answer'), models.Index(fields=['from_commissioner', '-requested_on'], name='transfer_from')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('waiting', 'sent'))), fields=('person',), name='transfer_one_open'), models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'sent', 'accepted', 'refused', 'cancelled'])), name='transfer_known_status'), models.CheckConstraint(condition=models.Q(('from_commissioner', models.F('to_commissioner')), _negated=True), name='transfer_to_another'), models.CheckConstraint(condition=models.Q(models.Q(('answered_by__isnull', False), ('answered_on__isnull', False), ('status__in', ('accepted', 'refused'))), models.Q(models.Q(('status__in', ('accepted', 'refused')), _negated=True), ('answer_note', ''), ('answered_by__isnull', True), ('answered_for', ''), ('answered_on__isnull', True)), _connector='OR'), name='transfer_answer_whole'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'refused'), _negated=True), models.Q(('answer_note', ''), _negated=True), _connector='OR'), name='transfer_refusal_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'accepted'), _negated=True), ('answered_on__gte', models.F('effective_on')), _connector='OR'), name='transfer_accepted_once_in_effect'), models.CheckConstraint(condition=models.Q(('answered_on__isnull', True), ('answered_on__gte', models.F('requested_on')), _connector='OR'), name='transfer_answered_after_asked'), models.CheckConstraint(condition=models.Q(models.Q(('reason', 'other'), ('basis', 'other'), _connector='OR', _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='transfer_unusual_says_why')],
            },
        ),
        migrations.CreateModel(
            name='PersonTransferEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='reference')),
                ('reason', models.CharField(choices=[('gp_changed', 'The person changed GP practice'), ('moved', 'The person moved, and is not registered with a GP practice'), ('placement', 'A placement began or ended'), ('succession', 'The commissioner closed, and another took over'), ('other', 'Another reason')], max_length=16, verbose_name='reason')),
                ('basis', models.CharField(choices=[('gp_practice', 'The GP practice where the person is registered'), ('usual_residence', 'Where the person usually lives'), ('placement', 'It made the placement in a care home or an independent hospital'), ('section_117', 'It is responsible for the person’s section 117 after-care'), ('other', 'Another basis')], max_length=16, verbose_name='basis of responsibility')),
                ('note', models.TextField(blank=True, verbose_name='note for the other commissioner')),
                ('effective_on', models.DateField(verbose_name='takes effect on')),
                ('status', models.CharField(choices=[('waiting', 'Waiting for the other commissioner'), ('sent', 'Sent to a commissioner that does not use this register'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('cancelled', 'Cancelled')], default='waiting', max_length=12, verbose_name='status')),
                ('requested_on', models.DateField(verbose_name='asked for on')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('answered_for', models.CharField(blank=True, max_length=200, verbose_name='who answered there')),
                ('answer_note', models.TextField(blank=True, verbose_name='note on the answer')),
                ('answered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_commissioner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.commissioner')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='eligibility.persontransfer')),
                ('requested_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_commissioner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.commissioner')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonTransferTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=20, verbose_name='action')),
                ('from_status', models.CharField(blank=True, choices=[('waiting', 'Waiting for the other commissioner'), ('sent', 'Sent to a commissioner that does not use this register'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('cancelled', 'Cancelled')], max_length=12, verbose_name='from')),
                ('to_status', models.CharField(choices=[('waiting', 'Waiting for the other commissioner'), ('sent', 'Sent to a commissioner that does not use this register'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('cancelled', 'Cancelled')], max_length=12, verbose_name='to')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('occurred_on', models.DateField(verbose_name='happened on')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='eligibility.persontransfer')),
            ],
            options={
                'ordering': ['recorded_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Reconsideration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='reference')),
                ('refusal', models.CharField(choices=[('whole', 'The personal health budget'), ('part', 'Part of the care'), ('direct_payment', 'A direct payment'), ('service', 'A service in the plan')], max_length=16, verbose_name='what was refused')),
                ('status', models.CharField(choices=[('requested', 'Waiting to be decided'), ('decided', 'Decided, notice not given yet'), ('notified', 'Decided, and notice given'), ('withdrawn', 'Withdrawn')], default='requested', max_length=12, verbose_name='status')),
                ('requested_on', models.DateField(verbose_name='asked on')),
                ('asked_by', models.CharField(choices=[('person', 'The person'), ('representative', 'Somebody who acts for the person')], max_length=16, verbose_name='asked by')),
                ('statement', models.TextField(verbose_name='why they think the decision is wrong')),
                ('new_information', models.TextField(blank=True, verbose_name='anything new')),
                ('due_on', models.DateField(verbose_name='decide by')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'Upheld: the refusal stands'), ('changed', 'Changed: it is no longer refused'), ('changed_in_part', 'Changed in part: less is refused')], max_length=16, verbose_name='outcome')),
                ('reasons', models.TextField(blank=True, verbose_name='reasons')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='decided on')),
                ('notice_given_on', models.DateField(blank=True, null=True, verbose_name='notice given on')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.decision')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('representative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.representative')),
            ],
            options={
                'ordering': ['-requested_on', '-pk'],
                'indexes': [models.Index(condition=models.Q(('status', 'requested')), fields=['due_on'], name='reconsideration_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'requested')), fields=('decision',), name='reconsideration_one_open'), models.CheckConstraint(condition=models.Q(('status__in', ['requested', 'decided', 'notified', 'withdrawn'])), name='reconsideration_known_status'), models.CheckConstraint(condition=models.Q(('statement', ''), _negated=True), name='reconsideration_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('asked_by', 'representative'), ('representative__isnull', False)), models.Q(('asked_by', 'person'), ('representative__isnull', True)), _connector='OR'), name='reconsideration_by_representative'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('requested_on'))), name='reconsideration_due_after_asked'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', False), ('decided_on__isnull', False), ('status__in', ('decided', 'notified')), ('outcome__in', ['upheld', 'changed', 'changed_in_part']), models.Q(('reasons', ''), _negated=True)), models.Q(models.Q(('status__in', ('decided', 'notified')), _negated=True), ('decided_by__isnull', True), ('decided_on__isnull', True), ('outcome', ''), ('reasons', '')), _connector='OR'), name='reconsideration_settled_whole'), models.CheckConstraint(condition=models.Q(('decided_on__isnull', True), ('decided_on__gte', models.F('requested_on')), _connector='OR'), name='reconsideration_decided_after_asked'), models.CheckConstraint(condition=models.Q(models.Q(('notice_given_on__isnull', False), ('status', 'notified'), ('notice_given_on__gte', models.F('decided_on'))), models.Q(models.Q(('status', 'notified'), _negated=True), ('notice_given_on__isnull', True)), _connector='OR'), name='reconsideration_notice_once_notified')],
            },
        ),
        migrations.CreateModel(
            name='ReconsiderationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='reference')),
                ('refusal', models.CharField(choices=[('whole', 'The personal health budget'), ('part', 'Part of the care'), ('direct_payment', 'A direct payment'), ('service', 'A service in the plan')], max_length=16, verbose_name='what was refused')),
                ('status', models.CharField(choices=[('requested', 'Waiting to be decided'), ('decided', 'Decided, notice not given yet'), ('notified', 'Decided, and notice given'), ('withdrawn', 'Withdrawn')], default='requested', max_length=12, verbose_name='status')),
                ('requested_on', models.DateField(verbose_name='asked on')),
                ('asked_by', models.CharField(choices=[('person', 'The person'), ('representative', 'Somebody who acts for the person')], max_length=16, verbose_name='asked by')),
                ('statement', models.TextField(verbose_name='why they think the decision is wrong')),
                ('new_information', models.TextField(blank=True, verbose_name='anything new')),
                ('due_on', models.DateField(verbose_name='decide by')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'Upheld: the refusal stands'), ('changed', 'Changed: it is no longer refused'), ('changed_in_part', 'Changed in part: less is refused')], max_length=16, verbose_name='outcome')),
                ('reasons', models.TextField(blank=True, verbose_name='reasons')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='decided on')),
                ('notice_given_on', models.DateField(blank=True, null=True, verbose_name='notice given on')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.decision')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='eligibility.reconsideration')),
                ('recorded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('representative', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.representative')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReconsiderationTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=20, verbose_name='action')),
                ('from_status', models.CharField(blank=True, choices=[('requested', 'Waiting to be decided'), ('decided', 'Decided, notice not given yet'), ('notified', 'Decided, and notice given'), ('withdrawn', 'Withdrawn')], max_length=12, verbose_name='from')),
                ('to_status', models.CharField(choices=[('requested', 'Waiting to be decided'), ('decided', 'Decided, notice not given yet'), ('notified', 'Decided, and notice given'), ('withdrawn', 'Withdrawn')], max_length=12, verbose_name='to')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('occurred_on', models.DateField(verbose_name='happened on')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reconsideration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='eligibility.reconsideration')),
            ],
            options={
                'ordering': ['recorded_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ResponsibilityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed', models.CharField(max_length=100, verbose_name='what changed')),
                ('opened_on', models.DateField(verbose_name='opened on')),
                ('result', models.CharField(blank=True, choices=[('same', 'The same commissioner is still responsible'), ('transfer', 'A transfer was started')], max_length=12, verbose_name='result')),
                ('basis', models.CharField(blank=True, choices=[('gp_practice', 'The GP practice where the person is registered'), ('usual_residence', 'Where the person usually lives'), ('placement', 'It made the placement in a care home or an independent hospital'), ('section_117', 'It is responsible for the person’s section 117 after-care'), ('other', 'Another basis')], max_length=16, verbose_name='basis of responsibility')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.person')),
            ],
            options={
                'ordering': ['-opened_on', '-pk'],
                'indexes': [models.Index(condition=models.Q(('result', '')), fields=['opened_on'], name='responsibility_check_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('result', '')), fields=('person',), name='responsibility_check_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('closed_by__isnull', True), ('closed_on__isnull', True), ('result', '')), models.Q(models.Q(('result', ''), _negated=True), ('closed_by__isnull', False), ('closed_on__gte', models.F('opened_on')), ('closed_on__isnull', False), models.Q(('basis', ''), _negated=True)), _connector='OR'), name='responsibility_check_whole')],
            },
        ),
        migrations.CreateModel(
            name='ScreeningDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='reference')),
                ('assessed_on', models.DateField(verbose_name='assessed on')),
                ('reason', models.TextField(verbose_name='why the person is screened again')),
                ('facts', models.JSONField(default=dict, verbose_name='answers')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.referral')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-updated_at'],
                'constraints': [models.UniqueConstraint(fields=('user', 'referral'), name='screening_draft_once_a_user'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='screening_draft_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='BirthdayReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('age', models.PositiveSmallIntegerField(choices=[(16, '16th'), (18, '18th'), (25, '25th')], verbose_name='birthday')),
                ('reviewed_on', models.DateField(verbose_name='reviewed on')),
                ('outcome', models.TextField(verbose_name='what was found and agreed')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.person')),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-reviewed_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('person', 'age'), name='birthday_reviewed_once', violation_error_message='This birthday is reviewed already'), models.CheckConstraint(condition=models.Q(('age__in', (16, 18, 25))), name='birthday_of_a_reviewed_age'), models.CheckConstraint(condition=models.Q(('outcome', ''), _negated=True), name='birthday_review_has_an_outcome')],
            },
        ),
        migrations.CreateModel(
            name='LetterTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('accepted', 'Referral accepted'), ('accepted_in_part', 'Referral accepted in part'), ('declined', 'Referral declined'), ('more_information', 'More information needed'), ('budget_offer', 'Offer of a personal health budget'), ('reconsideration_outcome', 'Outcome of a reconsideration')], max_length=24, verbose_name='kind')),
                ('wording', models.CharField(choices=[('standard', 'Standard'), ('easy_read', 'Easy read')], max_length=12, verbose_name='wording')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('heading', models.CharField(max_length=160, verbose_name='heading')),
                ('body', models.TextField(verbose_name='text')),
                ('written_at', models.DateTimeField(auto_now_add=True, verbose_name='written at')),
                ('commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['commissioner', 'kind', 'wording', '-version'],
                'constraints': [models.UniqueConstraint(fields=('commissioner', 'kind', 'wording', 'version'), name='letter_template_version_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='letter_template_version_from_one'), models.CheckConstraint(condition=models.Q(models.Q(('heading', ''), _negated=True), models.Q(('body', ''), _negated=True)), name='letter_template_has_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['accepted', 'accepted_in_part', 'declined', 'more_information', 'budget_offer', 'reconsideration_outcome'])), name='letter_template_known_kind')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='reference')),
                ('writing_key', models.UUIDField(editable=False, unique=True, verbose_name='writing key')),
                ('kind', models.CharField(choices=[('accepted', 'Referral accepted'), ('accepted_in_part', 'Referral accepted in part'), ('declined', 'Referral declined'), ('more_information', 'More information needed'), ('budget_offer', 'Offer of a personal health budget'), ('reconsideration_outcome', 'Outcome of a reconsideration')], max_length=24, verbose_name='kind')),
                ('wording', models.CharField(choices=[('standard', 'Standard'), ('easy_read', 'Easy read')], max_length=12, verbose_name='wording')),
                ('communication_format', models.CharField(choices=[('standard', 'Standard print'), ('large_print', 'Large print'), ('easy_read', 'Easy read'), ('braille', 'Braille'), ('audio', 'Audio'), ('email', 'E-mail')], max_length=16, verbose_name='format')),
                ('language', models.CharField(default='en-GB', max_length=12, verbose_name='language')),
                ('address', models.TextField(verbose_name='name and address')),
                ('heading', models.CharField(max_length=160, verbose_name='heading')),
                ('body', models.TextField(verbose_name='text')),
                ('source', models.TextField(verbose_name='text before its slots were filled')),
                ('values', models.JSONField(verbose_name='values put into the text')),
                ('written_on', models.DateField(verbose_name='date of the letter')),
                ('written_at', models.DateTimeField(auto_now_add=True, verbose_name='written at')),
                ('replacement_reason', models.TextField(blank=True, verbose_name='why it replaces another')),
                ('commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.decision')),
                ('pdf', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.storeddocument')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.person')),
                ('reconsideration', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.reconsideration')),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.referral')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='eligibility.letter')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.lettertemplate')),
            ],
            options={
                'ordering': ['-written_on', '-pk'],
                'indexes': [models.Index(fields=['person', '-written_on'], name='letter_by_person'), models.Index(fields=['commissioner', 'written_on'], name='letter_by_commissioner')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('heading', ''), _negated=True), models.Q(('body', ''), _negated=True), models.Q(('address', ''), _negated=True)), name='letter_has_text'), models.CheckConstraint(condition=models.Q(('kind__in', ['accepted', 'accepted_in_part', 'declined', 'more_information', 'budget_offer', 'reconsideration_outcome'])), name='letter_known_kind'), models.CheckConstraint(condition=models.Q(('referral__isnull', False), ('kind', 'budget_offer'), _connector='OR'), name='letter_belongs_to_a_case'), models.CheckConstraint(condition=models.Q(models.Q(('decision__isnull', False), ('kind__in', ('accepted', 'accepted_in_part', 'declined'))), models.Q(models.Q(('kind__in', ('accepted', 'accepted_in_part', 'declined')), _negated=True), ('decision__isnull', True)), _connector='OR'), name='letter_of_a_decision_names_it'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reconsideration_outcome'), ('reconsideration__isnull', False)), models.Q(models.Q(('kind', 'reconsideration_outcome'), _negated=True), ('reconsideration__isnull', True)), _connector='OR'), name='letter_of_a_reconsideration_names_it'), models.CheckConstraint(condition=models.Q(models.Q(('replacement_reason', ''), ('replaces__isnull', True)), models.Q(('replaces__isnull', False), models.Q(('replacement_reason', ''), _negated=True)), _connector='OR'), name='letter_replaces_with_a_reason'), models.UniqueConstraint(condition=models.Q(('decision__isnull', False), ('replaces__isnull', True)), fields=('decision', 'kind'), name='letter_of_a_decision_once'), models.UniqueConstraint(condition=models.Q(('reconsideration__isnull', False), ('replaces__isnull', True)), fields=('reconsideration',), name='letter_of_a_reconsideration_once')],
            },
        ),
        migrations.CreateModel(
            name='LetterEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='reference')),
                ('writing_key', models.UUIDField(editable=False, verbose_name='writing key')),
                ('kind', models.CharField(choices=[('accepted', 'Referral accepted'), ('accepted_in_part', 'Referral accepted in part'), ('declined', 'Referral declined'), ('more_information', 'More information needed'), ('budget_offer', 'Offer of a personal health budget'), ('reconsideration_outcome', 'Outcome of a reconsideration')], max_length=24, verbose_name='kind')),
                ('wording', models.CharField(choices=[('standard', 'Standard'), ('easy_read', 'Easy read')], max_length=12, verbose_name='wording')),
                ('communication_format', models.CharField(choices=[('standard', 'Standard print'), ('large_print', 'Large print'), ('easy_read', 'Easy read'), ('braille', 'Braille'), ('audio', 'Audio'), ('email', 'E-mail')], max_length=16, verbose_name='format')),
                ('language', models.CharField(default='en-GB', max_length=12, verbose_name='language')),
                ('address', models.TextField(verbose_name='name and address')),
                ('heading', models.CharField(max_length=160, verbose_name='heading')),
                ('body', models.TextField(verbose_name='text')),
                ('source', models.TextField(verbose_name='text before its slots were filled')),
                ('values', models.JSONField(verbose_name='values put into the text')),
                ('written_on', models.DateField(verbose_name='date of the letter')),
                ('written_at', models.DateTimeField(auto_now_add=True, verbose_name='written at')),
                ('replacement_reason', models.TextField(blank=True, verbose_name='why it replaces another')),
                ('commissioner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.commissioner')),
                ('decision', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.decision')),
                ('pdf', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.storeddocument')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='phb_register.person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='eligibility.letter')),
                ('reconsideration', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.reconsideration')),
                ('referral', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.referral')),
                ('replaces', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.letter')),
                ('written_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.lettertemplate')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LetterSending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_on', models.DateField(verbose_name='sent on')),
                ('how', models.CharField(choices=[('post', 'By post'), ('email', 'By e-mail'), ('by_hand', 'Given by hand'), ('read_out', 'Read out')], max_length=12, verbose_name='how it was sent')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sendings', to='eligibility.letter')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['sent_on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('letter', 'sent_on', 'how'), name='letter_sending_once')],
            },
        ),
        migrations.CreateModel(
            name='ResourceImplications',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='reference')),
                ('revision', models.PositiveIntegerField(verbose_name='revision of the version')),
                ('as_at', models.DateField(verbose_name='as at')),
                ('period_from', models.DateField(verbose_name='referrals received from')),
                ('period_to', models.DateField(verbose_name='referrals received to')),
                ('asked_on', models.DateField(verbose_name='asked on')),
                ('facts_used', models.JSONField(null=True, verbose_name='facts used')),
                ('result', models.JSONField(null=True, verbose_name='result')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.job')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.rulesetversion')),
            ],
            options={
                'verbose_name_plural': 'resource implications',
                'ordering': ['-asked_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('version', 'revision', 'commissioner', 'as_at', 'period_from', 'period_to', 'asked_on'), name='resource_implications_once_a_day'), models.CheckConstraint(condition=models.Q(('period_to__gte', models.F('period_from'))), name='resource_implications_period_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('facts_used__isnull', True), ('finished_at__isnull', True), ('result__isnull', True)), models.Q(('facts_used__isnull', False), ('finished_at__isnull', False), ('result__isnull', False)), _connector='OR'), name='resource_implications_whole_or_not_at_all')],
            },
        ),
        migrations.CreateModel(
            name='ResourceImplicationsPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.CharField(choices=[('comes_in', 'Would come in'), ('falls_out', 'Would fall out'), ('stronger', 'Stronger ground'), ('weaker', 'Weaker ground'), ('not_settled', 'Not settled')], max_length=12, verbose_name='change')),
                ('from_outcome', models.CharField(max_length=32, verbose_name='outcome now')),
                ('to_outcome', models.CharField(max_length=32, verbose_name='outcome then')),
                ('missing', models.JSONField(default=list, verbose_name='facts missing')),
                ('was_referred', models.BooleanField(verbose_name='referred in the period')),
                ('has_budget', models.BooleanField(verbose_name='has a budget of the cohort')),
                ('estimated_annual_amount', models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name='estimated annual amount')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offers.cohort')),
                ('commissioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.commissioner')),
                ('implications', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.resourceimplications')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='phb_register.person')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['implications', 'change', 'id'], name='implications_person_by_change')],
                'constraints': [models.UniqueConstraint(fields=('implications', 'person'), name='resource_implications_person_once'), models.CheckConstraint(condition=models.Q(('change__in', ['comes_in', 'falls_out', 'stronger', 'weaker', 'not_settled'])), name='resource_implications_person_known_change'), models.CheckConstraint(condition=models.Q(models.Q(('change', 'not_settled'), models.Q(('missing', []), _negated=True)), models.Q(models.Q(('change', 'not_settled'), _negated=True), ('missing', [])), _connector='OR'), name='resource_implications_person_missing_if_not_settled')],
            },
        ),
        migrations.CreateModel(
            name='ReferralPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('information', 'Waiting for information'), ('person_asked', 'The person asked us to wait'), ('in_hospital', 'The person is in hospital'), ('another_body', 'Waiting for another body'), ('withdrawn', 'Withdrawn, then reopened'), ('other', 'Another reason')], max_length=16, verbose_name='reason')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('started_on', models.DateField(verbose_name='started on')),
                ('ended_on', models.DateField(blank=True, help_text='The first day that counts again.', null=True, verbose_name='ended on')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('ended_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='eligibility.referral')),
                ('started_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['started_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__in', ['information', 'person_asked', 'in_hospital', 'another_body', 'withdrawn', 'other'])), name='pause_known_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by__isnull', True), ('ended_on__isnull', True)), models.Q(('ended_by__isnull', False), ('ended_on__gte', models.F('started_on')), ('ended_on__isnull', False)), _connector='OR'), name='pause_ended_by_somebody'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('referral', '='), (phb_register.models.commissioners.DateRange('started_on', 'ended_on'), '&&')], name='pause_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='ReferralPauseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reason', models.CharField(choices=[('information', 'Waiting for information'), ('person_asked', 'The person asked us to wait'), ('in_hospital', 'The person is in hospital'), ('another_body', 'Waiting for another body'), ('withdrawn', 'Withdrawn, then reopened'), ('other', 'Another reason')], max_length=16, verbose_name='reason')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('started_on', models.DateField(verbose_name='started on')),
                ('ended_on', models.DateField(blank=True, help_text='The first day that counts again.', null=True, verbose_name='ended on')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('ended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='eligibility.referralpause')),
                ('referral', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.referral')),
                ('started_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='approval_status',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='approved', max_length=12, verbose_name='approval'),
        ),
    ]),
        migrations.AlterField(
            model_name='rulesetversion',
            name='approval_status',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12, verbose_name='approval'),
        ),
        AllAtOnce([
        migrations.AddField(
            model_name='rulesetversion',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='approved at'),
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='cases',
            field=models.JSONField(blank=True, default=list, verbose_name='worked cases'),
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='change_note',
            field=models.TextField(blank=True, verbose_name='what changes, and why'),
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last edited'),
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='prepared_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='revision',
            field=models.PositiveIntegerField(default=1, verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='supersedes',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='eligibility.rulesetversion'),
        ),
        migrations.AddField(
            model_name='rulesetversion',
            name='supersedes_until',
            field=models.DateField(blank=True, help_text='None: until further notice.', null=True, verbose_name='last day of the superseded version before'),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='approval_status',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='approved', max_length=12, verbose_name='approval'),
        ),
    ]),
        migrations.AlterField(
            model_name='rulesetversionevent',
            name='approval_status',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12, verbose_name='approval'),
        ),
        AllAtOnce([
        migrations.AddField(
            model_name='rulesetversionevent',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='approved at'),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='approved_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='cases',
            field=models.JSONField(blank=True, default=list, verbose_name='worked cases'),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='change_note',
            field=models.TextField(blank=True, verbose_name='what changes, and why'),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last edited'),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='prepared_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='revision',
            field=models.PositiveIntegerField(default=1, verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='supersedes',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='eligibility.rulesetversion'),
        ),
        migrations.AddField(
            model_name='rulesetversionevent',
            name='supersedes_until',
            field=models.DateField(blank=True, help_text='None: until further notice.', null=True, verbose_name='last day of the superseded version before'),
        ),
        migrations.AlterField(
            model_name='rulesetversion',
            name='source',
            field=models.CharField(blank=True, help_text='Paper and paragraph, or law and regulation.', max_length=300, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='rulesetversionevent',
            name='source',
            field=models.CharField(blank=True, help_text='Paper and paragraph, or law and regulation.', max_length=300, verbose_name='source'),
        ),
        migrations.AddField(
            model_name='decision',
            name='direct_payment_explanation',
            field=models.TextField(blank=True, verbose_name='reasons for refusing a direct payment'),
        ),
        migrations.AddField(
            model_name='decision',
            name='direct_payment_reason',
            field=models.CharField(blank=True, choices=[('excluded', 'A drug or alcohol order excludes the person (the Schedule)'), ('no_consent', 'Nobody who can consent to it asked for it (regulations 3 to 5)'), ('no_suitable_person', 'No suitable representative or nominee was found (regulations 4 to 6)'), ('cannot_manage', 'It could not be managed, even with the help available (regulation 7)'), ('not_same_outcomes', 'It would not meet the need as well, or for the money (regulation 7)'), ('care_bought_for_many', 'The care is bought for many people under one contract'), ('other', 'Another reason')], max_length=24, verbose_name='why a direct payment is refused'),
        ),
        migrations.AddField(
            model_name='decision',
            name='number',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='number'),
        ),
        migrations.AddField(
            model_name='decision',
            name='refused_services',
            field=models.TextField(blank=True, verbose_name='services left out of the plan'),
        ),
        migrations.AddField(
            model_name='decision',
            name='service_explanation',
            field=models.TextField(blank=True, verbose_name='reasons for leaving out a service'),
        ),
        migrations.AddField(
            model_name='decision',
            name='service_reason',
            field=models.CharField(blank=True, choices=[('not_allowed', 'The money may not be spent on it'), ('need_not_met', 'It would not meet an assessed health need'), ('not_safe', 'Its risks could not be managed'), ('provided_already', 'The NHS or another body provides it already'), ('too_costly', 'The need can be met as well for less'), ('other', 'Another reason')], max_length=24, verbose_name='why a service is left out'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='referral',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='eligibility.referral'),
        ),
        migrations.AddField(
            model_name='decision',
            name='reconsideration',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='further_decision', to='eligibility.reconsideration'),
        ),
        migrations.AddField(
            model_name='screening',
            name='facts_in_words',
            field=models.JSONField(default=list, verbose_name='facts as they read that day'),
        ),
        migrations.AddField(
            model_name='screening',
            name='reason',
            field=models.TextField(blank=True, verbose_name='why the person was screened again'),
        ),
        migrations.AddField(
            model_name='referral',
            name='acknowledge_due_on',
            field=models.DateField(blank=True, help_text='Empty for those made before this was recorded.', null=True, verbose_name='acknowledge by'),
        ),
        migrations.AddField(
            model_name='referral',
            name='acknowledged_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referral',
            name='acknowledged_on',
            field=models.DateField(blank=True, null=True, verbose_name='acknowledged on'),
        ),
        migrations.AddField(
            model_name='referral',
            name='allocated_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referral',
            name='decision_days',
            field=models.PositiveSmallIntegerField(default=28, verbose_name='days to decide'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='referral',
            name='decision_days_counted',
            field=models.CharField(choices=[('calendar', 'Calendar days'), ('working', 'Working days: not weekends, nor bank holidays in England')], default='calendar', max_length=8, verbose_name='which days count'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='referral',
            name='follow_up_on',
            field=models.DateField(blank=True, null=True, verbose_name='follow up on'),
        ),
        migrations.AddField(
            model_name='referraldraft',
            name='typed',
            field=models.JSONField(default=dict, verbose_name='typed and not finished'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='acknowledge_due_on',
            field=models.DateField(blank=True, help_text='Empty for those made before this was recorded.', null=True, verbose_name='acknowledge by'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='acknowledged_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='acknowledged_on',
            field=models.DateField(blank=True, null=True, verbose_name='acknowledged on'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='allocated_to',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='decision_days',
            field=models.PositiveSmallIntegerField(default=28, verbose_name='days to decide'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='referralevent',
            name='decision_days_counted',
            field=models.CharField(choices=[('calendar', 'Calendar days'), ('working', 'Working days: not weekends, nor bank holidays in England')], default='calendar', max_length=8, verbose_name='which days count'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='referralevent',
            name='follow_up_on',
            field=models.DateField(blank=True, null=True, verbose_name='follow up on'),
        ),
        # What was promised before the days were kept: they are between receipt and the date that was given. The history
        # is written once, so its guard stands aside for this.
        migrations.RunSQL(
            """
            UPDATE eligibility_referral SET decision_days = decision_due_on - received_on
                WHERE decision_days <> decision_due_on - received_on;
            ALTER TABLE eligibility_referralevent DISABLE TRIGGER USER;
            UPDATE eligibility_referralevent SET decision_days = decision_due_on - received_on
                WHERE decision_days <> decision_due_on - received_on;
            ALTER TABLE eligibility_referralevent ENABLE TRIGGER USER;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='rulesetversion',
            constraint=models.CheckConstraint(condition=models.Q(('approval_status__in', ['draft', 'withdrawn']), models.Q(('source', ''), _negated=True), _connector='OR'), name='rule_set_version_has_a_source'),
        ),
        migrations.AddConstraint(
            model_name='rulesetversion',
            constraint=models.CheckConstraint(condition=models.Q(('approval_status__in', ['draft', 'submitted', 'approved', 'withdrawn'])), name='rule_set_version_known_approval'),
        ),
        migrations.AddConstraint(
            model_name='rulesetversion',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('prepared_by__isnull', False), models.Q(('approved_by', models.F('prepared_by')), _negated=True)), _connector='OR'), name='rule_set_version_not_approved_by_preparer'),
        ),
        migrations.AddConstraint(
            model_name='rulesetversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='rule_set_version_approved_by_and_at'),
        ),
        migrations.AddConstraint(
            model_name='rulesetversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approval_status', 'approved'), ('prepared_by__isnull', True)), models.Q(('approval_status', 'approved'), ('approved_by__isnull', False)), models.Q(('approval_status', 'withdrawn'), ('prepared_by__isnull', False)), models.Q(('approval_status__in', ['draft', 'submitted']), ('approved_by__isnull', True), ('prepared_by__isnull', False)), _connector='OR'), name='rule_set_version_approved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='rulesetversion',
            constraint=models.CheckConstraint(condition=models.Q(('supersedes__isnull', False), ('supersedes_until__isnull', True), _connector='OR'), name='rule_set_version_supersedes_whole'),
        ),
        migrations.AddConstraint(
            model_name='rulesetversion',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('approval_status', 'approved'), ('status', eligibility.rules.outcomes.RuleSetStatus['IN_FORCE'])), expressions=[('rule_set', '='), (eligibility.models.rule_sets.InclusiveDateRange('effective_from', 'effective_to'), '&&')], name='rule_set_version_one_in_force', violation_error_message='Another version is in force on some of these days. Give it a last day first'),
        ),
        migrations.AlterModelOptions(
            name='decision',
            options={'ordering': ['referral', 'number']},
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('referral', 'number'), name='decision_number_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('reconsideration__isnull', True)), models.Q(('number__gt', 1), ('reconsideration__isnull', False)), _connector='OR'), name='decision_further_by_reconsideration'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('direct_payment_explanation', ''), ('direct_payment_reason', '')), models.Q(models.Q(('direct_payment_reason', ''), _negated=True), models.Q(('direct_payment_explanation', ''), _negated=True), models.Q(('outcome', 'declined'), _negated=True), models.Q(('reconsideration_route', ''), _negated=True)), _connector='OR'), name='decision_direct_payment_refusal_whole'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refused_services', ''), ('service_explanation', ''), ('service_reason', '')), models.Q(models.Q(('service_reason', ''), _negated=True), models.Q(('service_explanation', ''), _negated=True), models.Q(('refused_services', ''), _negated=True), models.Q(('outcome', 'declined'), _negated=True), models.Q(('reconsideration_route', ''), _negated=True)), _connector='OR'), name='decision_service_refusal_whole'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('allocated_to__isnull', True), ('status', 'submitted')), fields=['commissioner', 'decision_due_on'], name='referral_unallocated'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('status', 'submitted')), fields=['allocated_to', 'decision_due_on'], name='referral_allocated'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('acknowledged_on__isnull', True), ('status', 'submitted')), fields=['commissioner', 'acknowledge_due_on'], name='referral_to_acknowledge'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('follow_up_on__isnull', False)), fields=['commissioner', 'follow_up_on'], name='referral_to_follow_up'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('decision_days_counted__in', ['calendar', 'working'])), name='referral_known_day_count'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_by__isnull', True), ('acknowledged_on__isnull', True)), models.Q(('acknowledged_by__isnull', False), ('acknowledged_on__gte', models.F('received_on'))), _connector='OR'), name='referral_acknowledged_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('follow_up_on__isnull', True), ('status', 'submitted'), _connector='OR'), name='referral_paused_only_while_waiting'),
        ),
        migrations.AddConstraint(
            model_name='referraldraft',
            constraint=models.CheckConstraint(condition=models.Q(('referral__isnull', True), models.Q(('details', {}), ('facts', {}), ('note', ''), ('typed', {})), _connector='OR'), name='draft_keeps_nothing_once_submitted'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleset',
            trigger=pgtrigger.compiler.Trigger(name='rule_set_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."cohort_id" IS DISTINCT FROM (NEW."cohort_id") OR OLD."commissioner_id" IS DISTINCT FROM (NEW."commissioner_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='60018c7b62e86b7f01a39287aff818b8264f0b98', operation='UPDATE', pgid='pgtrigger_rule_set_fixed_e9ef6', table='eligibility_ruleset', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversion',
            trigger=pgtrigger.compiler.Trigger(name='rule_set_version_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."approval_status" IN (\'submitted\', \'approved\', \'withdrawn\') OR NEW."approval_status" IN (\'approved\', \'withdrawn\'))', func="\n            IF OLD.approval_status <> 'draft'\n                AND to_jsonb(NEW) - ARRAY['approval_status', 'approved_by_id', 'approved_at', 'supersedes_id', 'supersedes_until', 'effective_to'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['approval_status', 'approved_by_id', 'approved_at', 'supersedes_id', 'supersedes_until', 'effective_to']\n            THEN\n                RAISE EXCEPTION 'A version is edited only while it is a draft: have it sent back, or start another'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF OLD.approval_status IN ('approved', 'withdrawn') AND (\n                NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id\n                OR NEW.approved_at IS DISTINCT FROM OLD.approved_at\n                OR NEW.supersedes_id IS DISTINCT FROM OLD.supersedes_id\n                OR NEW.supersedes_until IS DISTINCT FROM OLD.supersedes_until\n            ) THEN\n                RAISE EXCEPTION 'Who approved a version, and what it superseded, stays as it was'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF OLD.approval_status <> 'draft' AND NEW.effective_to IS DISTINCT FROM OLD.effective_to\n                AND NOT (\n                    OLD.approval_status = 'approved' AND NEW.approval_status = 'approved' AND EXISTS (\n                        SELECT 1 FROM eligibility_rulesetversion AS later\n                        WHERE later.supersedes_id = OLD.id AND (\n                            (\n                                later.approval_status = 'submitted'\n                                AND later.effective_from = NEW.effective_to + 1\n                                AND (OLD.effective_to IS NULL OR NEW.effective_to < OLD.effective_to)\n                            ) OR (\n                                later.approval_status = 'withdrawn'\n                                AND later.effective_from = OLD.effective_to + 1\n                                AND later.supersedes_until IS NOT DISTINCT FROM NEW.effective_to\n                            )\n                        )\n                    )\n                )\n            THEN\n                RAISE EXCEPTION 'An approved version is only given a last day when another takes over'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF NEW.approval_status = 'approved' AND OLD.approval_status <> 'approved' AND EXISTS (\n                SELECT 1 FROM eligibility_rulesetversionedit AS edit\n                WHERE edit.version_id = NEW.id AND edit.edited_by_id = NEW.approved_by_id\n            ) THEN\n                RAISE EXCEPTION 'Whoever edited a version cannot approve it'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='7d6b4c1f636b5165d6be5966a2798b3eff3493c2', operation='UPDATE', pgid='pgtrigger_rule_set_version_frozen_ef42a', table='eligibility_rulesetversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversion',
            trigger=pgtrigger.compiler.Trigger(name='rule_set_version_states', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."approval_status", \':\', NEW."approval_status") = ANY(\'{approved:withdrawn,draft:submitted,draft:withdrawn,submitted:approved,submitted:draft,submitted:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."approval_status" IS DISTINCT FROM NEW."approval_status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "approval_status" from "%" to "%" on table %\', OLD."approval_status", NEW."approval_status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='c3e2f45d994785495ca782da58428dcbb6b2c5f9', operation='UPDATE', pgid='pgtrigger_rule_set_version_states_d401a', table='eligibility_rulesetversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversion',
            trigger=pgtrigger.compiler.Trigger(name='rule_set_version_begins_as_draft', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.approval_status <> 'draft' AND NOT (NEW.approval_status = 'approved' AND NEW.prepared_by_id IS NULL))", func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='28a644c362c15216088eb53d035851aadb2d01d4', operation='INSERT', pgid='pgtrigger_rule_set_version_begins_as_draft_7c915', table='eligibility_rulesetversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "eligibility_rulesetversionevent" ("approval_status", "approved_at", "approved_by_id", "cases", "change_note", "content", "edited_at", "effective_from", "effective_to", "id", "number", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_by_id", "revision", "rule_set_id", "source", "status", "supersedes_id", "supersedes_until") VALUES (NEW."approval_status", NEW."approved_at", NEW."approved_by_id", NEW."cases", NEW."change_note", NEW."content", NEW."edited_at", NEW."effective_from", NEW."effective_to", NEW."id", NEW."number", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prepared_by_id", NEW."revision", NEW."rule_set_id", NEW."source", NEW."status", NEW."supersedes_id", NEW."supersedes_until"); RETURN NULL;', hash='21fa51c474b5af60c76b7554f66421cf7ec22324', operation='INSERT', pgid='pgtrigger_insert_insert_1c3c8', table='eligibility_rulesetversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "eligibility_rulesetversionevent" ("approval_status", "approved_at", "approved_by_id", "cases", "change_note", "content", "edited_at", "effective_from", "effective_to", "id", "number", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_by_id", "revision", "rule_set_id", "source", "status", "supersedes_id", "supersedes_until") VALUES (NEW."approval_status", NEW."approved_at", NEW."approved_by_id", NEW."cases", NEW."change_note", NEW."content", NEW."edited_at", NEW."effective_from", NEW."effective_to", NEW."id", NEW."number", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prepared_by_id", NEW."revision", NEW."rule_set_id", NEW."source", NEW."status", NEW."supersedes_id", NEW."supersedes_until"); RETURN NULL;', hash='1fb85cf296b7c0b7cda47c768b72ea28b9cb7121', operation='UPDATE', pgid='pgtrigger_update_update_2f8df', table='eligibility_rulesetversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversionedit',
            trigger=pgtrigger.compiler.Trigger(name='rule_set_version_edit_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7aa14a1b1cadcd74c5be1512adee1c279ccd029f', operation='UPDATE OR DELETE', pgid='pgtrigger_rule_set_version_edit_append_only_0ac17', table='eligibility_rulesetversionedit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversionedit',
            trigger=pgtrigger.compiler.Trigger(name='rule_set_version_edit_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='cf1265f383227ae0c6de4398efd9cff25d750180', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rule_set_version_edit_no_truncate_829cf', table='eligibility_rulesetversionedit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversiontransition',
            trigger=pgtrigger.compiler.Trigger(name='rule_set_version_transition_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3fb36ae7269e59ffd5a9c7c6028de7c95f9204a8', operation='UPDATE OR DELETE', pgid='pgtrigger_rule_set_version_transition_append_only_df2ec', table='eligibility_rulesetversiontransition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rulesetversiontransition',
            trigger=pgtrigger.compiler.Trigger(name='rule_set_version_transition_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='a4d4806168497978d41700ba8416de19f66e7345', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_rule_set_version_transition_no_truncate_81c73', table='eligibility_rulesetversiontransition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_decided_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status <> 'submitted' AND OLD.commissioner_id IS DISTINCT FROM NEW.commissioner_id)", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b341a85867564aab62bec7399557f7ea4716386a', operation='UPDATE', pgid='pgtrigger_referral_decided_stays_6a2b4', table='eligibility_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetoffer',
            trigger=pgtrigger.compiler.Trigger(name='budget_offer_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."commissioner_id" IS DISTINCT FROM (NEW."commissioner_id") OR OLD."referral_id" IS DISTINCT FROM (NEW."referral_id") OR OLD."offered_on" IS DISTINCT FROM (NEW."offered_on") OR OLD."offered_by_id" IS DISTINCT FROM (NEW."offered_by_id") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."information_given" IS DISTINCT FROM (NEW."information_given") OR OLD."other_information" IS DISTINCT FROM (NEW."other_information") OR OLD."communication_format" IS DISTINCT FROM (NEW."communication_format") OR OLD."methods_discussed" IS DISTINCT FROM (NEW."methods_discussed") OR OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id") OR OLD."correction_note" IS DISTINCT FROM (NEW."correction_note") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6ab9fe76c85b8afdbfe04a909d645188c051c42a', operation='UPDATE', pgid='pgtrigger_budget_offer_fixed_09b69', table='eligibility_budgetoffer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetoffer',
            trigger=pgtrigger.compiler.Trigger(name='budget_offer_answered_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.response <> 'not_answered' AND (OLD.response, OLD.responded_on, OLD.why_not, OLD.why_not_note, OLD.next_offer_on) IS DISTINCT FROM (NEW.response, NEW.responded_on, NEW.why_not, NEW.why_not_note, NEW.next_offer_on))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='42ff9f11f79b9a9245cefbe8933e43b7c71d6880', operation='UPDATE', pgid='pgtrigger_budget_offer_answered_once_9dfbc', table='eligibility_budgetoffer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetoffer',
            trigger=pgtrigger.compiler.Trigger(name='budget_offer_corrected_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NOT OLD.is_current AND to_jsonb(OLD) - 'person_id' IS DISTINCT FROM to_jsonb(NEW) - 'person_id')", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='057fb192fe32da2bc0a93e8c76e4a7e3faa98d33', operation='UPDATE', pgid='pgtrigger_budget_offer_corrected_for_good_622c6', table='eligibility_budgetoffer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetoffer',
            trigger=pgtrigger.compiler.Trigger(name='budget_offer_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='95ef4ce94bbb37a27293bc50df9762782aa65e4c', operation='DELETE', pgid='pgtrigger_budget_offer_no_delete_e6078', table='eligibility_budgetoffer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetoffer',
            trigger=pgtrigger.compiler.Trigger(name='budget_offer_follows_merges', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE merged_into bigint;', func="\n            IF TG_OP = 'UPDATE' AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO merged_into FROM phb_register_person WHERE id = NEW.person_id FOR SHARE;\n            IF merged_into IS NOT NULL THEN\n                RAISE EXCEPTION 'This record of a person was merged into another'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_merged';\n            END IF;\n            \n        IF TG_OP = 'UPDATE' AND NOT EXISTS (\n            SELECT 1 FROM phb_register_personmerge\n            WHERE (status = 'merged' AND merged_id = OLD.person_id AND kept_id = NEW.person_id)\n                OR (status = 'reversed' AND kept_id = OLD.person_id AND merged_id = NEW.person_id)\n        ) THEN\n            RAISE EXCEPTION 'Rows of % move to another person only by a merge', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='ec3416ab9fe5d1ffc11db0684a0a5188c2861fe8', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_budget_offer_follows_merges_0b709', table='eligibility_budgetoffer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetoffer',
            trigger=pgtrigger.compiler.Trigger(name='budget_offer_no_partnership', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM phb_register_commissioner\n                WHERE id = NEW.commissioner_id AND kind = 'partnership'\n            ) THEN\n                RAISE EXCEPTION 'A partnership cannot be accountable for a person'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='fc81e9af5c882a723dd6d38113ba4e5d3dd92eff', operation='INSERT OR UPDATE OF "commissioner_id"', pgid='pgtrigger_budget_offer_no_partnership_95b7b', table='eligibility_budgetoffer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetoffer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "eligibility_budgetofferevent" ("channel", "commissioner_id", "communication_format", "correction_note", "corrects_id", "id", "information_given", "is_current", "methods_discussed", "next_offer_on", "offered_by_id", "offered_on", "other_information", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "referral_id", "responded_on", "response", "why_not", "why_not_note") VALUES (NEW."channel", NEW."commissioner_id", NEW."communication_format", NEW."correction_note", NEW."corrects_id", NEW."id", NEW."information_given", NEW."is_current", NEW."methods_discussed", NEW."next_offer_on", NEW."offered_by_id", NEW."offered_on", NEW."other_information", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."referral_id", NEW."responded_on", NEW."response", NEW."why_not", NEW."why_not_note"); RETURN NULL;', hash='f4b26ebe6433d9c68b54f0dfcb3b1ec7e4afcd95', operation='INSERT', pgid='pgtrigger_insert_insert_a5b55', table='eligibility_budgetoffer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetoffer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "eligibility_budgetofferevent" ("channel", "commissioner_id", "communication_format", "correction_note", "corrects_id", "id", "information_given", "is_current", "methods_discussed", "next_offer_on", "offered_by_id", "offered_on", "other_information", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "referral_id", "responded_on", "response", "why_not", "why_not_note") VALUES (NEW."channel", NEW."commissioner_id", NEW."communication_format", NEW."correction_note", NEW."corrects_id", NEW."id", NEW."information_given", NEW."is_current", NEW."methods_discussed", NEW."next_offer_on", NEW."offered_by_id", NEW."offered_on", NEW."other_information", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."referral_id", NEW."responded_on", NEW."response", NEW."why_not", NEW."why_not_note"); RETURN NULL;', hash='5139314b9a18759a1d517333ec9c5dbc9a9994a7', operation='UPDATE', pgid='pgtrigger_update_update_86a21', table='eligibility_budgetoffer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetofferevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d3e5d80a5b9f1592367e2ac9e66c41642faa2023', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8bbe3', table='eligibility_budgetofferevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_status_jump', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{sent:accepted,sent:cancelled,sent:refused,waiting:accepted,waiting:cancelled,waiting:refused}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='d3bc55c332b311d2fa0394b8a84d6911c5c2f391', operation='UPDATE', pgid='pgtrigger_transfer_status_jump_d5d7d', table='eligibility_persontransfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."from_commissioner_id" IS DISTINCT FROM (NEW."from_commissioner_id") OR OLD."to_commissioner_id" IS DISTINCT FROM (NEW."to_commissioner_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."basis" IS DISTINCT FROM (NEW."basis") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."effective_on" IS DISTINCT FROM (NEW."effective_on") OR OLD."requested_on" IS DISTINCT FROM (NEW."requested_on") OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='09ef2605123e5b20b598dce69933a90022e8e6fc', operation='UPDATE', pgid='pgtrigger_transfer_fixed_e93db', table='eligibility_persontransfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_answer_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status NOT IN ('waiting', 'sent') AND to_jsonb(OLD) - 'person_id' IS DISTINCT FROM to_jsonb(NEW) - 'person_id')", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a094dceed138dd7a55c96b6d47265c2f116b9c9d', operation='UPDATE', pgid='pgtrigger_transfer_answer_fixed_23d6f', table='eligibility_persontransfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_no_partnership', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (\n                        SELECT 1 FROM phb_register_commissioner\n                        WHERE id IN (NEW.from_commissioner_id, NEW.to_commissioner_id) AND kind = 'partnership'\n                    ) THEN\n                        RAISE EXCEPTION 'A partnership cannot be accountable for a person'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='bf8a8ec202ec0a2970b902cb5aefbc1b7f2bc7ed', operation='INSERT', pgid='pgtrigger_transfer_no_partnership_e54d9', table='eligibility_persontransfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b8e8026d34cca09a16a84b8e0d13e569281cc0d7', operation='DELETE', pgid='pgtrigger_transfer_no_delete_7a88d', table='eligibility_persontransfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_follows_merges', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE merged_into bigint;', func="\n            IF TG_OP = 'UPDATE' AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO merged_into FROM phb_register_person WHERE id = NEW.person_id FOR SHARE;\n            IF merged_into IS NOT NULL THEN\n                RAISE EXCEPTION 'This record of a person was merged into another'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_merged';\n            END IF;\n            \n        IF TG_OP = 'UPDATE' AND NOT EXISTS (\n            SELECT 1 FROM phb_register_personmerge\n            WHERE (status = 'merged' AND merged_id = OLD.person_id AND kept_id = NEW.person_id)\n                OR (status = 'reversed' AND kept_id = OLD.person_id AND merged_id = NEW.person_id)\n        ) THEN\n            RAISE EXCEPTION 'Rows of % move to another person only by a merge', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='0fc99039a4277c5fc88f04870f87eddf2b0a836a', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_transfer_follows_merges_c69f2', table='eligibility_persontransfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "eligibility_persontransferevent" ("answer_note", "answered_by_id", "answered_for", "answered_on", "basis", "effective_on", "from_commissioner_id", "id", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "reference", "requested_by_id", "requested_on", "status", "to_commissioner_id") VALUES (NEW."answer_note", NEW."answered_by_id", NEW."answered_for", NEW."answered_on", NEW."basis", NEW."effective_on", NEW."from_commissioner_id", NEW."id", NEW."note", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."recorded_at", NEW."reference", NEW."requested_by_id", NEW."requested_on", NEW."status", NEW."to_commissioner_id"); RETURN NULL;', hash='b50e63b9dc0875c483b4c04e894e1d8feaa4d415', operation='INSERT', pgid='pgtrigger_insert_insert_abc57', table='eligibility_persontransfer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "eligibility_persontransferevent" ("answer_note", "answered_by_id", "answered_for", "answered_on", "basis", "effective_on", "from_commissioner_id", "id", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "reference", "requested_by_id", "requested_on", "status", "to_commissioner_id") VALUES (NEW."answer_note", NEW."answered_by_id", NEW."answered_for", NEW."answered_on", NEW."basis", NEW."effective_on", NEW."from_commissioner_id", NEW."id", NEW."note", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."recorded_at", NEW."reference", NEW."requested_by_id", NEW."requested_on", NEW."status", NEW."to_commissioner_id"); RETURN NULL;', hash='8aea0a186ab659783bbd315eabb27cfd87029349', operation='UPDATE', pgid='pgtrigger_update_update_3503d', table='eligibility_persontransfer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransferevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6c83ee33063b4159b4dfb0783e2a7a2a2dcfd0d2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_97004', table='eligibility_persontransferevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfertransition',
            trigger=pgtrigger.compiler.Trigger(name='transfer_transition_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9c9a27ebf2c87161dd65c55a5eb2f68e1406bad2', operation='UPDATE OR DELETE', pgid='pgtrigger_transfer_transition_append_only_360f0', table='eligibility_persontransfertransition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persontransfertransition',
            trigger=pgtrigger.compiler.Trigger(name='transfer_transition_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='0843b3e9d89e9dc76779b92eaab2da6957a088f2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_transfer_transition_no_truncate_e2cb0', table='eligibility_persontransfertransition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_status_jump', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{decided:notified,requested:decided,requested:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='0221617becc01c339fd3cc14893a8ed206b32965', operation='UPDATE', pgid='pgtrigger_reconsideration_status_jump_e746e', table='eligibility_reconsideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."decision_id" IS DISTINCT FROM (NEW."decision_id") OR OLD."refusal" IS DISTINCT FROM (NEW."refusal") OR OLD."requested_on" IS DISTINCT FROM (NEW."requested_on") OR OLD."asked_by" IS DISTINCT FROM (NEW."asked_by") OR OLD."representative_id" IS DISTINCT FROM (NEW."representative_id") OR OLD."statement" IS DISTINCT FROM (NEW."statement") OR OLD."new_information" IS DISTINCT FROM (NEW."new_information") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9c4b8f8fded386ab4a9eb71960f9e80137ebfbe5', operation='UPDATE', pgid='pgtrigger_reconsideration_fixed_3a552', table='eligibility_reconsideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_settled_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status IN ('decided', 'notified') AND (OLD.outcome, OLD.reasons, OLD.decided_on, OLD.decided_by_id) IS DISTINCT FROM (NEW.outcome, NEW.reasons, NEW.decided_on, NEW.decided_by_id))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='58b95ac5c1de54524adf770fb22b282cb35da335', operation='UPDATE', pgid='pgtrigger_reconsideration_settled_fixed_0fe36', table='eligibility_reconsideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_of_a_refusal', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM eligibility_decision AS decision WHERE decision.id = NEW.decision_id AND (\n                            (NEW.refusal = 'whole' AND decision.outcome = 'declined')\n                            OR (NEW.refusal = 'part' AND decision.outcome = 'accepted_in_part')\n                            OR (NEW.refusal = 'direct_payment' AND decision.direct_payment_reason <> '')\n                            OR (NEW.refusal = 'service' AND decision.service_reason <> '')\n                        )\n                    ) THEN\n                        RAISE EXCEPTION 'The decision did not refuse this'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconsideration_of_a_refusal';\n                    END IF;\n                    RETURN NEW;\n                ", hash='aaf320a4faf1c14fb1b598af0a35bd0f72ba7516', operation='INSERT', pgid='pgtrigger_reconsideration_of_a_refusal_6d3da', table='eligibility_reconsideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_by_another', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NEW.decided_by_id = (\n                        SELECT decision.decided_by_id FROM eligibility_decision AS decision\n                        WHERE decision.id = NEW.decision_id\n                    ) THEN\n                        RAISE EXCEPTION 'Whoever made the decision cannot reconsider it'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconsideration_by_another';\n                    END IF;\n                    RETURN NEW;\n                ", hash='3dcd0c2e98bd2fd3f050d123f31b8a92b6008b37', operation='INSERT OR UPDATE OF "decided_by_id"', pgid='pgtrigger_reconsideration_by_another_3151d', table='eligibility_reconsideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b2f651f184ec21b6738f86d163028b60f7c5d16c', operation='DELETE', pgid='pgtrigger_reconsideration_no_delete_e786b', table='eligibility_reconsideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "eligibility_reconsiderationevent" ("asked_by", "decided_by_id", "decided_on", "decision_id", "due_on", "id", "new_information", "notice_given_on", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "recorded_at", "recorded_by_id", "reference", "refusal", "representative_id", "requested_on", "statement", "status") VALUES (NEW."asked_by", NEW."decided_by_id", NEW."decided_on", NEW."decision_id", NEW."due_on", NEW."id", NEW."new_information", NEW."notice_given_on", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reasons", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."refusal", NEW."representative_id", NEW."requested_on", NEW."statement", NEW."status"); RETURN NULL;', hash='5af576b144f93be695764cf56dda69f557a0e216', operation='INSERT', pgid='pgtrigger_insert_insert_230a0', table='eligibility_reconsideration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "eligibility_reconsiderationevent" ("asked_by", "decided_by_id", "decided_on", "decision_id", "due_on", "id", "new_information", "notice_given_on", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "recorded_at", "recorded_by_id", "reference", "refusal", "representative_id", "requested_on", "statement", "status") VALUES (NEW."asked_by", NEW."decided_by_id", NEW."decided_on", NEW."decision_id", NEW."due_on", NEW."id", NEW."new_information", NEW."notice_given_on", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reasons", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."refusal", NEW."representative_id", NEW."requested_on", NEW."statement", NEW."status"); RETURN NULL;', hash='a63cec55cd6869d550fa5e0afef152a8505d8c6c', operation='UPDATE', pgid='pgtrigger_update_update_71fe2', table='eligibility_reconsideration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsiderationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e78e23acb3efd45fc491bba36bf41ad9f8ce9375', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_eeb6d', table='eligibility_reconsiderationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsiderationtransition',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_transition_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='08909279b783ba18cf97d3e02cabc30d4d3a4b72', operation='UPDATE OR DELETE', pgid='pgtrigger_reconsideration_transition_append_only_83718', table='eligibility_reconsiderationtransition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsiderationtransition',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_transition_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='bf5e652d028bb1c840793f50d54f7002616c42a0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_reconsideration_transition_no_truncate_4ee19', table='eligibility_reconsiderationtransition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responsibilitycheck',
            trigger=pgtrigger.compiler.Trigger(name='responsibility_check_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.result <> '' AND to_jsonb(OLD) - 'person_id' IS DISTINCT FROM to_jsonb(NEW) - 'person_id')", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='74ed6dfd9afcb7a86bce29cc623e230efda0fea0', operation='UPDATE', pgid='pgtrigger_responsibility_check_fixed_d5586', table='eligibility_responsibilitycheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responsibilitycheck',
            trigger=pgtrigger.compiler.Trigger(name='responsibility_check_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='74e7912c439b99a11c5170eb3ab3375493840993', operation='DELETE', pgid='pgtrigger_responsibility_check_no_delete_fc130', table='eligibility_responsibilitycheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responsibilitycheck',
            trigger=pgtrigger.compiler.Trigger(name='responsibility_check_follows_merges', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE merged_into bigint;', func="\n            IF TG_OP = 'UPDATE' AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO merged_into FROM phb_register_person WHERE id = NEW.person_id FOR SHARE;\n            IF merged_into IS NOT NULL THEN\n                RAISE EXCEPTION 'This record of a person was merged into another'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_merged';\n            END IF;\n            \n        IF TG_OP = 'UPDATE' AND NOT EXISTS (\n            SELECT 1 FROM phb_register_personmerge\n            WHERE (status = 'merged' AND merged_id = OLD.person_id AND kept_id = NEW.person_id)\n                OR (status = 'reversed' AND kept_id = OLD.person_id AND merged_id = NEW.person_id)\n        ) THEN\n            RAISE EXCEPTION 'Rows of % move to another person only by a merge', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='14e8d894b0cd3bd26b2c8bd31ca0f69bf6240c35', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_responsibility_check_follows_merges_7ea23', table='eligibility_responsibilitycheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_follows_merges', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE merged_into bigint;', func="\n            IF TG_OP = 'UPDATE' AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO merged_into FROM phb_register_person WHERE id = NEW.person_id FOR SHARE;\n            IF merged_into IS NOT NULL THEN\n                RAISE EXCEPTION 'This record of a person was merged into another'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_merged';\n            END IF;\n            \n        IF TG_OP = 'UPDATE' AND NOT EXISTS (\n            SELECT 1 FROM phb_register_personmerge\n            WHERE (status = 'merged' AND merged_id = OLD.person_id AND kept_id = NEW.person_id)\n                OR (status = 'reversed' AND kept_id = OLD.person_id AND merged_id = NEW.person_id)\n        ) THEN\n            RAISE EXCEPTION 'Rows of % move to another person only by a merge', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='04e9c0b75275c096ff0560ff656bd2215f332ac6', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_referral_follows_merges_2fce8', table='eligibility_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referraldraft',
            trigger=pgtrigger.compiler.Trigger(name='draft_follows_merges', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE merged_into bigint;', func="\n            IF TG_OP = 'UPDATE' AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO merged_into FROM phb_register_person WHERE id = NEW.person_id FOR SHARE;\n            IF merged_into IS NOT NULL THEN\n                RAISE EXCEPTION 'This record of a person was merged into another'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_merged';\n            END IF;\n            \n            RETURN NEW;\n        ", hash='1684fd789025049a60b52111f85a959bb95b0309', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_draft_follows_merges_72895', table='eligibility_referraldraft', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='birthdayreview',
            trigger=pgtrigger.compiler.Trigger(name='birthday_review_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."age" IS DISTINCT FROM (NEW."age") OR OLD."reviewed_on" IS DISTINCT FROM (NEW."reviewed_on") OR OLD."reviewed_by_id" IS DISTINCT FROM (NEW."reviewed_by_id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='0237113ad895a54a58e3e2043e6ac92c0cf8d478', operation='UPDATE', pgid='pgtrigger_birthday_review_fixed_c6d38', table='eligibility_birthdayreview', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='birthdayreview',
            trigger=pgtrigger.compiler.Trigger(name='birthday_review_follows_merges', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE merged_into bigint;', func="\n            IF TG_OP = 'UPDATE' AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO merged_into FROM phb_register_person WHERE id = NEW.person_id FOR SHARE;\n            IF merged_into IS NOT NULL THEN\n                RAISE EXCEPTION 'This record of a person was merged into another'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_merged';\n            END IF;\n            \n        IF TG_OP = 'UPDATE' AND NOT EXISTS (\n            SELECT 1 FROM phb_register_personmerge\n            WHERE (status = 'merged' AND merged_id = OLD.person_id AND kept_id = NEW.person_id)\n                OR (status = 'reversed' AND kept_id = OLD.person_id AND merged_id = NEW.person_id)\n        ) THEN\n            RAISE EXCEPTION 'Rows of % move to another person only by a merge', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='b2259bcfa1d70715b5545486d530a0c87799cce0', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_birthday_review_follows_merges_24d98', table='eligibility_birthdayreview', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='birthdayreview',
            trigger=pgtrigger.compiler.Trigger(name='birthday_review_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='72e59b0ef9921ed6ada467b02986f5053abf5878', operation='DELETE', pgid='pgtrigger_birthday_review_no_delete_085de', table='eligibility_birthdayreview', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='birthdayreview',
            trigger=pgtrigger.compiler.Trigger(name='birthday_review_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='9898f1903eea4eec8a2d4605a0ffb82d00b85ccd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_birthday_review_no_truncate_3684c', table='eligibility_birthdayreview', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettersending',
            trigger=pgtrigger.compiler.Trigger(name='letter_sending_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b34688d62525efff997b93934fd4b805aaa00632', operation='UPDATE OR DELETE', pgid='pgtrigger_letter_sending_append_only_017f9', table='eligibility_lettersending', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettersending',
            trigger=pgtrigger.compiler.Trigger(name='letter_sending_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='9f4ba8b9ed41e698e1b0c104e8bf8de20fffe7d6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_letter_sending_no_truncate_f408d', table='eligibility_lettersending', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettertemplate',
            trigger=pgtrigger.compiler.Trigger(name='letter_template_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8454fa0a4129d598225dc6a42f4903920d45ff17', operation='UPDATE OR DELETE', pgid='pgtrigger_letter_template_append_only_65193', table='eligibility_lettertemplate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lettertemplate',
            trigger=pgtrigger.compiler.Trigger(name='letter_template_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='99af3c32bf52460857aa5a0cc28a23175c2ccb85', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_letter_template_no_truncate_b55f5', table='eligibility_lettertemplate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letterevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='313c396e0aec2e2a18ef75908d9acd2a811161a2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f768f', table='eligibility_letterevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letter',
            trigger=pgtrigger.compiler.Trigger(name='letter_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."writing_key" IS DISTINCT FROM (NEW."writing_key") OR OLD."commissioner_id" IS DISTINCT FROM (NEW."commissioner_id") OR OLD."referral_id" IS DISTINCT FROM (NEW."referral_id") OR OLD."decision_id" IS DISTINCT FROM (NEW."decision_id") OR OLD."reconsideration_id" IS DISTINCT FROM (NEW."reconsideration_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."wording" IS DISTINCT FROM (NEW."wording") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id") OR OLD."communication_format" IS DISTINCT FROM (NEW."communication_format") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."heading" IS DISTINCT FROM (NEW."heading") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."values" IS DISTINCT FROM (NEW."values") OR OLD."written_on" IS DISTINCT FROM (NEW."written_on") OR OLD."written_by_id" IS DISTINCT FROM (NEW."written_by_id") OR OLD."written_at" IS DISTINCT FROM (NEW."written_at") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id") OR OLD."replacement_reason" IS DISTINCT FROM (NEW."replacement_reason"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9377d04832818b71062d812c961cb57cfb80ba09', operation='UPDATE', pgid='pgtrigger_letter_fixed_648c3', table='eligibility_letter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letter',
            trigger=pgtrigger.compiler.Trigger(name='letter_one_pdf', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."pdf_id" IS NOT NULL)', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "pdf_id" rows from % table\', TG_TABLE_NAME;', hash='1de2059350adc0297bcd8669bf2e81539c792962', operation='UPDATE OF "pdf_id"', pgid='pgtrigger_letter_one_pdf_b56b4', table='eligibility_letter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letter',
            trigger=pgtrigger.compiler.Trigger(name='letter_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3c71330ddd6af7873b9ba06b0ff36a71d5118f9d', operation='DELETE', pgid='pgtrigger_letter_no_delete_be4fb', table='eligibility_letter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letter',
            trigger=pgtrigger.compiler.Trigger(name='letter_follows_merges', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE merged_into bigint;', func="\n            IF TG_OP = 'UPDATE' AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id THEN\n                RETURN NEW;\n            END IF;\n            SELECT merged_into_id INTO merged_into FROM phb_register_person WHERE id = NEW.person_id FOR SHARE;\n            IF merged_into IS NOT NULL THEN\n                RAISE EXCEPTION 'This record of a person was merged into another'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_merged';\n            END IF;\n            \n        IF TG_OP = 'UPDATE' AND NOT EXISTS (\n            SELECT 1 FROM phb_register_personmerge\n            WHERE (status = 'merged' AND merged_id = OLD.person_id AND kept_id = NEW.person_id)\n                OR (status = 'reversed' AND kept_id = OLD.person_id AND merged_id = NEW.person_id)\n        ) THEN\n            RAISE EXCEPTION 'Rows of % move to another person only by a merge', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n    \n            RETURN NEW;\n        ", hash='8995f5fcd74385e3f35aa324474e0d53ddb5bca0', operation='INSERT OR UPDATE OF "person_id"', pgid='pgtrigger_letter_follows_merges_92db1', table='eligibility_letter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letter',
            trigger=pgtrigger.compiler.Trigger(name='letter_no_partnership', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM phb_register_commissioner\n                WHERE id = NEW.commissioner_id AND kind = 'partnership'\n            ) THEN\n                RAISE EXCEPTION 'A partnership cannot be accountable for a person'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='8df60f060d8e0cd2be53a0109c5e291bffb520e0', operation='INSERT OR UPDATE OF "commissioner_id"', pgid='pgtrigger_letter_no_partnership_1b1fd', table='eligibility_letter', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letter',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "eligibility_letterevent" ("address", "body", "commissioner_id", "communication_format", "decision_id", "heading", "id", "kind", "language", "pdf_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reconsideration_id", "reference", "referral_id", "replacement_reason", "replaces_id", "source", "template_id", "values", "wording", "writing_key", "written_at", "written_by_id", "written_on") VALUES (NEW."address", NEW."body", NEW."commissioner_id", NEW."communication_format", NEW."decision_id", NEW."heading", NEW."id", NEW."kind", NEW."language", NEW."pdf_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reconsideration_id", NEW."reference", NEW."referral_id", NEW."replacement_reason", NEW."replaces_id", NEW."source", NEW."template_id", NEW."values", NEW."wording", NEW."writing_key", NEW."written_at", NEW."written_by_id", NEW."written_on"); RETURN NULL;', hash='a4b7d441b2dd1c044b3b14233019b196d95cd503', operation='INSERT', pgid='pgtrigger_insert_insert_37535', table='eligibility_letter', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='letter',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "eligibility_letterevent" ("address", "body", "commissioner_id", "communication_format", "decision_id", "heading", "id", "kind", "language", "pdf_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reconsideration_id", "reference", "referral_id", "replacement_reason", "replaces_id", "source", "template_id", "values", "wording", "writing_key", "written_at", "written_by_id", "written_on") VALUES (NEW."address", NEW."body", NEW."commissioner_id", NEW."communication_format", NEW."decision_id", NEW."heading", NEW."id", NEW."kind", NEW."language", NEW."pdf_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reconsideration_id", NEW."reference", NEW."referral_id", NEW."replacement_reason", NEW."replaces_id", NEW."source", NEW."template_id", NEW."values", NEW."wording", NEW."writing_key", NEW."written_at", NEW."written_by_id", NEW."written_on"); RETURN NULL;', hash='1df981afea225cc505d15f4aa6b01f18791532a7', operation='UPDATE', pgid='pgtrigger_update_update_6d5f1', table='eligibility_letter', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resourceimplications',
            trigger=pgtrigger.compiler.Trigger(name='resource_implications_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a39f41e58768690fe835dda231dd6cc7128005d1', operation='DELETE', pgid='pgtrigger_resource_implications_no_delete_cabe3', table='eligibility_resourceimplications', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resourceimplications',
            trigger=pgtrigger.compiler.Trigger(name='resource_implications_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='570ae6bb5a9fdac50ec4c7d722ae3733f3748f11', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_resource_implications_no_truncate_73aea', table='eligibility_resourceimplications', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resourceimplications',
            trigger=pgtrigger.compiler.Trigger(name='resource_implications_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."commissioner_id" IS DISTINCT FROM (NEW."commissioner_id") OR OLD."as_at" IS DISTINCT FROM (NEW."as_at") OR OLD."period_from" IS DISTINCT FROM (NEW."period_from") OR OLD."period_to" IS DISTINCT FROM (NEW."period_to") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."asked_on" IS DISTINCT FROM (NEW."asked_on") OR OLD."job_id" IS DISTINCT FROM (NEW."job_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='464ecf9d72ea1524e2fed4b0b0613ec310b4e478', operation='UPDATE', pgid='pgtrigger_resource_implications_fixed_4c1b8', table='eligibility_resourceimplications', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resourceimplications',
            trigger=pgtrigger.compiler.Trigger(name='resource_implications_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."finished_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='23dc69630f182379fcab3388a490c7f196ae2d2a', operation='UPDATE', pgid='pgtrigger_resource_implications_append_only_c6f58', table='eligibility_resourceimplications', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resourceimplicationsperson',
            trigger=pgtrigger.compiler.Trigger(name='implications_person_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1801b567039262b3aaff7a2ab509d926e2a29aa4', operation='UPDATE OR DELETE', pgid='pgtrigger_implications_person_append_only_0fd89', table='eligibility_resourceimplicationsperson', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resourceimplicationsperson',
            trigger=pgtrigger.compiler.Trigger(name='implications_person_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'Rows of % may not be removed', TG_TABLE_NAME;", hash='97029d3110c904aa1e17ae64461844a7f1ce9ea7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_implications_person_no_truncate_88bc2', table='eligibility_resourceimplicationsperson', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resourceimplicationsperson',
            trigger=pgtrigger.compiler.Trigger(name='implications_person_only_before_the_end', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF EXISTS (\n                        SELECT 1 FROM new_rows\n                        JOIN eligibility_resourceimplications worked_out ON worked_out.id = new_rows.implications_id\n                        WHERE worked_out.finished_at IS NOT NULL\n                    ) THEN\n                        RAISE EXCEPTION 'Nobody is added to what is worked out'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ", hash='c6d6574ae42637cb398bf73065bad6136c3f93f5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_implications_person_only_before_the_end_9c0b9', referencing='REFERENCING NEW TABLE AS new_rows ', table='eligibility_resourceimplicationsperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_status_jump', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{declined:accepted,submitted:accepted,submitted:declined,submitted:withdrawn,withdrawn:submitted}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='24a7e28e3391b7e58be37bab71ff8ec4a598240c', operation='UPDATE', pgid='pgtrigger_referral_status_jump_8dba9', table='eligibility_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."submission_key" IS DISTINCT FROM (NEW."submission_key") OR OLD."received_on" IS DISTINCT FROM (NEW."received_on") OR OLD."referred_by_id" IS DISTINCT FROM (NEW."referred_by_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."decision_days" IS DISTINCT FROM (NEW."decision_days") OR OLD."decision_days_counted" IS DISTINCT FROM (NEW."decision_days_counted") OR OLD."acknowledge_due_on" IS DISTINCT FROM (NEW."acknowledge_due_on"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='771a44e5e90e459ca7278f20aac074eac028901f', operation='UPDATE', pgid='pgtrigger_referral_fixed_4bca9', table='eligibility_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_pause_ends_first', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'submitted' AND NEW.status <> 'submitted')", func="\n            IF EXISTS (\n                SELECT 1 FROM eligibility_referralpause WHERE referral_id = NEW.id AND ended_on IS NULL\n            ) THEN\n                RAISE EXCEPTION 'The pause of a referral ends before it is decided or withdrawn'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='57b88a9c7c716add45169eafbbb9cbf9065614fe', operation='UPDATE OF "status"', pgid='pgtrigger_referral_pause_ends_first_01afd', table='eligibility_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "eligibility_referralevent" ("acknowledge_due_on", "acknowledged_by_id", "acknowledged_on", "allocated_to_id", "asks_for", "cohort_id", "commissioner_id", "decision_days", "decision_days_counted", "decision_due_on", "follow_up_on", "id", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "recorded_at", "reference", "referred_by_id", "status", "submission_key") VALUES (NEW."acknowledge_due_on", NEW."acknowledged_by_id", NEW."acknowledged_on", NEW."allocated_to_id", NEW."asks_for", NEW."cohort_id", NEW."commissioner_id", NEW."decision_days", NEW."decision_days_counted", NEW."decision_due_on", NEW."follow_up_on", NEW."id", NEW."note", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_on", NEW."recorded_at", NEW."reference", NEW."referred_by_id", NEW."status", NEW."submission_key"); RETURN NULL;', hash='db86353353fc6a1954ed3cbf1b6f77a5289d98eb', operation='INSERT', pgid='pgtrigger_insert_insert_0c7e2', table='eligibility_referral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "eligibility_referralevent" ("acknowledge_due_on", "acknowledged_by_id", "acknowledged_on", "allocated_to_id", "asks_for", "cohort_id", "commissioner_id", "decision_days", "decision_days_counted", "decision_due_on", "follow_up_on", "id", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "recorded_at", "reference", "referred_by_id", "status", "submission_key") VALUES (NEW."acknowledge_due_on", NEW."acknowledged_by_id", NEW."acknowledged_on", NEW."allocated_to_id", NEW."asks_for", NEW."cohort_id", NEW."commissioner_id", NEW."decision_days", NEW."decision_days_counted", NEW."decision_due_on", NEW."follow_up_on", NEW."id", NEW."note", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_on", NEW."recorded_at", NEW."reference", NEW."referred_by_id", NEW."status", NEW."submission_key"); RETURN NULL;', hash='48595dbb3e73eec3e54945bacb0b4d949a9c028e', operation='UPDATE', pgid='pgtrigger_update_update_e119a', table='eligibility_referral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referralpause',
            trigger=pgtrigger.compiler.Trigger(name='pause_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."referral_id" IS DISTINCT FROM (NEW."referral_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."started_on" IS DISTINCT FROM (NEW."started_on") OR OLD."started_by_id" IS DISTINCT FROM (NEW."started_by_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='da793473346e8a5d89735e52e651d7812bbb8f9c', operation='UPDATE', pgid='pgtrigger_pause_fixed_a0d24', table='eligibility_referralpause', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referralpause',
            trigger=pgtrigger.compiler.Trigger(name='pause_ended_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.ended_on IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e94a4e9f6d902d37f38b2de2d8253463db6d529f', operation='UPDATE', pgid='pgtrigger_pause_ended_for_good_46075', table='eligibility_referralpause', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referralpause',
            trigger=pgtrigger.compiler.Trigger(name='pause_only_while_waiting', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NOT EXISTS (\n                SELECT 1 FROM eligibility_referral WHERE id = NEW.referral_id AND status = 'submitted'\n            ) THEN\n                RAISE EXCEPTION 'Only a referral that waits for a decision can be paused'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='7c39898b6ddf2a1da029503c64e40c7b999530b9', operation='INSERT', pgid='pgtrigger_pause_only_while_waiting_89439', table='eligibility_referralpause', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referralpause',
            trigger=pgtrigger.compiler.Trigger(name='pause_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='95b2fa92c356d458c906e30dd905c36c2eda80bc', operation='DELETE', pgid='pgtrigger_pause_no_delete_7a18a', table='eligibility_referralpause', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referralpause',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "eligibility_referralpauseevent" ("ended_by_id", "ended_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "referral_id", "started_by_id", "started_on") VALUES (NEW."ended_by_id", NEW."ended_on", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."recorded_at", NEW."referral_id", NEW."started_by_id", NEW."started_on"); RETURN NULL;', hash='1aeb51005624e43e72ed5f031ed67944039880b5', operation='INSERT', pgid='pgtrigger_insert_insert_a3f64', table='eligibility_referralpause', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referralpause',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "eligibility_referralpauseevent" ("ended_by_id", "ended_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "referral_id", "started_by_id", "started_on") VALUES (NEW."ended_by_id", NEW."ended_on", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."recorded_at", NEW."referral_id", NEW."started_by_id", NEW."started_on"); RETURN NULL;', hash='56fa59444aaa861938af2267d5317e50331900d3', operation='UPDATE', pgid='pgtrigger_update_update_09b86', table='eligibility_referralpause', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referralpauseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ea2577db35591197fcd9fc029f6380031b9a4cf5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bb876', table='eligibility_referralpauseevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconsideration',
            trigger=pgtrigger.compiler.Trigger(name='reconsideration_change_is_decided', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE settled text;', func="\n                    -- As it stands at the end of the transaction, which may have asked and decided.\n                    SELECT outcome INTO settled FROM eligibility_reconsideration WHERE id = NEW.id;\n                    IF (settled IN ('changed', 'changed_in_part')) <> EXISTS (\n                        SELECT 1 FROM eligibility_decision AS further WHERE further.reconsideration_id = NEW.id\n                    ) THEN\n                        RAISE EXCEPTION 'A change, and nothing else, is a further decision'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'reconsideration_change_is_decided';\n                    END IF;\n                    RETURN NULL;\n                ", hash='2fd46d0e49065be94ebd679725b5bea891409bd5', operation='INSERT OR UPDATE OF "outcome"', pgid='pgtrigger_reconsideration_change_is_decided_89354', table='eligibility_reconsideration', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ])]
