"""Blocks that show something."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images import get_image_model

from portal.foundation.pages.choosers import ImageChooserBlock


def newest_images(count):
    """Pictures for a preview: the newest of the library, as often as needed, or none."""
    found = list(get_image_model().objects.order_by("-pk")[:count])
    return [found[number % len(found)] for number in range(count)] if found else []


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "inspiration/pages/blocks/image.html"
        description = _("A picture with a caption; the credit comes from the picture itself.")

    def get_preview_value(self):
        image = next(iter(newest_images(1)), None)
        return self.normalize({"image": image, "caption": gettext("What the picture tells.")})


class GalleryBlock(blocks.StructBlock):
    images = blocks.ListBlock(ImageChooserBlock(), label=_("Pictures"), min_num=2, max_num=12)

    class Meta:
        label = _("Gallery")
        icon = "table"
        template = "inspiration/pages/blocks/gallery.html"
        description = _("Several pictures together.")

    def get_preview_value(self):
        return self.normalize({"images": newest_images(4)})
