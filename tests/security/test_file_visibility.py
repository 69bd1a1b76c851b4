"""A picture is as visible as what it belongs to, from the first upload to the withdrawal."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site

from inspiration.pages.models import ArticlePage
from marketplace.exchange.handovers.services import confirm_handover
from marketplace.exchange.reservations.services import accept_reservation
from marketplace.ideas.models import Idea
from marketplace.ideas.services import approve_idea, invite_class, reject_idea
from marketplace.listings.models import ListingPhoto, MaterialListing
from portal.foundation.images.models import CustomImage
from portal.foundation.site_settings.models import SiteSettings
from tests.factories import (
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
    picture_bytes,
)

# Where a picture is used says who may see it.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("admin_indexes")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def portal(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("setup_portal", verbosity=0)


@pytest.fixture
def company():
    return CompanyFactory()


def signed_in(user):
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def photo():
    return SimpleUploadedFile("kalle svensson.jpg", picture_bytes(), "image/jpeg")


def answers_of(image, browser):
    """How the picture and what was made of it are answered."""
    rendition = image.get_rendition("width-20|format-webp")
    return [
        browser.get(address).status_code for address in (f"/media/{image.file.name}", rendition.url)
    ]


SEEN, HIDDEN = [200, 200], [404, 404]


def with_photo(company, **fields):
    listing = ListingFactory(organisation=company, **fields)
    image = ImageFactory()
    listing.photos.set([ListingPhoto(image=image, sort_order=0)])
    listing.save()
    listing.save_revision()
    return listing, image


@pytest.fixture
def bucket(settings, company):
    """A listing's picture, kept in a private bucket. Signing an address asks no server."""
    listing, image = with_photo(company, live=False)
    options = settings.MEDIA_BUCKET["OPTIONS"] | {
        "bucket_name": "media",
        "endpoint_url": "http://127.0.0.1:9",
        "region_name": "eu-north-1",
        "access_key": "key",
        "secret_key": "only for tests",
    }
    settings.MEDIA_IN_BUCKET = True
    settings.STORAGES = settings.STORAGES | {
        "default": settings.MEDIA_BUCKET | {"OPTIONS": options}
    }
    return listing, f"/media/{image.file.name}"


def signature_of(response):
    """The parameters of the address that a picture is answered with."""
    assert response.status_code == 302
    return parse_qs(urlsplit(response["Location"]).query)


def test_a_picture_in_a_bucket_is_seen_by_an_address_that_is_signed_and_ends(bucket, company):
    _listing, address = bucket
    member = signed_in(MembershipFactory(organisation=company).user)

    answer = member.get(address)

    assert "X-Amz-Signature" in signature_of(answer) or "Signature" in signature_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert Client().get(address).status_code == 404


def test_nobody_keeps_the_way_to_a_public_picture_longer_than_its_signature_holds(bucket):
    listing, address = bucket
    listing.latest_revision.publish()

    answer = Client().get(address)

    assert signature_of(answer)
    kept = int(re.search(r"max-age=(\d+)", answer["Cache-Control"])[1])
    assert 0 < kept < 600


def test_a_picture_of_a_draft_is_for_its_company_and_the_reviewers(client, company):
    _listing, image = with_photo(company, live=False)

    assert answers_of(image, client) == HIDDEN
    assert answers_of(image, signed_in(MembershipFactory().user)) == HIDDEN
    assert answers_of(image, signed_in(MembershipFactory(organisation=company).user)) == SEEN
    assert answers_of(image, signed_in(SuperuserFactory())) == SEEN


def test_a_picture_is_public_with_its_listing_and_no_longer(client, company):
    listing, image = with_photo(company, live=False)
    assert answers_of(image, client) == HIDDEN

    listing.latest_revision.publish()
    assert answers_of(image, client) == SEEN

    MaterialListing.objects.get(pk=listing.pk).unpublish()
    assert answers_of(image, client) == HIDDEN


def test_a_school_that_has_asked_still_sees_what_was_withdrawn(client, company):
    listing, image = with_photo(company)
    school = MembershipFactory(organisation=SchoolFactory())
    ReservationFactory(listing=listing, organisation=school.organisation)

    MaterialListing.objects.get(pk=listing.pk).unpublish()

    assert answers_of(image, signed_in(school.user)) == SEEN
    assert answers_of(image, signed_in(MembershipFactory().user)) == HIDDEN


def test_a_new_picture_of_a_published_listing_waits_with_its_change(client, company):
    listing, old = with_photo(company)
    new = ImageFactory()
    changed = listing.get_latest_revision_as_object()
    changed.photos.set([ListingPhoto(image=new, sort_order=0)])
    changed.save_revision()

    assert answers_of(old, client) == SEEN
    assert answers_of(new, client) == HIDDEN
    assert answers_of(new, signed_in(MembershipFactory(organisation=company).user)) == SEEN
    changed.latest_revision.publish()
    assert answers_of(new, client) == SEEN


def test_an_upload_is_seen_in_the_browser_it_came_from_and_nowhere_else(client):
    page = client.post("/en/material/erbjud/", {"photo_upload": "1", "photos": photo()})
    image = CustomImage.objects.get()
    shown = BeautifulSoup(page.content, "html.parser").find(class_="photo-list__image")["src"]

    assert "kalle" not in image.file.name + shown
    assert client.get(shown).status_code == 200
    assert answers_of(image, Client()) == HIDDEN
    assert answers_of(image, signed_in(SuperuserFactory())) == HIDDEN


@pytest.fixture
def handover(company):
    reservation = ReservationFactory(
        listing=ListingFactory(organisation=company), organisation=SchoolFactory()
    )
    accept_reservation(reservation=reservation, by=UserFactory())
    return confirm_handover(
        reservation=reservation, by=UserFactory(), quantity=2, mass_kg=1, would_have_bought="yes"
    )


@pytest.fixture
def idea(handover):
    link = invite_class(handover=handover, by=UserFactory()).get_absolute_url()
    words = {"type": "made", "title": "Kulbanan", "text": "Vi byggde.", "age_group": "f-3"}
    Client().post(link, words | {"signed": "2B", "no_faces": "on", "photos": photo()})
    return Idea.objects.get()


def test_a_pupils_picture_goes_from_teacher_to_company_to_everybody(client, handover, idea):
    image = idea.photos.get().image
    teacher = signed_in(MembershipFactory(organisation=handover.receiver).user)
    seller = signed_in(MembershipFactory(organisation=handover.giver).user)
    editor = signed_in(SuperuserFactory())

    def seen_by():
        browsers = {"teacher": teacher, "seller": seller, "editor": editor, "anybody": client}
        return [who for who, browser in browsers.items() if answers_of(image, browser) == SEEN]

    assert seen_by() == ["teacher"]
    approve_idea(idea=idea, by=UserFactory())
    assert seen_by() == ["teacher", "seller", "editor"]
    idea.save_revision().publish()
    assert seen_by() == ["teacher", "seller", "editor", "anybody"]
    Idea.objects.get().unpublish()
    assert seen_by() == ["teacher", "seller", "editor"]


def test_a_stopped_idea_leaves_its_picture_with_the_school(client, handover, idea):
    image = idea.photos.get().image
    reject_idea(idea=idea, by=UserFactory())
    teacher = signed_in(MembershipFactory(organisation=handover.receiver).user)
    editor = signed_in(SuperuserFactory())

    assert answers_of(image, teacher) == SEEN
    assert answers_of(image, editor) == HIDDEN
    for address in ("/admin/images/", "/admin/images/chooser/"):
        assert "Kulbanan" not in editor.get(address).content.decode()


def test_the_library_shows_pictures_that_editors_may_use(company, idea):
    _listing, image = with_photo(company, live=False)
    CustomImage.objects.filter(pk=image.pk).update(title="Boxes in the hall")

    listed = signed_in(SuperuserFactory()).get("/admin/images/").content.decode()

    assert "Boxes in the hall" in listed


def article(**fields):
    page = ArticlePage(title="Pipes", slug="pipes", summary="s", **fields)
    Page.objects.get(depth=2).add_child(instance=page)
    return page


def test_a_picture_of_a_page_is_public_while_the_page_is(client):
    image = ImageFactory()
    page = article(cover=image, live=False)
    assert answers_of(image, client) == HIDDEN

    page.save_revision().publish()
    assert answers_of(image, client) == SEEN

    ArticlePage.objects.get(pk=page.pk).unpublish()
    assert answers_of(image, client) == HIDDEN


def test_a_picture_inside_the_text_of_a_page_is_public_with_it(client):
    image = ImageFactory()
    article(body=[("image", {"image": image, "caption": "Pipes"})])

    assert answers_of(image, client) == SEEN
    assert answers_of(ImageFactory(), client) == HIDDEN


def test_a_page_behind_a_group_keeps_its_pictures_there(client):
    image = ImageFactory()
    page = article(cover=image)
    group = Group.objects.create(name="Readers")
    rule = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.GROUPS
    )
    rule.groups.add(group)
    reader = UserFactory()
    reader.groups.add(group)

    assert answers_of(image, client) == HIDDEN
    assert answers_of(image, signed_in(UserFactory())) == HIDDEN
    assert answers_of(image, signed_in(reader)) == SEEN


def test_the_logo_of_the_site_is_public(client):
    image = ImageFactory()
    settings = SiteSettings.for_site(Site.objects.get())
    settings.logo = image
    settings.save()

    assert answers_of(image, client) == SEEN


def test_what_is_public_may_be_kept_and_the_rest_not(client, company):
    _listing, public = with_photo(company)
    _draft, private = with_photo(company, live=False)
    member = signed_in(MembershipFactory(organisation=company).user)

    answers = {
        "public": client.get(f"/media/{public.file.name}"),
        "private": member.get(f"/media/{private.file.name}"),
    }

    assert answers["public"]["Cache-Control"] == "public, max-age=3600"
    assert answers["private"]["Cache-Control"] == "private, no-store"
    for answer in answers.values():
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    again = client.get(
        f"/media/{public.file.name}",
        headers={"If-Modified-Since": answers["public"]["Last-Modified"]},
    )
    assert again.status_code == 304


def test_the_proxy_is_told_the_file_only_after_the_same_question(client, company, settings):
    settings.MEDIA_ACCEL_PREFIX = "/"
    _listing, public = with_photo(company)
    _draft, private = with_photo(company, live=False)

    answer = client.get(f"/media/{public.file.name}")

    assert (answer["X-Accel-Redirect"], answer.content) == (f"/{public.file.name}", b"")
    assert answer["Content-Type"] == "image/jpeg"
    assert client.get(f"/media/{private.file.name}").status_code == 404


def test_documents_and_other_files_are_not_reached_past_their_own_address(client, tmp_path):
    Document = get_document_model()
    document = Document.objects.create(title="Rules", file=ContentFile(b"rules", name="rules.txt"))
    (tmp_path / "secret.txt").write_text("secret")

    assert client.get(document.url).status_code == 200
    assert client.get(f"/media/{document.file.name}").status_code == 404
    for path in ("secret.txt", "../secret.txt", "%2e%2e/secret.txt", "original_images/"):
        assert client.get(f"/media/{path}").status_code == 404
