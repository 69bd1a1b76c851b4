import uuid

from django.db import migrations

MODELS = ["FormField", "LessonMaterial"]


def fill(apps, schema_editor):
    """Rows get their page's language, and the key of the row in the same place of its translation."""
    for name in MODELS:
        model = apps.get_model("inspiration", name)
        keys = {}
        places = {}
        rows = model.objects.filter(locale=None).select_related("page")
        for row in rows.order_by("page_id", "sort_order", "pk"):
            places[row.page_id] = place = places.get(row.page_id, -1) + 1
            row.locale_id = row.page.locale_id
            row.translation_key = keys.setdefault(
                (row.page.translation_key, place), uuid.uuid4()
            )
            row.save(update_fields=["locale", "translation_key"])


class Migration(migrations.Migration):
    dependencies = [("inspiration", "0002_translatable_rows_and_story_handovers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
