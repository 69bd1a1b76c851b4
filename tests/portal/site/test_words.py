"""The Swedish of the catalogue: words that the glossary has dropped, and one voice per text."""

import re
from functools import cache

import polib
import pytest
from django.conf import settings

CATALOGUE = settings.BASE_DIR / "locale/sv/LC_MESSAGES/django.po"

# Each as a pattern, in small letters, with what is said instead.
DROPPED = {
    r"\bbe om (material|det du|det ni)": "boka",
    r"\bfråga\w* efter (material|det|annons)": "boka",
    r"\bförfråg\w+": "bokning",
    r"\breservera\w*": "boka",
    r"\b(löfte\w*|lova(d|de|t|r)?)\b": "bekräftad, säga ja",
    r"\befterfråga\w*": "bokat",
    r"\b(neka\w*|avslå\w*)\b": "tacka nej, avböjd",
    r"\butgången\b": "avslutad utan svar",
    r"\berbjud(a|ande\w*|er|en|et)?\b": "ge bort, annons",
    r"\butlägg\b": "annons",
    r"\b(återtag|nedtag)\w+": "avslutad, borttagen",
    r"\böppna\w* (den |annonsen )?igen\b": "lägga ut igen",
    r"\bsökes\b": "efterlysning",
    r"\bmaterialen\b": "material",
    r"\b(restmaterial|spill|överskott)\w*": "överblivet material",
    r"\b(sorts|slags?)\b": "kategori, typ",
    r"\bminsta del(en)?\b": "minsta antal",
    r"\bupphämtning\w*": "hämtning",
    r"\bbyt\w* ägare|bytte ägare|nya händer|lämna\w* över\b": "hämta",
    r"\bhålls? åt\b": "väntar på svar",
    r"\b(elev|lektions)idé\w*": "idé, barns och elevers idéer",
    r"\b(reportage|case)\b": "berättelse",
    r"\badministrationen\b": "redaktörssidorna",
    r"\bmedlem\w*": "kollega",
    r"\bföreträd\w*": "vara med i",
    r"\bsläpp\w* (in|fram|igenom)\b": "godkänna",
    r"\b(in)?registrera (dig|er|din|ditt|en ny|den)\b": "skapa konto, lägga till",
    r"\b(pass|inloggnings|säkerhets)nyck\w+": "nyckel (passkey)",
    r"\båterställningskod\w*": "reservkod",
    r"\be-post\b(?!adress)": "mejl, e-postadress",
    r"\bmejladress\w*": "e-postadress",
    r"\b(på|under|till) mitt\b(?! konto)|\bdin sida\b|\bkontosida\w*": "Min sida",
    r"\binkorg\w*": "notiser",
    r"\bhändelser?\b": "notis",
    r"\bsparade? sökning\w*": "bevakning",
    r"\bfoto(n|t)?\b": "bild",
    r"\btagg(ar|en|arna)?\b": "sökord",
    r"\bkalkylblad\w*": "kalkylark",
    r"\b(liggare|huvudbok)\w*": "register",
    r"\bkilogram\b|\bkilona\b|\bkilonen\b": "kilo, vikt",
    r"\bmassa\b": "vikt",
    r"\bco2e\b": "CO₂e",
    r"\bupphäv\w+": "nollställa",
    r"\b(ett prov|provet|exemplar)\b": "provutskick, utskick",
    r"\b(ligger|låg) (inte längre |inte )?ute\b": "publicerad",
    r"\b(redaktör|redaktörer|redaktören|någon|vi) (har )?titta[rt] på\b": "granska",
}
# Words in another sense, by the message that they stand in.
LEGITIMATE = {
    r"\berbjud(a|ande\w*|er|en|et)?\b": {"For example, /material/erbjud/.": "an address"},
    r"\bsläpp\w* (in|fram|igenom)\b": {"lets light through": "of material"},
}
YOU = re.compile(r"\b(du|dig|din|ditt|dina)\b", re.IGNORECASE)
YOU_ALL = re.compile(r"\b(ni|er|ert|era)\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@cache
def texts():
    """((message, Swedish), …) of what is in use, without the names of variables."""
    return tuple(
        (entry.msgid, PLACEHOLDER.sub("…", text))
        for entry in polib.pofile(str(CATALOGUE))
        if not entry.obsolete
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
    )


def found(pattern, among):
    """What among [(message, Swedish)] holds a dropped word."""
    return [
        text
        for message, text in among
        if re.search(pattern, text.lower()) and message not in LEGITIMATE.get(pattern, {})
    ]


@pytest.mark.parametrize(("pattern", "instead"), DROPPED.items())
def test_a_word_that_the_glossary_has_dropped_is_not_used(pattern, instead):
    assert found(pattern, texts()) == [], f"say {instead}"


@pytest.mark.parametrize(
    "text",
    [
        "Ja, vi lovar.",
        "Se er förfrågan",
        "Erbjud material",
        "Minsta del",
        "6 säckar bytte ägare",
        "En elevidé",
        "Gå till Mitt",
        "Med e-post",
        "Ett foto",
        "12 kg CO2e",
        "En redaktör tittar på den.",
    ],
)
def test_a_dropped_word_would_be_found(text):
    assert [pattern for pattern in DROPPED if found(pattern, [("A message", text)])]


@pytest.mark.parametrize(
    "text",
    ["Bokningen är bekräftad.", "Er e-postadress", "Mitt konto", "Fotograf", "12 kg CO₂e"],
)
def test_words_that_are_kept_are_let_alone(text):
    assert [pattern for pattern in DROPPED if found(pattern, [("A message", text)])] == []


def test_the_guide_for_editors_uses_the_same_words():
    guide = (settings.BASE_DIR / "templates/marketplace/desk/guide_sv.html").read_text()

    assert "annonser" in guide
    assert [pattern for pattern in DROPPED if found(pattern, [("The guide", guide)])] == []


def test_nobody_is_spoken_to_as_one_and_as_several_in_the_same_text():
    both = [text for _message, text in texts() if YOU.search(text) and YOU_ALL.search(text)]

    assert both == []
    assert YOU.search("Din sida")
    assert YOU_ALL.search("Er bokning")
