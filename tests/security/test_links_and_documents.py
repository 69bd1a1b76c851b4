"""Links and files that editors bring in are what they say."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model

from inspiration.pages.blocks.writing import CallToActionBlock
from portal.foundation.links import validate_link
from tests.factories import SuperuserFactory

GOOD = ["/material/erbjud/", "/sok/?q=tyg&kommun=klippan#lista", "https://www.klippan.se/skola"]
BAD = [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,hej",
    "//evil.example",
    "/\\evil.example",
    "inte en adress",
    "www.klippan.se",
    "ftp://klippan.se",
    "https://",
    "/två ord",
]


@pytest.mark.parametrize("address", GOOD)
def test_paths_and_whole_addresses_are_links(address):
    validate_link(address)


@pytest.mark.parametrize("address", BAD)
def test_everything_else_is_refused_with_words(address):
    with pytest.raises(ValidationError, match="https://"):
        validate_link(address)


def button(**values):
    block = CallToActionBlock()
    empty = {"text": "Give", "label": "Offer", "page": None, "address": "", "document": None}
    return block, block.to_python(empty | values)


def test_a_button_leads_to_what_was_written(db):
    block, value = button(address="/material/erbjud/")

    block.clean(value)

    assert 'href="/material/erbjud/"' in block.render(value)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "inte en adress", ""])
def test_a_button_that_leads_nowhere_is_refused_and_shows_no_link(db, address):
    block, value = button(address=address)

    with pytest.raises(StructBlockValidationError):
        block.clean(value)

    assert "href" not in block.render(value)
    assert "Give" in block.render(value)


def upload(client, name, content):
    client.force_login(SuperuserFactory())
    client.post(
        "/admin/documents/add/",
        {"title": name, "file": SimpleUploadedFile(name, content)},
    )
    return get_document_model().objects.filter(title=name).exists()


def office_file():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"),
        ("lista.csv", "namn;kg\nRör;3\n".encode()),
        ("brev.docx", office_file()),
    ],
)
def test_documents_of_known_types_are_taken(db, client, name, content):
    assert upload(client, name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tool.exe", b"MZ\x90\x00"),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("plan.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("lista.csv", b"<html><script>alert(1)</script>"),
        ("brev.docx", b"MZ\x90\x00"),
    ],
)
def test_other_documents_and_disguises_are_refused(db, client, name, content):
    assert not upload(client, name, content)
