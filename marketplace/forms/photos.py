"""The photos of a form that may be sent many times before it is right."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.photos import sign, signed_images, store_upload


@dataclass
class PhotoSet:
    """The photos of one form, in order, with what went wrong with those that were refused.

    Works without JavaScript: `photo` carries the signed numbers of those kept, `photos` the new
    files, and the buttons `photo_first` and `photo_remove` name one of those kept.
    """

    maximum: int
    images: list = field(default_factory=list)
    alt_texts: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)

    @classmethod
    def from_request(cls, request, *, maximum):
        photos = cls(maximum=maximum, images=signed_images(request.POST.getlist("photo")))
        for upload in request.FILES.getlist("photos"):
            if len(photos.images) >= maximum:
                photos.errors.append(
                    ngettext(
                        "There is room for %(count)d photo. The rest were left out.",
                        "There is room for %(count)d photos. The rest were left out.",
                        maximum,
                    )
                    % {"count": maximum}
                )
                break
            try:
                photos.images.append(store_upload(upload, user=request.user).image)
            except ValidationError as error:
                photos.errors.extend(error.messages)
        for image in list(photos.images):
            signed = sign(image)
            if signed == request.POST.get("photo_remove"):
                photos.images.remove(image)
            elif signed == request.POST.get("photo_first"):
                photos.images.remove(image)
                photos.images.insert(0, image)
            photos.alt_texts[image.pk] = request.POST.get(f"alt_{image.pk}", "").strip()[:255]
        return photos

    @classmethod
    def of(cls, owner, *, maximum):
        """The photos of a listing or idea, as its latest version has them."""
        ordered = sorted(owner.photos.all(), key=lambda photo: photo.sort_order or 0)
        images = [photo.image for photo in ordered]
        return cls(
            maximum=maximum,
            images=images,
            alt_texts={image.pk: image.alt_text for image in images},
        )

    @staticmethod
    def only_photos(request):
        """Whether a button of the photos was pressed, and not one that sends the form."""
        return any(name in request.POST for name in ("photo_remove", "photo_first", "photo_upload"))

    @property
    def items(self):
        """What the template shows: {image, signed, alt_text, name of the alt field, is_first}."""
        return [
            {
                "image": image,
                "signed": sign(image),
                "alt_text": self.alt_texts.get(image.pk, ""),
                "alt_name": f"alt_{image.pk}",
                "is_first": order == 0,
            }
            for order, image in enumerate(self.images)
        ]

    @property
    def signed(self):
        return [sign(image) for image in self.images]

    def name_images(self, title):
        """Give each image the alternative text that was written, or else one from `title`."""
        for order, image in enumerate(self.images, start=1):
            text = self.alt_texts.get(image.pk) or _("%(title)s, photo %(number)d") % {
                "title": title,
                "number": order,
            }
            image.alt_text = text[:255]
            image.title = title[:255]
            image.save(update_fields=["alt_text", "title"])
