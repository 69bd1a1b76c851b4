"""What every PDF of the site must hold, so that everybody can read it."""

import io

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject

MUST_SAY_WHAT_IT_SHOWS = "/Figure"


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def words(pdf):
    """Everything that can be read in the PDF, on one line with plain spaces."""
    text = " ".join(page.extract_text() for page in read(pdf).pages)
    return " ".join(text.replace("\xa0", " ").split())


def elements(pdf):
    """[(type, element)] of the structure tree, in reading order."""
    return list(_walk(read(pdf).trailer["/Root"]["/StructTreeRoot"].get("/K")))


def _walk(node):
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        for each in node:
            yield from _walk(each)
    elif isinstance(node, DictionaryObject) and "/S" in node:
        yield node["/S"], node
        yield from _walk(node.get("/K"))


def alternatives(pdf):
    """The alternative texts of the pictures, in reading order."""
    return [each.get("/Alt") for kind, each in elements(pdf) if kind == MUST_SAY_WHAT_IT_SHOWS]


def assert_accessible(pdf, *, language, title):
    """Hold `pdf` to what PDF/UA-1 asks for and can be seen from outside."""
    root = read(pdf).trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    kinds = {kind for kind, _element in elements(pdf)}
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert root["/Lang"].split("-")[0] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read(pdf).metadata.title == title
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "/H1" in kinds
    assert "/Table" not in kinds or "/TH" in kinds
    assert all(alternatives(pdf))
    assert boxes(pdf) == 0


def boxes(pdf):
    """How many glyphs are drawn that stand for a character the typeface does not have."""
    reader = read(pdf)
    return sum(
        _boxes(page["/Resources"], page.get_contents(), reader)
        for page in reader.pages
        if page.get_contents()
    )


def _boxes(resources, contents, reader):
    fonts = resources.get("/Font", {})
    found, wide = 0, False
    for operands, operator in ContentStream(contents, reader).operations:
        if operator == b"Tf":
            wide = fonts[operands[0]].get_object()["/Subtype"] == "/Type0"
        elif operator in (b"Tj", b"TJ") and wide:
            found += sum(_missing(each) for each in _strings(operands[0]))
    for form in resources.get("/XObject", {}).values():
        form = form.get_object()
        if form["/Subtype"] == "/Form":
            found += _boxes(form.get("/Resources", {}), form, reader)
    return found


def _strings(operand):
    return (
        [each for each in operand if not isinstance(each, int | float)]
        if isinstance(operand, list)
        else [operand]
    )


def _missing(string):
    codes = string.original_bytes
    return sum(codes[at : at + 2] == b"\0\0" for at in range(0, len(codes), 2))
