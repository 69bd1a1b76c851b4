"""What cleaning does to text, and that doing it twice changes nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.text_cleaning.cleaning import clean_data, clean_text


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("Papprör, 25 st.", "Papprör, 25 st."),
        (unicodedata.normalize("NFD", "Blå lådor"), "Blå lådor"),
        ("Rör\x0blånga", "Rör långa"),
        ("a\x00b\x1fc\x9fd", "ab c d"),
        ("one\ttwo\nthree", "one\ttwo\nthree"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("kim@skola.se\u200b", "kim@skola.se"),
        ("kim@sko\u00adla.se", "kim@skola.se"),
        ("\ufeffkim\u2060@skola.se", "kim@skola.se"),
        ("kim\u200d@skola.se", "kim@skola.se"),
        ("Anna\u202e", "Anna"),
        ("\u2066Anna\u2069", "Anna"),
        ("half \ud800 letter", "half  letter"),
        ("👩\u200d🏫 och ❤\ufe0f", "👩\u200d🏫 och ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("עברית", "עברית"),
        ("≈ ½ ⅓ 10\u00a0kg", "≈ ½ ⅓ 10\u00a0kg"),
    ],
)
def test_what_becomes_of_text(typed, clean):
    assert clean_text(typed) == clean


def test_a_form_may_refuse_nul_by_itself():
    assert clean_text("a\x00\x0bb", keep_nul=True) == "a\x00 b"


def test_data_is_cleaned_at_every_depth():
    assert clean_data({"a\u200b": ["x\x0by", {"n": 3, "t": ("z\x00", None)}]}) == {
        "a": ["x y", {"n": 3, "t": ["z", None]}]
    }


@given(st.text())
def test_clean_text_is_clean(text):
    clean = clean_text(text)

    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(
        unicodedata.category(each) in ("Cs", "Cc") for each in clean if each not in "\t\n"
    )
