"""Questions that say what somebody wants to do: lesson ideas first, then material that fits."""

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page

from inspiration.lessons.models import LessonIdeaPage
from inspiration.pages.models import InspirationIndexPage
from marketplace.materials.models import MaterialCategory
from marketplace.materials.properties import Property, reference
from marketplace.wanted.models import WantedAd
from search.index import entries as index
from search.index.models import SearchEntry
from search.intentions.initial import initial_intentions
from search.intentions.models import Intention
from tests.factories import CategoryFactory, ListingFactory, SchoolFactory, UserFactory, give

pytestmark = pytest.mark.django_db
INTENTIONS = "/admin/snippets/search/intention"


def intend(phrases, **leads):
    Intention.objects.all().delete()
    values = {"type": Intention.Type.ACTIVITY, "words": ""} | leads
    return Intention.objects.create(phrases=phrases, **values)


def lesson(title, **values):
    swedish, _created = Locale.objects.get_or_create(language_code="sv")
    above = InspirationIndexPage.objects.first()
    if above is None:
        above = InspirationIndexPage(title="Idéer", slug="ideer", locale=swedish)
        Page.objects.get(depth=1).add_child(instance=above)
    page = LessonIdeaPage(title=title, locale=swedish, **({"summary": "Gör så här."} | values))
    above.add_child(instance=page)
    return page


def related(engine, address):
    titles = dict(SearchEntry.objects.values_list("pk", "title"))
    return [titles[hit.entry_id] for hit in engine.ask(address).related]


def test_a_lesson_idea_answers_first_and_then_the_material_that_fits_best(engine):
    intend("bygga koja, koja", best_categories=["wellpapp"], categories=["tyg"])
    for slug in ("wellpapp", "tyg", "glas"):
        ListingFactory(title=slug, description="", category=CategoryFactory(slug=slug, name=slug))
    lesson("Kojan av stora ark")

    assert engine.titles("q=bygga+kojor") == ["Kojan av stora ark", "wellpapp", "tyg"]


def test_of_several_things_to_do_one_will_do_and_what_fits_both_comes_first(engine):
    Intention.objects.all().delete()
    for phrase, fitting in (("mäta", ["lister", "garn"]), ("väga", ["lister", "sand"])):
        Intention.objects.create(type="activity", phrases=phrase, best_categories=fitting)
    for slug in ("garn", "lister", "sand", "glas"):
        ListingFactory(title=slug, description="", category=CategoryFactory(slug=slug, name=slug))

    first, *others = engine.titles("q=mäta+och+väga")

    assert first == "lister"
    assert sorted(others) == ["garn", "sand"]


def test_a_word_in_the_name_of_a_category_is_a_must_beside_a_property(engine):
    intend("rund", type="property", best_categories=["hylsor"])
    for slug, title in (("plastskivor", "Runda skivor"), ("hylsor", "Hylsor")):
        ListingFactory(title=title, description="", category=CategoryFactory(slug=slug, name=slug))

    assert sorted(engine.titles("q=rund")) == ["Hylsor", "Runda skivor"]
    assert engine.titles("q=runda+skivor") == ["Runda skivor"]


def test_a_property_finds_every_kind_of_material_that_has_it(engine):
    intend("mjuk, soft", properties=[Property.SOFT])
    fleece = CategoryFactory(slug="fleece", name="Fleece", properties=[Property.SOFT])
    ListingFactory(title="Rester", description="", category=fleece)
    ListingFactory(title="Skivor", description="", category=CategoryFactory(properties=["stiff"]))

    assert engine.titles("q=nåt+mjukt") == ["Rester"]
    assert engine.titles("q=something+soft") == ["Rester"]


def test_the_words_of_an_intention_need_not_stand_together(engine):
    intend("bygga torn", best_categories=["block"])
    block = CategoryFactory(slug="block", name="Block")
    ListingFactory(title="Frigolit", description="", category=block)

    assert engine.titles("q=torn+som+vi+bygger") == ["Frigolit"]


def test_a_material_that_is_named_beside_an_intention_is_a_must(engine):
    intend("mjuk", properties=[Property.SOFT])
    soft = CategoryFactory(slug="mjukt", name="Mjukt", properties=[Property.SOFT])
    ListingFactory(title="Tyg", description="", category=soft)
    ListingFactory(title="Skum", description="", category=soft)

    assert engine.titles("q=mjukt") == ["Skum", "Tyg"] or engine.titles("q=mjukt") == [
        "Tyg",
        "Skum",
    ]
    assert engine.titles("q=mjukt+tyg") == ["Tyg"]


def test_an_age_brings_its_lesson_ideas_to_the_top_and_hides_no_others(engine):
    intend("åk 8", age_groups=["ak-7-9"])
    lesson("Bygg stort", age_groups=["f-3"], summary="Bygg högt.")
    lesson("Bygg smått", age_groups=["ak-7-9"], summary="Bygg högt.")

    assert engine.titles("q=bygg+åk+8") == ["Bygg smått", "Bygg stort"]


def test_what_is_only_of_the_same_kind_stands_apart_and_is_not_counted(engine):
    chairs = CategoryFactory(slug="stolar", name="Sittmöbler")
    ListingFactory(title="Pall av björk", description="", category=chairs)
    ListingFactory(title="Fåtölj", description="", category=chairs)
    ListingFactory(title="Glasburk", description="")

    result = engine.ask("q=fåtölj")

    assert result.total == 1
    assert engine.titles("q=fåtölj") == ["Fåtölj"]
    assert related(engine, "q=fåtölj") == ["Pall av björk"]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("markis", "Markisväv"),
        ("nit", "Popnitar"),
        ("kardborre", "Kardborreband"),
        ("dämpmatta", "Dämpmattor"),
        ("kartong låda", "Kartonglådor"),
        ("kartonglåda", "Lådor av kartong"),
        ("hjulaxel", "Hjulaxlar"),
        ("smyckesdel", "Smyckesdelar"),
        ("fåtölj", "Fåtöljer"),
        ("qvist", "Qvistlampor"),
    ],
)
def test_parts_and_forms_of_words_find_it_with_no_list(engine, asked, title):
    ListingFactory(title=title, description="")
    ListingFactory(title="Glasrutor", description="")

    assert engine.titles(f"q={asked}") == [title]


def test_a_word_that_only_looks_like_a_compound_is_kept_whole(engine):
    ListingFactory(title="Verktyg", description="")
    ListingFactory(title="Möbeltyg", description="")

    assert engine.titles("q=tyg") == ["Möbeltyg"]
    assert engine.titles("q=verktyget") == ["Verktyg"]


def test_a_swedish_word_is_not_read_as_english(engine):
    ListingFactory(title="Garn att virka med", description="")
    ListingFactory(title="Virke", description="")

    assert engine.titles("q=virke") == ["Virke"]
    assert engine.titles("q=virka") == ["Garn att virka med"]


def test_plaster_is_no_plastic(engine):
    ListingFactory(title="Gips", description="")
    ListingFactory(title="Plastlock", description="")

    assert engine.titles("q=plaster") == ["Gips"]
    assert engine.titles("q=plast") == ["Plastlock"]


def test_what_one_can_have_comes_before_what_others_look_for(engine):
    tubes = CategoryFactory(name="Rör")
    ListingFactory(title="Papprör", description="", category=tubes)
    WantedAd.objects.create(
        organisation=SchoolFactory(),
        title="Papprör",
        category=tubes,
        live=True,
        first_published_at=timezone.now(),
    )

    assert [hit.type for hit in engine.ask("q=papprör").hits] == ["material", "efterlysning"]


def test_text_in_decomposed_letters_is_found_by_every_spelling(engine):
    ListingFactory(title="Bla\u030a mo\u0308bler", description="")

    for asked in ("blå", "möbler", "mo\u0308bel", "mobler"):
        assert len(engine.titles(f"q={asked}")) == 1, asked


# --- On the page ------------------------------------------------------------------------------


def test_the_page_shows_what_comes_close_under_its_own_heading(client):
    chairs = CategoryFactory(slug="stolar", name="Sittmöbler")
    ListingFactory(title="Pall av björk", description="", category=chairs)
    ListingFactory(title="Fåtölj", description="", category=chairs)
    index.refresh_all()

    page = BeautifulSoup(client.get("/sok/?q=fåtölj").content, "html.parser")

    assert page.select_one("#results-title").get_text(strip=True).startswith("1 ")
    apart = page.select_one("section[aria-labelledby=related-title]")
    assert [each.get_text(strip=True) for each in apart.select(".card__title")] == ["Pall av björk"]


def test_where_nothing_is_found_three_ways_lead_on_and_one_is_material(client):
    ListingFactory(title="Fåtölj", description="")
    index.refresh_all()

    page = BeautifulSoup(client.get("/sok/?q=zzyzx").content, "html.parser")

    assert len(page.select(".ways__list li")) >= 2
    assert "Fåtölj" in page.select_one("section[aria-labelledby=newest-title]").get_text()


# --- For editors ------------------------------------------------------------------------------


@pytest.fixture
def editor(client):
    call_command("setup_portal", verbosity=0)
    user = UserFactory()
    give(user, "editor")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_an_editor_teaches_search_an_intention_and_it_is_in_force_at_once(client, editor):
    drums = CategoryFactory(slug="dunkar", name="Dunkar")
    ListingFactory(title="Vita dunkar", description="", category=drums)
    index.refresh_all()
    before = client.get("/sok/?q=tema+regnskog").content.decode()

    form = {"type": "theme", "phrases": "regnskog", "best_categories": ["dunkar"], "active": "on"}
    response = client.post(f"{INTENTIONS}/add/", form | {"words": "", "note": ""})

    assert response.status_code == 302
    page = BeautifulSoup(client.get("/sok/?q=tema+regnskog").content, "html.parser")
    assert page.select_one("#results-title").get_text(strip=True).startswith("1 ")
    assert "1 träff" not in before


@pytest.mark.parametrize(
    "values",
    [{"words": "papp", "phrases": "och"}, {"words": "papp", "phrases": "två tre fyra fem sex"}, {}],
)
def test_an_intention_that_leads_nowhere_is_refused_with_a_reason(client, editor, values):
    form = {"type": "theme", "phrases": "lavin", "words": "", "active": "on", "note": ""} | values

    response = client.post(f"{INTENTIONS}/add/", form)

    assert response.status_code == 200
    assert not Intention.objects.filter(phrases=form["phrases"]).exists()


def test_a_portal_begins_with_250_intentions_whose_codes_are_all_known():
    call_command("load_reference_data", verbosity=0)
    known = set(MaterialCategory.objects.values_list("slug", flat=True))

    rows = initial_intentions()

    assert len(rows) >= 250
    assert Intention.objects.count() == len(rows)
    for row in rows:
        Intention(**row).full_clean()
        assert {*row["best_categories"], *row["categories"]} <= known, row["phrases"]


def test_every_category_of_the_reference_data_has_a_property():
    call_command("load_reference_data", verbosity=0)

    assert not MaterialCategory.objects.filter(properties=[]).exists()
    assert {each for having in reference().values() for each in having} <= set(Property.values)
