from django.apps import apps
from django.core.management.base import BaseCommand

APPS = ["marketplace", "inspiration", "search", "portal"]


class Command(BaseCommand):
    help = "Prints the data model as Mermaid diagrams, one per app, for docs/data-model.md."

    def handle(self, *args, **options):
        self.stdout.write("# Data model\n\nMade by `manage.py data_model > docs/data-model.md`.")
        for label in APPS:
            self.stdout.write(f"\n## {label}\n\n```mermaid\nerDiagram")
            for line in sorted(diagram(label)):
                self.stdout.write(f"    {line}")
            self.stdout.write("```")


def diagram(label: str) -> set[str]:
    """Return a Mermaid line for each relation of the models of the app `label`."""
    lines = set()
    for model in apps.get_app_config(label).get_models():
        relations = [
            (field, field.related_model.__name__)
            for field in model._meta.get_fields()
            if field.is_relation and not field.auto_created and field.related_model
        ]
        if not relations:
            lines.add(model.__name__)
        for field, target in relations:
            arrow = "}o--o{" if field.many_to_many else "|o--||" if field.one_to_one else "}o--||"
            lines.add(f'{model.__name__} {arrow} {target} : "{field.name}"')
    return lines
