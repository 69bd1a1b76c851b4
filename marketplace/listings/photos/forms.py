"""The photos of a form that may be sent many times before it is right."""

import logging
from dataclasses import dataclass, field
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.images.models import SourceImageIOError

from marketplace.listings.photos.services import References, in_order, name_new, store_upload, turn
from marketplace.organisations.permissions import acting_organisation
from portal.foundation import throttling
from portal.foundation.files import STORAGE_ERRORS
from portal.foundation.images.models import CustomImage
from portal.foundation.text_cleaning.cleaning import clean_text

logger = logging.getLogger(__name__)

ALT_TEXT_LENGTH = 255
NOT_KEPT = gettext_lazy(
    "The photo could not be saved just now. Send the form without it, or try again."
)
BUTTONS = ("photo_remove", "photo_first", "photo_turn", "photo_earlier", "photo_later")


def may_store(request: HttpRequest) -> bool:
    """Count one photo for the organisation, or else for the visitor, and say whether it is kept."""
    organisation = acting_organisation(request)
    if organisation:
        return throttling.allows("photo_organisation", key=str(organisation.pk))
    device = throttling.device_of(request)
    return throttling.allows("photo_device", key=device) and throttling.allows(
        "photo_address", request=request
    )


@dataclass
class PhotoSet:
    """The photos of one form, in order, with what went wrong with those that were refused.

    Works without JavaScript: `photo` carries signed references to those kept, `photos` the new
    files, and each of the `BUTTONS` names one of those kept.
    """

    maximum: int
    references: References | None = None
    images: list[CustomImage] = field(default_factory=list)
    alt_texts: dict[int, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def from_request(cls, request: HttpRequest, *, maximum: int, purpose: str) -> Self:
        references = References(request, purpose=purpose)
        kept = references.images(request.POST.getlist("photo"))[:maximum]
        photos = cls(maximum=maximum, references=references, images=kept)
        photos._read_alt_texts(request.POST)
        photos._add(request.FILES.getlist("photos"), request=request)
        for button in BUTTONS:
            number = references.number(request.POST.get(button, ""))
            image = next((each for each in photos.images if each.pk == number), None)
            if image:
                photos._press(button, image, request=request)
        return photos

    @classmethod
    def of(cls, owner: Any, request: HttpRequest, *, maximum: int, purpose: str) -> Self:
        """The photos of a listing or idea, as its latest version has them."""
        ordered = sorted(owner.photos.all(), key=lambda photo: photo.sort_order or 0)
        return cls(
            maximum=maximum,
            references=References(request, purpose=purpose),
            images=[photo.image for photo in ordered],
            alt_texts={photo.image_id: str(photo) for photo in ordered},
        )

    @classmethod
    def of_draft(cls, data: Any, request: HttpRequest, *, maximum: int, purpose: str) -> Self:
        """The photos of an unfinished form: `data` is what `kept` and its fields have become."""
        numbers = [str(value).split(":")[0] for value in data.getlist("photo")]
        photos = cls(
            maximum=maximum,
            references=References(request, purpose=purpose),
            images=in_order(int(number) for number in numbers if number.isdecimal()),
        )
        photos._read_alt_texts(data)
        return photos

    @staticmethod
    def only_photos(request: HttpRequest) -> bool:
        """Whether a button of the photos was pressed, and not one that sends the form."""
        return any(name in request.POST for name in (*BUTTONS, "photo_upload"))

    @property
    def items(self) -> list[dict[str, Any]]:
        """What the template shows of each photo: the image, its reference, text and place."""
        last = len(self.images) - 1
        return [
            {
                "image": image,
                "signed": self.references.sign(image) if self.references else "",
                "alt_text": self.alt_texts.get(image.pk, ""),
                "alt_name": f"alt_{image.pk}",
                "number": order + 1,
                "is_first": order == 0,
                "is_last": order == last,
            }
            for order, image in enumerate(self.images)
        ]

    @property
    def kept(self) -> list[str]:
        """The photos as an unfinished form remembers them on the server."""
        return [str(image.pk) for image in self.images]

    def named(self, title: str) -> list[tuple[CustomImage, str]]:
        """Each image with the alternative text that was written, or else one from `title`.

        The texts belong to the rows that use the images (`ListingPhoto`, `IdeaPhoto`), so that
        those of something published change with its next approved version and not before. Only
        images that nothing has used yet are named themselves.
        """
        texts = [
            self.alt_texts.get(image.pk)
            or _("%(title)s, photo %(number)d")
            % {"title": title[: ALT_TEXT_LENGTH - 30], "number": number}
            for number, image in enumerate(self.images, start=1)
        ]
        name_new(self.images, title=title, alt_texts=texts)
        return list(zip(self.images, texts, strict=True))

    def _read_alt_texts(self, data: Any) -> None:
        for image in self.images:
            text = clean_text(data.get(f"alt_{image.pk}", "")).strip()
            self.alt_texts[image.pk] = text[:ALT_TEXT_LENGTH]

    def _add(self, uploads: list[Any], *, request: HttpRequest) -> None:
        for upload in uploads:
            if len(self.images) >= self.maximum:
                self.errors.append(
                    ngettext(
                        "There is room for %(count)d photo. The rest were left out.",
                        "There is room for %(count)d photos. The rest were left out.",
                        self.maximum,
                    )
                    % {"count": self.maximum}
                )
                break
            if not may_store(request):
                self.errors.append(str(throttling.TOO_OFTEN))
                break
            try:
                self.images.append(self._store(upload, user=request.user))
            except ValidationError as error:
                self.errors.extend(error.messages)
            except STORAGE_ERRORS:
                logger.exception("A photo could not be kept")
                self.errors.append(str(NOT_KEPT))
                break

    def _store(self, upload: Any, *, user: Any) -> CustomImage:
        return self._remembered(store_upload(upload, user=user).image)

    def _remembered(self, image: CustomImage) -> CustomImage:
        """`image`, which the page may show from now on."""
        if self.references:
            self.references.remember(image)
        return image

    def _press(self, button: str, image: CustomImage, *, request: HttpRequest) -> None:
        place = self.images.index(image)
        if button == "photo_turn":
            self._turn(image, place, request=request)
            return
        self.images.pop(place)
        places = {"photo_first": 0, "photo_earlier": max(place - 1, 0), "photo_later": place + 1}
        if button in places:
            self.images.insert(places[button], image)

    def _turn(self, image: CustomImage, place: int, *, request: HttpRequest) -> None:
        if not may_store(request):
            self.errors.append(str(throttling.TOO_OFTEN))
            return
        try:
            turned = self._remembered(turn(image, user=request.user).image)
        except (SourceImageIOError, OSError):
            self.errors.append(_("The photo could not be turned. Remove it and choose it again."))
            return
        self.images[place] = turned
        self.alt_texts[turned.pk] = self.alt_texts.get(image.pk, "")
