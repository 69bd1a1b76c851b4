"""What a preschool and a giver meet of the safety rules, in the demo."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ZIPS = "Dragkedjor 15–60 cm"


@pytest.fixture
def phone_page(demo_site, browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="sv-SE")
    yield context.new_page()
    context.close()


def test_a_preschool_is_never_shown_a_zip_for_one_year_olds(phone_page, demo_site):
    page = phone_page
    page.goto(f"{demo_site.url}/sok/?typ=material&q=dragkedjor")
    card = page.get_by_role("article").filter(has_text=ZIPS)
    card.get_by_text("Passar från 3 år, med försiktighet").wait_for()

    page.goto(f"{demo_site.url}/sok/?typ=material&q=dragkedjor&fran=1")
    page.get_by_role("heading", level=1).wait_for()
    assert page.get_by_role("article").filter(has_text=ZIPS).count() == 0

    page.goto(f"{demo_site.url}/sok/?typ=material&fran=1")
    titles = []
    while True:
        titles += page.get_by_role("article").get_by_role("heading").all_text_contents()
        following = page.locator("a[rel=next]")
        if not following.count():
            break
        page.goto(f"{demo_site.url}/sok/{following.first.get_attribute('href')}")
    assert len(titles) > 20
    assert not {ZIPS, "Knappar, flera tusen", "Låskistor, handtag och gångjärn"} & {*titles}


def test_the_category_fills_in_the_answers_and_a_tap_changes_them(phone_page, demo_site):
    page = phone_page
    # On a phone the questions come in the step after the category; here all is on one page.
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{demo_site.url}/material/erbjud/")
    loose = page.get_by_role("group", name="Kan delar som är mindre än en toarulle lossna?")
    treated = page.get_by_role("group", name="Är det målat, oljat, flamskyddat eller av PVC?")
    assert loose.get_by_label("Vet ej").is_checked()

    treated.get_by_text("Målat eller lackat").click()
    page.locator("[name=category]").select_option(label="Knappar, dragkedjor och sybehör")

    assert loose.get_by_label("Ja, det är smådelar").is_checked()
    assert treated.get_by_label("Målat eller lackat").is_checked()
