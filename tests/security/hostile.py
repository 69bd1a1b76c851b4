"""What strangers and broken programs type, and put into addresses and files."""

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st

from tests.factories import picture_bytes

WORDS = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "2147483648",
    "9223372036854775808",
    "9" * 5000,
    "1e999",
    "NaN",
    "-Infinity",
    "1,5",
    "\N{SUPERSCRIPT TWO}",
    "\N{ARABIC-INDIC DIGIT THREE}",
    "\x00",
    "a\x00b",
    "a\x0bb",
    "\r\nBcc: a@example.org",
    "\N{RIGHT-TO-LEFT OVERRIDE}cod.exe",
    "e\N{COMBINING ACUTE ACCENT}" * 100,
    "\N{GRINNING FACE}",
    "a" * 3000,
    "'\"<script>",
    '"',
    "%",
    "%s%(a)s{0}",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "[",
    "[]",
    "{}",
    '{"a": [1]}',
    "null",
    "true",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-W60",
    "25:61",
    "javascript:alert(1)",
    "http://[",
    "//example.org",
    "a@b",
    "a:b:c",
    ":",
    ",",
    "-id",
    "__class__",
]
FILES = [
    b"",
    b"\x00" * 20,
    b"a;b;c\n1;2\n",
    b"\xff\xfe\x00\xd8",
    b"PK\x03\x04" + b"\x00" * 40,
    b"%PDF-1.7",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    picture_bytes(),
    picture_bytes()[:200],
]
FILE_NAMES = ["a.jpg", "a.csv", "a.xlsx", "a.pdf", "a", "å.JPG", "../a.jpg", "a" * 300 + ".jpg"]

texts = st.one_of(
    st.sampled_from(WORDS),
    st.integers().map(str),
    st.dates().map(str),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
files = st.builds(SimpleUploadedFile, st.sampled_from(FILE_NAMES), st.sampled_from(FILES))
# Broken pairs in an address are sent as they stand.
raw_queries = st.sampled_from(
    ["%ff%fe=%ff", "q=%ED%A0%80", "%00=%00", "=", "&&&", ";", "q", "%", "a[]=1&a[]=2", "?" * 50]
)
