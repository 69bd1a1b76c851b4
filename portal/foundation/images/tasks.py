from django_tasks import task
from wagtail.images import get_image_model

from .sizes import SIZES


@task()
def make_renditions(image_ids: list[int]) -> None:
    """Make the sizes of pictures that are missing. Safe to run twice; a broken one is reported."""
    for image in get_image_model().objects.filter(pk__in=image_ids).prefetch_related("renditions"):
        image.get_renditions(*SIZES)
