"""A year of searches, as the report and the dashboard would have counted them."""

from search.statistics.models import SearchCount

MUNICIPALITIES = [
    "",
    "",
    "helsingborg",
    "helsingborg",
    "landskrona",
    "angelholm",
    "klippan",
    "bjuv",
]
# Words, how often they are asked for, and how often in vain.
FOUND = [
    ("kartong", 9),
    ("tyg", 8),
    ("papprör", 6),
    ("wellpapp", 5),
    ("garn", 5),
    ("trä", 5),
    ("färg", 4),
    ("plexiglas", 3),
    ("kork", 3),
    ("knappar", 3),
    ("kabeltrummor", 2),
    ("frigolit", 2),
]
IN_VAIN = [("piprensare", 4), ("ballonger", 3), ("glitter", 3), ("cernit", 2)]


def create_searches(year):
    """Some counts a week through the year, up to today."""
    random, first = year.random, year.ago(year.DAYS)
    counts: dict[tuple, int] = {}
    for _number in range(600):
        words, _often = random.choices(
            FOUND + IN_VAIN, [often for _words, often in FOUND + IN_VAIN]
        )[0]
        key = (year.school_day(first, year.today), words, random.choice(MUNICIPALITIES))
        counts[key] = counts.get(key, 0) + random.randint(1, 3)
    SearchCount.objects.bulk_create(
        row(day, words, municipality, searches, random)
        for (day, words, municipality), searches in counts.items()
    )


def row(day, words, municipality, searches, random):
    in_vain = words in dict(IN_VAIN)
    clicks = 0 if in_vain else random.randint(0, searches)
    return SearchCount(
        day=day,
        text=words,
        municipality=municipality,
        searches=searches,
        without_result=searches if in_vain else 0,
        clicks=clicks,
        click_positions=sum(random.choice([1, 1, 2, 3, 5, 8]) for _click in range(clicks)),
    )
