from django.db import migrations


def place_collaborations(apps, schema_editor):
    """Let collaborations that are there already count where the partner is now."""
    Collaboration = apps.get_model("marketplace", "Collaboration")
    for collaboration in Collaboration.objects.select_related("partner").iterator():
        collaboration.municipality_id = collaboration.partner.municipality_id
        collaboration.save(update_fields=["municipality"])


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0011_costs_and_revaluations")]

    operations = [migrations.RunPython(place_collaborations, migrations.RunPython.noop)]
