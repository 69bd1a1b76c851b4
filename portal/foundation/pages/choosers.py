"""Wagtail's blocks that choose something, which read what a page chooses in all of them at once."""

from copy import copy
from typing import TYPE_CHECKING, Any, TypeAlias

from wagtail import blocks
from wagtail.admin.widgets import BaseChooser
from wagtail.documents import blocks as document_blocks
from wagtail.images import blocks as image_blocks
from wagtail.images.widgets import AdminImageChooser

from portal.foundation.pages.links import known_links

if TYPE_CHECKING:
    Base: TypeAlias = blocks.ChooserBlock
    WidgetBase: TypeAlias = BaseChooser
else:
    Base = WidgetBase = object


class KnownInstance(WidgetBase):
    """For the widget of a chooser: does not ask again for a row that has been read."""

    def get_instance(self, value):
        known = known_links().rows[self.model_class].get(value) if value else None
        return known or super().get_instance(value)


class KnownImageChooser(KnownInstance, AdminImageChooser):
    pass


class ReadTogether(Base):
    """For a block that chooses a row: takes it from what is known of the page (`know_links`)."""

    def bulk_to_python(self, values):
        keys = list(values)
        known = known_links().know(self.model_class, keys)
        # One of its own for each block, as Wagtail has it.
        rows: list[Any] = [known.get(key) for key in keys]
        return [copy(row) if row else None for row in rows]

    @property
    def canonical_module_path(self):
        """As Wagtail's own in migrations, since what is stored is the same."""
        return self.path


class PageChooserBlock(ReadTogether, blocks.PageChooserBlock):
    path = "wagtail.blocks.PageChooserBlock"


class ImageChooserBlock(ReadTogether, image_blocks.ImageChooserBlock):
    path = "wagtail.images.blocks.ImageChooserBlock"


class DocumentChooserBlock(ReadTogether, document_blocks.DocumentChooserBlock):
    path = "wagtail.documents.blocks.DocumentChooserBlock"
