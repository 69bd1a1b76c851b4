"""The drawings that an editor can choose for a page that has no photograph."""

from django.utils.translation import gettext_lazy as _

DRAWINGS = {
    "kulbana": _("Marble run of tubes"),
    "stamplar": _("Stamps and print"),
    "ljusbord": _("Light table"),
    "wellpapphus": _("House of cardboard"),
    "vaska": _("Bag"),
    "tusen-knappar": _("Buttons"),
    "gora-papper": _("Making paper"),
    "instrument": _("Instrument"),
    "kannbok": _("Touch book"),
    "tangentbord": _("Dismantled keyboard"),
    "tradgard": _("Garden in sacks"),
    "mosaik": _("Mosaic"),
    "drake": _("Kite"),
    "tack": _("Letter of thanks"),
    "koja": _("Den"),
    "lektion": _("Blackboard"),
    "skumlandskap": _("Landscape of foam"),
    "golvprov": _("Floor of samples"),
    "segelbro": _("Sail and sewing"),
    "pappror": _("Building with tubes"),
    "kontorsflytt": _("Furniture on the move"),
    "aluminiumljud": _("Chimes"),
    "fron": _("Seeds and plants"),
    "tross": _("Balancing on a rope"),
    "berattelse": _("Conversation"),
    "artikel": _("Article"),
    "fragande-material": _("Material to ask about"),
    "vaga": _("Scales"),
    "fem-fragor": _("Checklist"),
    "klimat": _("Climate"),
    "elever-svarar": _("Pupils who answer"),
    "kampanj": _("Megaphone and bunting"),
    "kartongkalas": _("Feast of cardboard"),
    "textilvar": _("Textiles in spring"),
}


def choices():
    return list(DRAWINGS.items())
