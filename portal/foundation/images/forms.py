"""The editors' form for pictures: what the cleaning refuses stands beside the file."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from portal.foundation.images.cleaning import NOT_A_PICTURE, clean_picture


class PictureFormField(WagtailImageField):
    """Checks as Wagtail does, and cleans."""

    def to_python(self, data: Any) -> Any:
        try:
            upload = super().to_python(data)
            return upload and clean_picture(upload)
        except ValidationError:
            raise
        # Wagtail asks decoders for the size, and they raise whatever they like.
        except Exception as error:
            params = {"name": str(data.name)[:80]}
            raise ValidationError(NOT_A_PICTURE, code="invalid_image", params=params) from error


class PictureForm(BaseImageForm):
    """The base of all of Wagtail's forms for pictures: single, multiple, chooser and API."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            old = self.fields["file"]
            self.fields["file"] = PictureFormField(
                label=old.label, required=old.required, widget=old.widget, initial=old.initial
            )
