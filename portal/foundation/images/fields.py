"""The model's field for pictures: whatever is stored through it has been cleaned."""

from django.core.files.base import File
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from portal.foundation.images.cleaning import VERSION, clean_picture


class PictureFile(WagtailImageFieldFile):
    """Cleans on the way into the storage, whichever form, command or upload the file is from."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        picture = clean_picture(content)
        # The model remembers how its file was cleaned; a field below `file`, so that it is saved.
        self.instance.cleaning = VERSION
        super().save(str(picture.name), picture, save=save)


class PictureField(WagtailImageField):
    attr_class = PictureFile
