from django.db import migrations


def fill(apps, schema_editor):
    """Without its first rules in the table, an editor's first own rule would replace them all."""
    from search.synonyms.services import initial_rules

    Synonym = apps.get_model("search", "Synonym")
    if not Synonym.objects.exists():
        Synonym.objects.bulk_create(Synonym(rule=rule) for rule in initial_rules())


class Migration(migrations.Migration):
    dependencies = [("search", "0006_words_index")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
