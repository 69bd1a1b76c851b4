"""Files below `MEDIA_URL`: each request is asked whether the picture may be seen."""

import mimetypes

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from . import visibility

# A picture that was withdrawn is gone from browsers and proxies after this long.
PUBLIC_SECONDS = 60 * 60
AVATARS = "avatar_images/"


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with a picture, or 404 where it does not exist or is not for this person.

    Documents have addresses of their own, at which Wagtail asks for permission.
    """
    image_id = image_of(path)
    if image_id is not None and visibility.is_public(image_id):
        response = file_response(request, path)
        response["Cache-Control"] = f"public, max-age={_seconds_to_keep()}"
        return response
    if image_id is not None and visibility.may_see(request, image_id):
        return private(file_response(request, path))
    if path.startswith(AVATARS) and request.user.has_perm("wagtailadmin.access_admin"):
        return private(file_response(request, path))
    raise Http404


def _seconds_to_keep() -> int:
    """How long anybody may keep the answer: a signed address must still be good when followed."""
    return settings.MEDIA_LINK_SECONDS // 2 if settings.MEDIA_IN_BUCKET else PUBLIC_SECONDS


def image_of(path: str) -> int | None:
    """The primary key of the picture that the file is, or was made of."""
    image_model = get_image_model()
    renditions = image_model.get_rendition_model().objects.filter(file=path)
    found = renditions.values_list("image_id", flat=True).first()
    return found or image_model.objects.filter(file=path).values_list("pk", flat=True).first()


def private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    return response


def file_response(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file: from the proxy, from a signed address of the storage, or read by ourselves."""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if settings.MEDIA_ACCEL_PREFIX:
        response: HttpResponseBase = HttpResponse(content_type=kind)
        response["X-Accel-Redirect"] = settings.MEDIA_ACCEL_PREFIX + path
    elif settings.MEDIA_IN_BUCKET:
        return HttpResponseRedirect(default_storage.url(path))
    else:
        response = read(request, path, kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def read(request: HttpRequest, path: str, kind: str) -> HttpResponseBase:
    try:
        changed = int(default_storage.get_modified_time(path).timestamp())
        known = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
        if known is not None and known >= changed:
            return HttpResponse(status=304)
        response = FileResponse(default_storage.open(path), content_type=kind)
    except OSError as error:
        raise Http404 from error
    response["Last-Modified"] = http_date(changed)
    return response
