"""Questions that nobody asks who looks for something: they get an answer, and cost no more."""

from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from taggit.models import Tag

from search.index.entries import refresh_all
from search.index.sync import send_changes
from search.statistics.counting import is_new_question
from tests.factories import ListingFactory, MembershipFactory, SchoolFactory
from tests.search.engines.misbehaving import Misbehaving

# What an ordinary page without hits costs, and a little more.
MOST_QUERIES = 60
MOST_REQUESTS = 12
# Of one request to Elasticsearch, and of all SQL of a page.
MOST_BYTES = 50_000
MOST_SQL = 400_000

TEXTS = {
    "ten thousand characters": "a" * 10_000,
    "ten thousand words": "papp " * 2_000,
    "many words with many synonyms": "tyg papp trä plast metall papper snören knappar garn koja",
    "compounds without end": "tygpapprörtygpapprörtygpapprörtygpapprörtygpapprörtygpapprör" * 5,
    "lucene": "title:* OR _exists_:title~5^9 AND NOT (a TO b] /.*/ \\",
    "wildcards": "*?*?* %_%__% a* ?b",
    "regular expressions": "/(a+)+$/ (?:.*)*",
    "json": '{"query": {"match_all": {}}}',
    "sql": "'; DROP TABLE search_searchentry; -- \" \\' :: & | ! <-> (",
    "control characters": "".join(map(chr, range(32))) + "tyg\x7f\x80\x9f",
    "nothing but nul": "\x00\x00\x00",
    "half a pair": "tyg \ud83e",
    "emoji and marks": "🪵‮tyg‏ ﻿ z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢ ﷽",
    "figures": "٣٤ ²³ 1e309 0x1F -1 ½ " + "9" * 300,
    "nothing": " \t\u3000\u00a0 ",
    "html": "<script>alert(1)</script>&lt;mark&gt;",
}
ADDRESSES = {
    "deep paging": "sida=1000000000",
    "a negative page": "sida=-1",
    "a page in words": "sida=två&sida=٣",
    "a page without end": "sida=" + "9" * 5_000,
    "wrong values": "typ=%00&kategori=%FF&kommun=../..&sort=tokigt&nara=%00&fran=-1&nu=ja&exakt",
    "lists and objects": "q[]=tyg&q[$ne]=1&kategori[]=tra&sida[]=2",
    "everything twice": "q=a&q=b&typ=material&typ=artikel&sida=1&sida=2&sort=nyast&sort=slutar",
    "nearest to nowhere": "sort=narmast&nara=ingenstans",
    "hundreds of values": "&".join(f"kategori=c{n}&kommun=k{n}&ort=o{n}" for n in range(300)),
    "every filter": "q=tyg&" + "&".join(
        f"{name}=x{n}"
        for name in ("kategori", "kommun", "ort", "skick", "amne", "alder", "enhet", "givare")
        for n in range(30)
    ) + "&typ=material&nu=1&leverans=1&fran=1",
    "filters over each other": "&".join(["typ=material", "nu=1", "leverans=1"] * 200),
}  # fmt: skip
QUESTIONS = {
    name: urlencode({"q": text.encode("utf-8", "surrogatepass")}) for name, text in TEXTS.items()
}
ALL = QUESTIONS | ADDRESSES


@pytest.fixture(params=["database", "elasticsearch"])
def asks(request, client, db):
    """A function that opens an address, and holds what it costs against the bounds."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch")
        conf = request.getfixturevalue("settings")
        proxy = Misbehaving(conf.ELASTICSEARCH_URL).__enter__()
        request.addfinalizer(proxy.__exit__)
        conf.ELASTICSEARCH_URL = proxy.url
    else:
        proxy = None
    for title in ("Tyg", "Papprör"):
        ListingFactory(title=title)
    refresh_all()
    send_changes()

    def ask(address, expected=200):
        if "%00" in address:
            expected = 400  # refused with a page that says so, before anything is asked
        if proxy:
            proxy.asked.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == expected
        assert len(queries) <= MOST_QUERIES
        assert sum(len(each["sql"]) for each in queries.captured_queries) <= MOST_SQL
        if proxy:
            assert len(proxy.asked) <= MOST_REQUESTS
            assert all(len(body) <= MOST_BYTES for _method, _path, body in proxy.asked)
        if "X-Search-Engine" in response:
            assert response["X-Search-Engine"] == request.param
        return response

    return ask


@pytest.mark.parametrize("name", ALL)
def test_the_page_answers(asks, name):
    for page in ("/sok/", "/en/material/"):
        asks(f"{page}?{ALL[name]}")


def test_thousands_of_values_are_refused(asks):
    asks("/sok/?" + "&".join(f"kategori=c{n}" for n in range(3000)), expected=400)


@pytest.mark.parametrize("name", QUESTIONS)
def test_suggestions_answer(asks, name):
    response = asks(f"/sok/forslag/?{QUESTIONS[name]}")

    if response.status_code == 200:
        assert len(response.json()["suggestions"]) <= 8


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=300),
    names=st.lists(
        st.sampled_from(["q", "typ", "kategori", "kommun", "sida", "sort", "nara", "fran", "nu"]),
        min_size=1,
        max_size=6,
    ),
)
def test_anything_at_all_is_answered(asks, text, names):
    asks("/sok/?" + "&".join(f"{name}={quote(text)}" for name in names))
    asks(f"/sok/forslag/?q={quote(text)}")


@pytest.mark.parametrize("name", QUESTIONS)
def test_clicks_are_counted_or_left_out(client, db, name):
    answer = client.post(
        "/sok/klick/",
        {
            "q": TEXTS[name].encode("utf-8", "replace").decode(),
            "kommun": TEXTS[name].encode("utf-8", "replace").decode(),
            "position": TEXTS[name].encode("utf-8", "replace").decode(),
        },
    )

    assert answer.status_code == 204


@pytest.mark.parametrize("name", ALL)
def test_a_question_is_kept_or_found_too_long(client, db, name):
    teacher = MembershipFactory(organisation=SchoolFactory()).user
    client.force_login(teacher)

    answer = client.post("/mitt/sokningar/spara/", {"sokning": ALL[name]}, follow=True)

    assert answer.status_code in (200, 400)


def test_a_question_that_is_too_long_to_keep_comes_back_with_a_word_about_it(client, db):
    teacher = MembershipFactory(organisation=SchoolFactory()).user
    client.force_login(teacher)

    page = client.post("/mitt/sokningar/spara/", {"sokning": "q=" + "å" * 200}, follow=True)

    assert "Ta bort några ord eller filter" in page.content.decode()
    assert "å" * 200 in page.content.decode()
    assert not teacher.saved_searches.exists()


@pytest.mark.parametrize("before", ["http://[", "http://[::1", "//[x]", "\x00", "?q=%FF&&&="])
def test_a_strange_address_before_is_no_reason_to_fail(rf, before):
    request = rf.get("/sok/", headers={"HX-Current-URL": before})

    assert is_new_question(request, "tyg")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("address", ["/tagg/{}/", "/tagg/{}/rss/", "/tagg/{}/atom/", "/{}/"])
def test_words_in_the_path_lead_nowhere(client, db, address, name):
    text = quote(TEXTS[name][:300].encode("utf-8", "surrogatepass"), safe="")

    assert client.get(address.format(text)).status_code in (404, 301)


@pytest.mark.parametrize("name", ALL)
def test_feeds_and_open_data_answer(client, db, name):
    Tag.objects.create(name="papp", slug="papp")
    if "%00" in ALL[name]:
        assert client.get(f"/tagg/papp/?{ALL[name]}").status_code == 400
        return

    for address in ("/tagg/papp/", "/tagg/papp/rss/", "/tagg/papp/atom/"):
        assert client.get(f"{address}?{ALL[name]}").status_code == 200
    assert client.get(f"/effekt/data.json?{ALL[name]}").status_code in (200, 400, 404)
    assert client.get(f"/api/v1/listings?{ALL[name]}").status_code in (200, 422)


@pytest.mark.parametrize(
    "query",
    [
        "page=1000000000",
        "page=-1",
        "page=två",
        "page=" + "9" * 40,
        "page=%00",
        "category=%00",
        "category=" + "a" * 10_000,
        "municipality=1%002",
        "&".join(f"category=c{n}" for n in range(900)),
    ],
)
def test_the_listings_of_the_api_are_never_asked_in_vain(client, db, query):
    refused = (400,) if "%00" in query else (200, 422)

    assert client.get(f"/api/v1/listings?{query}").status_code in refused
