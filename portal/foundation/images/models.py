"""Images and their renditions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image, get_upload_to
from wagtail.search import index

from portal.foundation.images import names
from portal.foundation.images.fields import PictureField
from portal.foundation.images.placeholders import MayBePlaceholder, NeverBroken


class CustomImage(NeverBroken, AbstractImage):
    """A picture that always says what it shows, to those who cannot see it."""

    file = PictureField(
        _("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    # These stand below `file`, since cleaning it changes them while the row is saved.
    width = models.IntegerField(_("width"), editable=False)
    height = models.IntegerField(_("height"), editable=False)
    alt_text = models.CharField(
        _("alternative text"),
        max_length=255,
        help_text=_("Say what the picture shows, in a sentence, for those who cannot see it."),
    )
    credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Photographer and licence.")
    )
    # Which version of the cleaning the file has been through; 0 is none.
    cleaning = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    admin_form_fields = (
        "title",
        "alt_text",
        "credit",
        "file",
        "collection",
        "tags",
        *tuple(field for field in Image.admin_form_fields if field.startswith("focal_point")),
    )
    search_fields = [
        *AbstractImage.search_fields,
        index.SearchField("alt_text"),
        # Where pictures are chosen, those with a tag can be searched among.
        index.RelatedFields("tags", [index.FilterField("name")]),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def get_renditions(self, *filters):
        """Those of `filters`, each width of a format once: a browser needs no choice of equals.

        A picture that is narrower than two of the widths asked for is as wide in both.
        """
        found = super().get_renditions(*filters)
        widths: dict[tuple[str, int], str] = {}
        for spec, rendition in found.items():
            format = next((each for each in spec.split("|") if each.startswith("format-")), "")
            widths.setdefault((format, rendition.width), spec)
        kept = set(widths.values())
        return {spec: rendition for spec, rendition in found.items() if spec in kept}

    @property
    def default_alt_text(self):
        return self.contextual_alt_text or self.alt_text

    def get_upload_to(self, filename):
        return names.random_name(filename)


class Rendition(MayBePlaceholder, AbstractRendition):
    image = models.ForeignKey(CustomImage, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
