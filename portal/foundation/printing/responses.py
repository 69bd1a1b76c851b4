from django.http import HttpResponse


def pdf_response(pdf: bytes, file_name: str, *, as_attachment: bool = False) -> HttpResponse:
    """Answer with `pdf`, shown in the browser unless it is to be saved, as `file_name`."""
    response = HttpResponse(pdf, content_type="application/pdf")
    disposition = "attachment" if as_attachment else "inline"
    response["Content-Disposition"] = f'{disposition}; filename="{file_name}"'
    return response
