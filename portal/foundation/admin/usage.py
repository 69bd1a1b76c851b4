"""Where something is used, read at once: Wagtail asks for each place, also those not shown."""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib.contenttypes.models import ContentType
from wagtail.admin.views.generic.usage import UsageView
from wagtail.documents.views.documents import UsageView as DocumentUsageView
from wagtail.images.views.images import UsageView as ImageUsageView
from wagtail.models import ReferenceIndex
from wagtail.models.reference_index import ReferenceGroups
from wagtail.snippets.views.snippets import UsageView as SnippetUsageView

if TYPE_CHECKING:
    Base: TypeAlias = UsageView
else:
    Base = object


class PlacesAtOnce(ReferenceGroups):
    """The rows that refer to something, of which only those of a page are read."""

    def __getitem__(self, key: slice) -> list[tuple[Any, list[ReferenceIndex]]]:
        places: dict[tuple[int, str], list[ReferenceIndex]] = {}
        for reference in self.qs:
            place = (reference.base_content_type_id, reference.object_id)
            places.setdefault(place, []).append(reference)
        shown = list(places)[key]
        rows = read(shown)
        return [(rows[place], places[place]) for place in shown if place in rows]


def read(places: list[tuple[int, str]]) -> dict[tuple[int, str], Any]:
    """The row of each (content type, key), with what it refers to, which its name may say.

    No further: `select_related()` alone joins twenty tables where rows refer to rows that refer on.
    """
    keys: dict[int, list[str]] = {}
    for content_type, key in places:
        keys.setdefault(content_type, []).append(key)
    found: dict[tuple[int, str], Any] = {}
    for content_type, of_type in keys.items():
        model: Any = ContentType.objects.get_for_id(content_type).model_class()
        if model:
            named = [field.name for field in model._meta.fields if field.many_to_one]
            rows = model._base_manager.select_related(*named).filter(pk__in=of_type)
            found |= {(content_type, str(row.pk)): row for row in rows}
    return found


class UsageAtOnce(Base):
    """For a view of where something is used."""

    def get_queryset(self):
        return PlacesAtOnce(ReferenceIndex.get_references_to(self.object))


class ModelUsage(UsageAtOnce, UsageView):
    pass


class SnippetUsage(UsageAtOnce, SnippetUsageView):
    pass


class ImageUsage(UsageAtOnce, ImageUsageView):
    pass


class DocumentUsage(UsageAtOnce, DocumentUsageView):
    pass
