"""Keep with what date and language a text was read, and let a source go back to an earlier text."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def say_what_was_read_with(apps, schema_editor):
    extraction = apps.get_model("diplomacy", "Extraction")
    version = apps.get_model("diplomacy", "CommuniqueVersion")
    own = version.objects.filter(pk=OuterRef("version_id"))
    extraction.objects.update(
        published_on=Subquery(own.values("published_on")[:1]), stated_language=Subquery(own.values("language")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [("diplomacy", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="communiqueversion",
            name="resent_of",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="resent_as",
                to="diplomacy.communiqueversion",
            ),
        ),
        migrations.AlterField(
            model_name="communiqueversion",
            name="sha256",
            field=models.CharField(db_index=True, editable=False, max_length=64),
        ),
        migrations.AddConstraint(
            model_name="communiqueversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resent_of", None)), fields=("sha256",), name="communique_bytes_once"
            ),
        ),
        migrations.AddField(
            model_name="extraction",
            name="published_on",
            field=models.DateField(null=True, verbose_name="publication date"),
        ),
        migrations.AddField(
            model_name="extraction",
            name="stated_language",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.RunPython(say_what_was_read_with, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="extraction", name="extraction_once"),
        migrations.AddConstraint(
            model_name="extraction",
            constraint=models.UniqueConstraint(
                fields=("version", "parser_version", "published_on", "stated_language"), name="extraction_once"
            ),
        ),
    ]
