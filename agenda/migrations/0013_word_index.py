from itertools import islice

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from agenda.entries import word_index
from agenda.entries.view import words_of


def fill(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the words that can be read now to what was told before they were kept."""
    manager = apps.get_model("agenda", "Telling")._default_manager
    left = manager.filter(is_shown=True).only("view").iterator(chunk_size=500)
    while batch := list(islice(left, 500)):
        for telling in batch:
            telling.shown_words = words_of(telling.view)
        manager.bulk_update(batch, ["shown_words"])


class Migration(migrations.Migration):
    dependencies = [("agenda", "0012_places_and_states")]
    operations = [
        migrations.AddField("telling", "shown_words", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(word_index.create, word_index.drop),
    ]
