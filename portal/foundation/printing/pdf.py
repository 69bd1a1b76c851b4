"""Compile a Typst template with data."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any, Final, cast

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from portal.foundation.tokens import colours

from . import fonts

logger = logging.getLogger(__name__)

STANDARD: Final = "ua-1"
LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{2}))?$", re.IGNORECASE)


def compile_pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    author: str = "",
    description: str = "",
) -> bytes:
    """Return the PDF/UA-1 of `template`, a path below `templates/`, in the active language.

    The template reads `data` as JSON and evaluates none of it. Its date is today's, so that the
    same data make the same bytes all day. Raises `typst.TypstError` when the template is at fault.
    """
    code = LANGUAGE.match(get_language() or settings.LANGUAGE_CODE)
    language, region = code.groups() if code else (settings.LANGUAGE_CODE, None)
    values = {
        **data,
        "title": title,
        "author": author,
        "description": description,
        "language": language,
        "region": region.upper() if region else None,
        "colours": colours() | data.get("colours", {}),
    }
    compiler = typst.Compiler(
        settings.BASE_DIR / "templates" / template,
        root=settings.BASE_DIR / "templates",
        font_paths=fonts.typefaces(),
        ignore_system_fonts=True,
    )
    try:
        return _compile(compiler, values, fonts.printable)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        # Two scripts in one cluster, such as a letter with the accent of another alphabet: each
        # has a glyph, but no typeface has both.
        logger.warning("%s is printed in the body typeface alone: %s", template, error.message)
        return _compile(compiler, values, _plain)


def _plain(text: str) -> str:
    return fonts.printable(text, within=fonts.BODY)


def _compile(compiler: typst.Compiler, values: Any, clean: Callable[[str], str]) -> bytes:
    compiled = compiler.compile(
        format="pdf",
        sys_inputs={"data": json.dumps(_cleaned(values, clean))},
        pdf_standards=STANDARD,
        timestamp=datetime.combine(timezone.localdate(), time(), tzinfo=UTC),
    )
    # One PDF: several are for pictures, and None for files.
    return cast(bytes, compiled)


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    """Return `value` with every text in it, lazy ones too, cleaned."""
    if isinstance(value, Mapping):
        return {key: _cleaned(each, clean) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each, clean) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean(str(value))


def pdf_response(pdf: bytes, file_name: str, *, as_attachment: bool = False) -> HttpResponse:
    """Answer with `pdf`, shown in the browser unless it is to be saved, as `file_name`."""
    response = HttpResponse(pdf, content_type="application/pdf")
    disposition = "attachment" if as_attachment else "inline"
    response["Content-Disposition"] = f'{disposition}; filename="{file_name}"'
    return response
