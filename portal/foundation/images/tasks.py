from collections.abc import Collection

from django_tasks import task
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, Filter

from .sizes import SIZES


@task()
def make_renditions(image_ids: list[int]) -> None:
    """Make the sizes of pictures that are missing. Safe to run twice; a broken one is reported."""
    for image in get_image_model().objects.filter(pk__in=image_ids).prefetch_related("renditions"):
        image.get_renditions(*SIZES)


def lacking_sizes(image_ids: Collection[int]) -> list[int]:
    """The keys of those pictures that `make_renditions` has something to do for."""
    images = get_image_model().objects.filter(pk__in=image_ids).prefetch_related("renditions")
    return [image.pk for image in images if _lacks_sizes(image)]


def _lacks_sizes(image: AbstractImage) -> bool:
    wanted = {image.clean_filter_for_svg(Filter(spec=size)) for size in SIZES}
    return len(image.find_existing_renditions(*wanted)) < len(wanted)
