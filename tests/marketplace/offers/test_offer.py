"""A company offers material by one form that loses nothing."""

import io
from datetime import timedelta

import pillow_heif
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from marketplace.listings.models import MaterialListing
from marketplace.listings.photos.models import PhotoUpload
from marketplace.offers.models import OfferDraft
from marketplace.organisations.models import Membership, Organisation
from portal.foundation.images.models import CustomImage
from tests.factories import (
    CompanyFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    UserFactory,
    offer_form,
    org_number,
    picture_bytes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
OFFER = "/en/material/erbjud/"


@pytest.fixture
def company():
    return CompanyFactory(address="Hamngatan 1", town="Bjuv")


@pytest.fixture
def seller(client, company):
    user = MembershipFactory(organisation=company).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def answers(**changes):
    return offer_form(**({"pickup_town": "Helsingborg"} | changes))


SAFE = {
    "made_for": "children",
    "treatment": "none",
    "dust_or_smell": "none",
    "loose_parts": "none",
    "heat_or_food": "not_made_for_it",
}


def photo(name="photo.jpg", content=None, type="image/jpeg"):
    return SimpleUploadedFile(name, content or picture_bytes(), type)


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def test_what_a_company_sends_waits_for_an_editor_with_its_stock_and_photos(client, seller):
    response = client.post(OFFER, answers(photos=[photo(), photo("two.jpg")]), follow=True)

    listing = MaterialListing.objects.get()
    assert "An editor reviews the listing" in response.content.decode()
    assert not listing.live
    assert listing.current_workflow_state is not None
    assert str(listing.stock.offered) == "25.000"
    assert str(listing.stock.kg_per_unit) == "1.5000"
    assert listing.get_latest_revision_as_object().photos.count() == 2


def test_a_trusted_company_is_published_at_once_and_the_history_says_why(client, seller, company):
    Organisation.objects.filter(pk=company.pk).update(trusted=True)

    client.post(OFFER, answers(**SAFE))

    listing = MaterialListing.objects.get()
    state = listing.workflow_states.get().current_task_state
    assert listing.live
    assert "without review" in state.comment or "utan granskning" in state.comment


def test_a_draft_that_is_saved_for_later_is_not_sent(client, seller):
    data = answers(save="1")
    del data["send"]

    client.post(OFFER, data)

    assert MaterialListing.objects.get().current_workflow_state is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("quantity", "0", "more than zero"),
        ("quantity", "-3", "more than zero"),
        ("quantity", "99999999999", "more than the portal can count"),
        ("quantity", "many", "Write a number"),
        ("quantity", "1,2,3", "Write a number"),
        ("title", "x" * 10_000, "120"),
        ("description", "x" * 10_000, "4000"),
        ("kg_per_unit", "", "Estimate what one weighs"),
        ("smallest_part", "26", "more than there is"),
        ("tags", "x" * 60, "50 letters"),
    ],
)
def test_bad_input_gets_a_kind_error_and_keeps_what_was_typed(client, seller, field, value, words):
    response = client.post(OFFER, answers(**{field: value}))

    form = page(response)
    control = form.find(id=f"id_{field}")
    error = form.find(id=f"id_{field}_error")
    assert words in error.text
    assert control["aria-invalid"] == "true"
    assert form.find(id="id_title").get("value").strip()
    assert not MaterialListing.objects.exists()


def test_an_end_before_the_start_is_explained(client, seller):
    today = timezone.localdate()
    data = answers(
        available_from=today + timedelta(days=5), available_until=today + timedelta(days=2)
    )

    response = client.post(OFFER, data)

    assert "before the first day" in page(response).find(id="id_available_until_error").text


@pytest.mark.parametrize("written", ["1,5", "1.5", " 1,50 "])
def test_a_comma_and_a_point_mean_the_same(client, seller, written):
    client.post(OFFER, answers(quantity=written))

    assert str(MaterialListing.objects.get().stock.offered) == "1.500"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "Trä 🪵 och tyg"])
def test_odd_text_is_kept_and_shown_as_text(client, seller, text):
    client.post(OFFER, answers(title=text))

    listing = MaterialListing.objects.get()
    shown = client.get(listing.get_absolute_url()).content.decode()
    assert listing.title == text
    assert "<script>alert(1)" not in shown


def test_photos_survive_an_error_in_another_field(client, seller):
    first = page(client.post(OFFER, answers(quantity="0", photos=[photo()])))
    kept = [field["value"] for field in first.find_all("input", {"name": "photo"})]

    client.post(OFFER, answers(photo=kept))

    assert len(kept) == 1
    assert MaterialListing.objects.get().get_latest_revision_as_object().photos.count() == 1
    assert not PhotoUpload.objects.exists()


def test_a_forged_photo_number_is_ignored(client, seller):
    client.post(OFFER, answers(photo=["1:forged"]))

    assert MaterialListing.objects.get().get_latest_revision_as_object().photos.count() == 0


def heic():
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "red")).save(buffer)
    return buffer.getvalue()


def test_a_photo_from_an_iphone_is_accepted(client, seller):
    client.post(OFFER, answers(photos=[photo("IMG.HEIC", heic(), "image/heic")]))

    image = CustomImage.objects.get()
    with Image.open(image.file) as stored:
        assert stored.format == "JPEG"


def animation():
    frames = [Image.new("P", (5000, 5000), n) for n in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.jpg", b"not a picture"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("large.jpg", b"\xff\xd8" + b"0" * (20 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_not_a_photo_is_refused_next_to_the_field(client, seller, name, content):
    response = client.post(OFFER, answers(photos=[photo(name, content)]))

    assert name in page(response).find(id="photos_error").text
    assert not MaterialListing.objects.exists()


def test_an_animation_becomes_one_still_picture(client, seller):
    client.post(OFFER, answers(photos=[photo("anim.gif", animation(), "image/gif")]))

    with Image.open(CustomImage.objects.get().file) as stored:
        assert getattr(stored, "n_frames", 1) == 1
        assert max(stored.size) <= 2400


def test_the_place_where_a_photo_was_taken_is_removed_and_it_is_turned_upright(client, seller):
    picture = Image.new("RGB", (60, 40), "blue")
    exif = picture.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)

    client.post(OFFER, answers(photos=[photo(content=buffer.getvalue())]))

    with Image.open(CustomImage.objects.get().file) as stored:
        assert stored.size == (40, 60)
        assert not stored.getexif()


def test_somebody_not_signed_in_fills_in_first_and_finds_everything_after(client):
    sent = client.post(OFFER, answers(photos=[photo()]))
    user = UserFactory()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    MembershipFactory(user=user, organisation=CompanyFactory())

    form = page(client.get(OFFER))

    assert sent.url.startswith("/en/konto/login/?next=")
    assert form.find(id="id_title")["value"] == "Off-cuts of pine"
    assert form.find(id="id_kg_per_unit")["value"] == "1,5"
    assert len(form.find_all("input", {"name": "photo"})) == 1


def test_the_kept_form_goes_when_it_has_been_sent(client, seller):
    data = answers(save="1", title="")
    del data["send"]
    client.post(OFFER, data)
    draft = OfferDraft.objects.get(user=seller)

    client.post(OFFER, answers(utkast=draft.pk))

    assert not OfferDraft.objects.exists()


def test_an_edited_listing_stays_online_until_the_change_is_approved(client, seller, company):
    listing = ListingFactory(organisation=company, title="Before")
    listing.save_revision().publish()

    client.post(f"/en/material/{listing.pk}/andra/", answers(title="After"))

    listing.refresh_from_db()
    assert listing.live
    assert listing.title == "Before"
    assert listing.get_latest_revision_as_object().title == "After"


def test_offering_again_fills_in_the_form_from_last_time(client, seller, company):
    listing = ListingFactory(organisation=company, title="Tubes")

    form = page(client.get(f"/en/material/{listing.pk}/igen/"))

    assert form.find(id="id_title")["value"] == "Tubes"
    assert form.find("form", {"data-offer-form": True})["action"] == OFFER


def test_nobody_changes_the_listing_of_somebody_else(client, seller):
    other = ListingFactory()

    assert client.get(f"/en/material/{other.pk}/andra/").status_code == 403


def test_a_wrong_slug_leads_to_the_right_address(client):
    listing = ListingFactory(title="Tubes")

    response = client.get(f"/en/material/{listing.pk}/wrong/")

    assert response.status_code == 301
    assert response.url == f"/en/material/{listing.pk}/tubes/"


def test_a_listing_page_costs_the_same_however_many_photos_and_neighbours(
    client, django_assert_max_num_queries
):
    listing = ListingFactory()
    address = listing.get_absolute_url()

    def count():
        with django_assert_max_num_queries(60) as queries:
            client.get(address)
        return len(queries)

    ListingFactory(category=listing.category)
    client.get(address)
    few = count()
    for _number in range(3):
        ListingFactory(category=listing.category)

    assert count() == few


def test_a_new_company_is_registered_with_a_checked_number_and_waits(client):
    user = UserFactory()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    data = {
        "new": "1",
        "type": "company",
        "name": "Snickeriet AB",
        "org_number": "5599001078",
        "municipality": MunicipalityFactory().pk,
    }

    wrong = page(client.post("/en/mitt/organisation/registrera/", data))
    assert "valid organisation number" in wrong.find(id="id_org_number_error").text

    client.post("/en/mitt/organisation/registrera/", data | {"org_number": org_number(7)})
    membership = Membership.objects.get(user=user)
    assert membership.role == Membership.Role.ADMINISTRATOR
    assert membership.organisation.approval == Organisation.Approval.PENDING
