"""Pictures of what Wagtail publishes: pages, their blocks and texts, snippets, site settings."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin, Page, ReferenceIndex


class Published:
    """A `Holder` for everything that Wagtail's index of references knows."""

    def is_public(self, image_id: int) -> bool:
        return in_settings(image_id) or any(
            found.model is not Page or found.public().exists() for found in live_users_of(image_id)
        )

    def may_see(self, request: HttpRequest, image_id: int) -> bool:
        """Whether a page has it that is published behind a password, sign-in or group."""
        return any(
            all(each.accept_request(request) for each in page.get_view_restrictions())
            for found in live_users_of(image_id)
            if found.model is Page
            for page in found
        )

    def closed(self) -> QuerySet:
        return get_image_model().objects.none().values("pk")


def in_settings(image_id: int) -> bool:
    """Whether a setting such as a logo is the picture; Wagtail's index leaves settings out."""
    return any(
        model._default_manager.filter(**{field.attname: image_id}).exists()
        for model in settings_registry
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is get_image_model()
    )


def live_users_of(image_id: int):
    """Yield, kind by kind, the published things that use the picture, as querysets with rows."""
    image_type = ContentType.objects.get_for_model(get_image_model())
    uses = ReferenceIndex.objects.filter(
        to_content_type=image_type, to_object_id=str(image_id)
    ).values_list("base_content_type", "object_id")
    keys: dict[int, list[str]] = {}
    for type_id, key in uses.distinct():
        keys.setdefault(type_id, []).append(key)
    for type_id, pks in keys.items():
        found = live(ContentType.objects.get_for_id(type_id).model_class(), pks)
        if found is not None and found.exists():
            yield found


def live(model: type[Model] | None, pks: list[str]) -> QuerySet | None:
    """Those rows that are published, or None where the model does not know the word."""
    if model is None:
        return None
    if issubclass(model, Page):
        return Page.objects.filter(pk__in=pks).live()
    if issubclass(model, DraftStateMixin):
        return model._default_manager.filter(pk__in=pks, live=True)
    return None
