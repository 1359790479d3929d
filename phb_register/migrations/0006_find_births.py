from django.db import migrations, models

from phb_register.migration_steps import AllAtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('phb_register', '0005_england_workbooks_and_releases'),
    ]

    operations = [AllAtOnce([
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['id'], include=('born_on',), name='person_birth_of'),
        ),
    ])]
