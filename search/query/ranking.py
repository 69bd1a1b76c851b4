"""What counts how much when hits are put in order: all weights, each with its reason.

Both engines add, for each word of the question, the weights of the fields that it is found in.
"""

# Where a word is found.
FIELDS = {
    "title": 6.0,  # the giver's own name for the thing
    "category_names": 5.0,  # what it is, as the portal says it
    "keywords": 4.0,  # tags and colours
    "parent_names": 2.0,  # the wider kinds that it belongs to
    "summary": 2.0,
    "body": 1.0,  # said in passing
}

# How it is found: as it was asked for …
TYPED = 1.0
# … to the letter, not only as another form of the word: "väva", which is not "väv" …
EXACT = 1.2
# … as another word for the same …
SYNONYM = 0.8
# … as what it leads to: material for a den, though it is no den …
LEADS_TO = 0.4
# … as all parts of a compound, in any order: kartonglåda, låda av kartong …
SPLIT = 0.6
# … as one part of a compound only, when there is too little else: kartong.
PIECE = 0.1
# … or its first part only, which says less what the thing is …
FIRST_PIECE = 0.05
# Of the same kind as what was found, when that is little. In the measure of the weights above.
SAME_KIND = 0.3

# What an intention leads to (see `search.intentions`), in the measure of the weights of fields:
# a category that suits it particularly well …
FITS_BEST = 4.0
# … one that will do …
FITS = 2.0
# … one that has the property that is asked for …
HAS_PROPERTY = 0.6
# … a word that things for it have in their texts …
INTENDED = 0.2
# … a lesson idea for the age, or of the subject …
FOR_AGE = 2.0
OF_SUBJECT = 3.0
# … which is only a hint where material is what is asked for …
HINT = 0.5
# … a lesson idea that says it in so many words, which answers before any material …
LESSON_FIRST = 7.0
# … and one with a word for it in its title.
LESSON_NEAR = 4.0
# Of these words only the last part of a compound counts, which says what the thing is: who asks for
# sågspån (spån) does not want spånskivor. What one asks for oneself may be any part: plast,
# plastburk.
OTHER_WORDS = (SYNONYM, INTENDED)
# A word that is only a part of a compound in the text tells less: "plast" in plastlock …
WITHIN_COMPOUND = 0.5
# … but nearly as much as the last part, which says what the thing is: "lock" in burklock.
HEAD_OF_COMPOUND = 0.75
# Where a compound of the question is taken apart, its last part counts so many times as much as if
# all parts were alike: koppartråd is tråd, and of metall, when somebody asks for metalltråd.
HEAD_OF_SPLIT = 2.0

# Gentle, as a part of the above: among things that fit as well, what one can have comes before what
# one can read …
MATERIAL = 0.1
# … and what one can see before what one cannot …
PHOTO = 0.06
# … and those that are new (published within so many days) …
FRESH = 0.05
FRESH_DAYS = 14
# … and those that are near: the whole of it at the door, half of it so far away.
NEAR = 0.15
NEAR_HALF_KM = 15
NEAR_HALF = f"{NEAR_HALF_KM}km"

# With fewer hits than this the question is read more loosely as well, and what that finds is shown
# apart: so many things at most.
FEW_HITS = 8
RELATED = 8


# Where a lesson idea says what it is about.
SAYS_SO = ("title", "keywords")


def by_weight(weights: dict[str, float]) -> list[tuple[float, list[str]]]:
    """[(weight, terms)] of {term: weight}, the weightiest first."""
    found: dict[float, list[str]] = {}
    for term, weight in weights.items():
        found.setdefault(weight, []).append(term)
    return sorted(found.items(), reverse=True)
