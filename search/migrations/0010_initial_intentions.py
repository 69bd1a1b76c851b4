from django.db import migrations


def fill(apps, schema_editor):
    from search.intentions.initial import initial_intentions

    Intention = apps.get_model("search", "Intention")
    if not Intention.objects.exists():
        Intention.objects.bulk_create(
            Intention(kind=values.pop("type"), **values) for values in initial_intentions()
        )


class Migration(migrations.Migration):
    dependencies = [("search", "0009_intentions")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
