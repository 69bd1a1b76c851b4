from django.db import migrations


def fill(apps, schema_editor):
    """Give the categories of the reference data their class; a new portal has none yet."""
    from marketplace.materials.carrying import reference

    MaterialCategory = apps.get_model("marketplace", "MaterialCategory")
    for slug, carry_class in reference().items():
        MaterialCategory.objects.filter(slug=slug, carry_class="").update(carry_class=carry_class)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0032_carrying")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
