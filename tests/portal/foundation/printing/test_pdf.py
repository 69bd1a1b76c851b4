"""What people write reaches paper as they wrote it, and nothing of it runs as code."""

from datetime import date

import pytest
import time_machine
from django.conf import settings
from django.utils.translation import override

from portal.foundation.printing.drawings import photo_svg, qr_svg
from portal.foundation.printing.fonts import printable, typefaces
from portal.foundation.printing.pdf import compile_pdf
from tests.factories import ImageFactory
from tests.printed import assert_accessible, boxes, read, words

TEMPLATE = "marketplace/exchange/labels.typ"


def label(title, **changes):
    values = {
        "title": title,
        "code": qr_svg("https://portal.example/1"),
        "link": "https://portal.example/1",
        "alt": "QR code that opens https://portal.example/1",
        "scan": "Scan me",
        "quantity": "2 pieces",
        "receiver": "Ekorren",
        "facts": [],
    }
    return values | changes


def printed(title, **changes):
    return compile_pdf(TEMPLATE, {"labels": [label(title, **changes)]}, title="Labels")


@pytest.mark.parametrize(
    "text",
    [
        "Papprör, räfflade å ä ö",
        "Łódź Ærø Þing Şişli",
        "Картон и бумага",
        "Χαρτόνι",
        "مرحبا",
        "پارچه",
        "שלום",
        "ሰላም",
        "½ ⅓ ⅞",
        "≈ ≤ × ± → √ ∞",
        "m² CO₂ 90°",
        "★ ☐ ✓ ♻ ▲",
        "🎉 🧵 📦",
    ],
)
def test_what_is_written_can_be_read_and_searched_for(text):
    pdf = printed(text)

    assert boxes(pdf) == 0
    for word in text.split():
        assert word in words(pdf)


def test_words_of_several_scripts_stand_beside_each_other():
    said = words(printed("Tyg تحية Ткань ½ → 🧵"))

    assert all(word in said for word in ("Tyg", "تحية", "Ткань", "½", "→", "🧵"))


@pytest.mark.parametrize(
    "text", ["Kartong\x0bmed\x00 kanter", "a\ufeffb", "a\ufffeb", "\x1b[31m", "a\ud800b", "a\tb"]
)
def test_characters_that_no_paper_can_show_do_not_stop_the_rest(text):
    said = words(printed(text, receiver="Björkskolan"))

    assert "Björkskolan" in said
    assert "a" in said or "Kartong" in said or "31m" in said


@pytest.mark.parametrize("text", ["漢字", "\ue000", "क"])
def test_a_character_without_a_glyph_is_marked_as_missing(text):
    pdf = printed(f"Tyg {text}")

    assert "Tyg" in words(pdf)
    assert "�" in words(pdf)
    assert boxes(pdf) == 0


@pytest.mark.parametrize("text", ["x\u0650\u0301", "ሰ\u0301", "ش\u0306x\u05b0", "🧵\u0301"])
def test_marks_of_one_script_on_letters_of_another_are_printed_somehow(text):
    pdf = printed(f"Tyg {text}")

    assert "Tyg" in words(pdf)
    assert boxes(pdf) == 0


@pytest.mark.parametrize(
    "text",
    [
        '#read("/printing/base.typ")',
        "$ x^2 $ = *bold* _it_ <label> @ref",
        '"; panic("no") //',
        "#sys.inputs",
        "\\u{41} \\",
    ],
)
def test_what_looks_like_code_is_printed_as_it_stands(text):
    assert " ".join(text.split()) in words(printed(text))


def test_invisible_joiners_of_emoji_leave_no_box():
    assert boxes(printed("Familj 👨\u200d👩\u200d👧 ❤\ufe0f 👍🏽 1\ufe0f⃣")) == 0


def test_the_typefaces_are_those_that_the_templates_name():
    base = (settings.BASE_DIR / "templates/printing/base.typ").read_text()

    assert {face.family for face in typefaces().fonts()} == {
        family for family in typefaces().families() if f'"{family}"' in base
    }
    assert all(face.path for face in typefaces().fonts())


def test_the_same_data_make_the_same_file():
    with time_machine.travel("2026-05-04 09:00"):
        first = printed("Tyg")
    with time_machine.travel("2026-05-04 17:30"):
        second = printed("Tyg")

    assert first == second
    assert read(first).metadata.creation_date.date() == date(2026, 5, 4)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_pdf_says_its_language_and_title(language):
    with override(language):
        pdf = printed("Tyg")

    assert_accessible(pdf, language=language, title="Labels")


def test_line_breaks_stay_and_other_control_characters_become_spaces_or_nothing():
    assert printable("a\nb\x0bc\x00d") == "a\nb cd"


@pytest.mark.django_db
def test_a_picture_whose_file_is_lost_is_left_out():
    image = ImageFactory()
    assert photo_svg(image, width=20, height=10)
    image.renditions.all().delete()

    image.file.delete(save=False)
    image = type(image).objects.get(pk=image.pk)

    assert photo_svg(image, width=20, height=10) is None
    assert photo_svg(None, width=20, height=10) is None
