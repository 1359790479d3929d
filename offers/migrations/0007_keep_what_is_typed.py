import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from phb_register.migration_steps import AllAtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("offers", "0006_programme"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="SectionDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[("text", "Text"), ("easy-read", "Easy read")],
                                max_length=10,
                                verbose_name="part",
                            ),
                        ),
                        ("content", models.JSONField(verbose_name="typed so far")),
                        ("based_on", models.PositiveIntegerField(verbose_name="version it is based on")),
                        ("saved_at", models.DateTimeField(verbose_name="kept at")),
                        (
                            "section",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drafts",
                                to="offers.offersection",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-saved_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("section", "user", "part"), name="section_draft_once_a_user"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("part__in", ["text", "easy-read"])),
                                name="section_draft_of_a_part",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("based_on__gte", 1)), name="section_draft_based_on_a_version"
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
