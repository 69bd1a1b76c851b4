"""PDFs: Typst templates below `templates/`, filled with data and compiled to PDF/UA-1."""

from portal.foundation.printing.drawings import mosaic_svg, photo_svg, qr_svg
from portal.foundation.printing.pdf import compile_pdf, pdf_response

__all__ = ["compile_pdf", "mosaic_svg", "pdf_response", "photo_svg", "qr_svg"]
