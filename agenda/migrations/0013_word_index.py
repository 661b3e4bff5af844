from django.db import migrations

from agenda.entries import word_index


class Migration(migrations.Migration):
    dependencies = [("agenda", "0012_places_and_states")]
    operations = [migrations.RunPython(word_index.create, word_index.drop)]
