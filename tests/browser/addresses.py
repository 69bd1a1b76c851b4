"""Every kind of page there is: its address on the demo, who looks at it, and what they do first."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F
from django.urls import reverse
from django.utils.translation import override

from portal.site.accounts.codes import sent_to

NOBODY = ""
COMPANY, SCHOOL = "foretag", "skola"


@dataclass(frozen=True)
class View:
    """A page in a state.

    `address` is an address without its language, the name of a view with its arguments, or a
    function that takes a language. `act` does something on the opened page first, and `status` is
    what the server answers when it is opened.
    """

    address: str | tuple | Callable
    by: str = NOBODY
    act: Callable | None = None
    status: int = 200

    def path(self, language):
        if callable(self.address):
            return self.address(language)
        if isinstance(self.address, tuple):
            name, *arguments = self.address
            arguments = [each() if callable(each) else each for each in arguments]
            with override(language):
                return reverse(name, args=arguments)
        return self.address if language == "sv" else f"/{language}{self.address}"


def page(model, **which):
    """The first page of a type that is as `which` says, in a language."""

    def address(language):
        pages = apps.get_model("inspiration", model).objects.live().order_by("pk")
        return pages.filter(locale__language_code=language, **which).first().url

    return address


def kit_of(lesson, query="?barn=24&grupper=4"):
    """The kit that is proposed for the lesson idea at an address."""

    def address(language):
        from inspiration.models import LessonIdeaPage

        url = lesson(language)
        found = next(each for each in LessonIdeaPage.objects.live() if each.url == url)
        with override(language):
            return reverse("inspiration:lesson_kit", args=[found.pk]) + query

    return address


def campaign(state):
    def address(language):
        from inspiration.models import CampaignPage

        pages = CampaignPage.objects.live().filter(locale__language_code=language).order_by("pk")
        return next(each.url for each in pages if each.state == state)

    return address


def only_in_the_other_language(language):
    with override(language):
        other = "en" if language == "sv" else "sv"
        return page("ArticlePage", slug=f"bara-{other}")(other).replace(
            "/en/" if other == "en" else "/", "/" if language == "sv" else "/en/", 1
        )


def listing(**which):
    def address(language):
        from marketplace.models import MaterialListing

        listings = MaterialListing.objects.available().filter(**which).order_by("pk")
        with override(language):
            return listings.first().get_absolute_url()

    return address


def first(queryset_of):
    """The number of the first row that a function finds among the models of the exchange."""

    def pk():
        from marketplace import models

        return queryset_of(models).order_by("pk").first().pk

    return pk


def first_tip():
    from inspiration.models import LessonTip

    return LessonTip.objects.published().order_by("pk").first().pk


def unreserved(models):
    return models.MaterialListing.objects.available().filter(reservations=None)


def promised(models):
    """Everything is reserved, and nobody is on the waiting list."""
    return models.MaterialListing.objects.published().filter(
        stock__reserved=F("stock__offered") - F("stock__collected"),
        stock__reserved__gt=0,
        stock__closed_at=None,
        waiting_places=None,
    )


def collected(models):
    return models.MaterialListing.objects.published().filter(
        stock__collected=F("stock__offered"), stock__closed_at=None
    )


def own(path, name):
    """The number of the first reservation that a user of the demo has to do with."""

    def pk():
        from marketplace.models import Reservation

        found = Reservation.objects.filter(**{path: f"{name}@demo.example"})
        return found.order_by("pk").first().pk

    return pk


def place_in_line(that_are):
    """The number of the school's first place in a line that is as a function says."""

    def of_school(models):
        places = that_are(models.WaitingPlace.objects)
        return places.filter(organisation__members__email=f"{SCHOOL}@demo.example")

    return first(of_school)


def link(type, **state):
    """A newsletter's link of the first subscriber in that state."""

    def token():
        from inspiration.models import Subscriber

        return getattr(Subscriber.objects.filter(**state).order_by("pk").first(), f"{type}_token")

    return token


def invitation():
    from marketplace.models import IdeaInvitation

    return IdeaInvitation.objects.valid().order_by("pk").first().token


def tour(today):
    """The token of a driver: of today's list, or of one that is long over."""

    def token():
        from django.utils import timezone

        from marketplace.models import Tour

        tours = Tour.objects.filter(run__date=timezone.localdate())
        return tours.first().token if today else "over"

    return token


def shelf():
    from marketplace.models import Shelf

    return Shelf.objects.order_by("pk").first().token


def shelf_pk():
    from marketplace.models import Shelf

    return Shelf.objects.order_by("pk").first().pk


def hub_time():
    from marketplace.hubs.openings import coming_times
    from marketplace.models import Hub

    return coming_times(Hub.objects.get(slug="sundet")).first().pk


def of_company(**which):
    """The number of a listing of the demo's company."""

    def listings(models):
        return models.MaterialListing.objects.filter(
            organisation__members__email=f"{COMPANY}@demo.example", **which
        )

    return first(listings)


def token_of(model, **which):
    """The token of the first row of a model of the exchange."""

    def token():
        from marketplace import models

        return getattr(models, model).objects.filter(**which).order_by("pk").first().token

    return token


def own_kit():
    from inspiration.models import LessonKit

    return LessonKit.objects.order_by("pk").first().pk


def saved_search():
    from search.models import SavedSearch

    return SavedSearch.objects.order_by("pk").first().stop_token


def clearing():
    from marketplace.models import Clearing

    return Clearing.objects.unsent().get(organisation__members__email=f"{COMPANY}@demo.example").pk


def next_steps(times):
    """Fill in what a company is asked first, and go on in the form so many times."""

    def act(page):
        page.locator("#id_title").fill("Papprör")
        page.locator("#id_category").select_option(index=1)
        page.locator("#id_quantity").evaluate("field => { field.value = '12'; }")
        page.locator("#id_kg_per_unit").evaluate("field => { field.value = '0,4'; }")
        for _time in range(times):
            page.locator("[data-next]:visible").click()

    return act


def send_empty(page):
    """Send the form of the page with nothing filled in."""
    form = page.locator("main form[method=post]:has(.field):has(button:visible)").last
    form.locator(".form-actions button:visible").first.click()
    page.locator("main [role=alert]").first.wait_for()


def send_whole_form(page):
    """Send a form that is taken in steps with nothing filled in."""
    page.locator("main form[data-ready]").wait_for()
    page.locator("main form[data-steps]").evaluate("form => form.submit()")
    page.locator("main [role=alert]").first.wait_for()


def suggest(page):
    """Let the search box suggest."""
    page.locator("#q, main [data-suggest]").first.press_sequentially("pap")
    page.locator("[role=option]").first.wait_for()


def ask_for_nothing(page):
    page.locator("main input[name=quantity]").fill("")
    send_empty(page)


def ask_for_code(page):
    page.locator("#code-email").fill("skola@demo.example")
    page.locator("main form .button--primary").first.click()
    page.locator("main input[name=code]").wait_for()


def arrive(page):
    """Show that a new address is one's own, and be asked for name and place to work."""
    email = "ny@demo.example"
    page.locator("#code-email").fill(email)
    page.locator("main form .button--primary").first.click()
    page.locator("main input[name=code]").wait_for()
    page.locator("main input[name=code]").fill(sent_to(email).code_of(email))
    page.locator("main input[name=name]").wait_for()


def prove(page):
    """Have just signed in, where the page asks because that was a while ago."""
    if "reauthenticate" not in page.url:
        return
    key = next(each["value"] for each in page.context.cookies() if each["name"] == "sessionid")
    session = SessionStore(key)
    for record in session["account_authentication_methods"]:
        record["at"] = time.time()
    session.modified = True
    session.save()
    page.goto(parse_qs(urlsplit(page.url).query)["next"][0])


def ask_for_newsletter(page):
    page.locator("main input[name=email]").fill("ny@demo.example")
    page.locator("main input[name=consent]").check()
    page.locator("main form button[type=submit]").click()
    page.locator("main [role=status]").first.wait_for()


VIEWS = {
    "home": View("/"),
    "driver": View(("marketplace:driver", tour(True))),
    "driver-over": View(("marketplace:driver", tour(False)), status=410),
    "hubs": View(("marketplace:hubs",)),
    "hub": View(("marketplace:hub", "sundet")),
    "hub-time": View(("marketplace:hub_time", "sundet", hub_time)),
    "hub-time-to-book": View(("marketplace:hub_time", "sundet", hub_time), SCHOOL),
    "hub-shelf": View(("marketplace:shelf", shelf)),
    "hub-shelf-to-take": View(("marketplace:shelf", shelf), SCHOOL),
    "hub-shelf-offline": View(("marketplace:offline_shelf",)),
    "hub-arrivals": View(("marketplace:arrivals", "sundet"), SCHOOL),
    "hub-count": View(("marketplace:count_shelf", "sundet", shelf_pk), SCHOOL),
    "hub-count-errors": View(
        ("marketplace:count_shelf", "sundet", shelf_pk), SCHOOL, act=send_empty
    ),
    "safety": View(("marketplace:safety",)),
    "events": View(page("InspirationIndexPage", slug="handelser")),
    "event": View(page("EventPage")),
    "event-to-book": View(page("EventPage"), SCHOOL),
    "lessons": View(page("InspirationIndexPage", slug="lektionsideer")),
    "stories": View(page("InspirationIndexPage", slug="berattelser")),
    "articles": View(page("InspirationIndexPage", slug="artiklar")),
    "campaigns": View(page("InspirationIndexPage", slug="kampanjer")),
    "lesson": View(page("LessonIdeaPage")),
    "enough-for": View("/idebank/jag-har/?har=30+r%C3%B6r"),
    "collection": View(page("CollectionPage")),
    "tips": View(("inspiration:tips",)),
    "tip": View(("inspiration:tip", first_tip)),
    "kit-proposed": View(kit_of(page("LessonIdeaPage")), by=SCHOOL),
    "kit-without-group": View(kit_of(page("LessonIdeaPage"), query="")),
    "story": View(page("CaseStoryPage")),
    "article": View(page("ArticlePage")),
    "article-with-every-block": View(page("ArticlePage", slug="alla-block")),
    "campaign-before": View(campaign("before")),
    "campaign-running": View(campaign("running")),
    "campaign-over": View(campaign("over")),
    "standard-page": View(page("StandardPage")),
    "help": View("/hjalp/"),
    "help-nothing": View(lambda language: VIEWS["help"].path(language) + "?q=zeppelinare"),
    "credits": View(page("StandardPage", slug="bilder")),
    "form-page": View(page("FormPage")),
    "form-page-errors": View(page("FormPage"), act=send_empty),
    "untranslated": View(only_in_the_other_language),
    "tag": View("/tagg/bygga/"),
    "newsletter": View(("inspiration:newsletter",)),
    "newsletter-errors": View(("inspiration:newsletter",), act=send_empty),
    "newsletter-asked": View(("inspiration:newsletter",), act=ask_for_newsletter),
    "newsletter-confirm": View(("inspiration:confirm", link("confirm", confirmed_at=None))),
    "newsletter-expired": View(("inspiration:confirm", "gammal"), status=404),
    "newsletter-own": View(
        (
            "inspiration:subscription",
            link("manage", confirmed_at__isnull=False, unsubscribed_at=None),
        )
    ),
    "newsletter-end": View(
        (
            "inspiration:unsubscribe",
            link("manage", confirmed_at__isnull=False, unsubscribed_at=None),
        )
    ),
    "newsletter-ended": View(
        ("inspiration:unsubscribe", link("manage", unsubscribed_at__isnull=False))
    ),
    "listing-with-photos": View(listing(photos__sort_order__gt=0)),
    "listing-with-drawing": View(listing(photos=None)),
    "wanted": View(("marketplace:wanted_list",)),
    "wanted-none": View(lambda language: VIEWS["wanted"].path(language) + "?kommun=orkelljunga"),
    "wanted-ad": View(("marketplace:wanted_short", first(lambda m: m.WantedAd.objects.open()))),
    "ideas": View(("marketplace:ideas",)),
    "idea": View(("marketplace:idea", first(lambda m: m.Idea.objects.published()))),
    "ideas-of-pupils-form": View(("marketplace:idea_send", invitation)),
    "ideas-of-pupils-errors": View(("marketplace:idea_send", invitation), act=send_empty),
    "search": View("/sok/?q=papp"),
    "search-filtered": View("/sok/?q=tyg&typ=material&kommun=helsingborg&nu=1"),
    "search-nothing": View("/sok/?q=zeppelinare&kommun=klippan"),
    "search-suggesting": View("/sok/", act=suggest),
    "material": View(("search:material",)),
    "effect": View(("marketplace:effect",)),
    "factors": View(("marketplace:effect_factors",)),
    "terms": View(("terms",)),
    "retention": View(("retention",)),
    "offline": View(("offline",)),
    "forbidden": View("/fel/403/", status=403),
    "not-found": View("/finns-inte/", status=404),
    "broken": View("/fel/500/", status=500),
    "old-form": View("/fel/csrf/", status=403),
    "sign-in": View(("account_login",)),
    "sign-in-errors": View(("account_login",), act=lambda page: (unfold(page), send_empty(page))),
    "sign-up": View(("account_login",), act=arrive),
    "sign-up-errors": View(("account_login",), act=lambda page: (arrive(page), send_empty(page))),
    "forgotten-password": View(("account_reset_password",)),
    "code": View(("account_login",), act=ask_for_code),
    "offer": View(("marketplace:offer",), COMPANY),
    "offer-amount-and-safety": View(("marketplace:offer",), COMPANY, next_steps(1)),
    "offer-place": View(("marketplace:offer",), COMPANY, next_steps(2)),
    "offer-errors": View(("marketplace:offer",), COMPANY, send_whole_form),
    "my-page-company": View(("marketplace:my_page",), COMPANY),
    "clearings": View(("marketplace:clearings",), COMPANY),
    "clearing": View(("marketplace:clearing", clearing), COMPANY),
    "new-place": View(("marketplace:new_place",), COMPANY),
    "new-place-errors": View(("marketplace:new_place",), COMPANY, send_empty),
    "inbox": View(("marketplace:inbox",), COMPANY),
    "organisation": View(("marketplace:organisation",), COMPANY),
    "pickup-times": View(("marketplace:pickup_times",), COMPANY),
    "labels": View(("marketplace:labels",), COMPANY),
    "imports": View(("marketplace:imports",), COMPANY),
    "import-errors": View(
        ("marketplace:import", first(lambda m: m.ListingImport.objects)), COMPANY
    ),
    "collaborations": View(("marketplace:collaborations",), COMPANY),
    "ideas-to-company": View(("marketplace:own_ideas",), COMPANY),
    "request": View(
        ("marketplace:reservation", own("listing__organisation__members__email", COMPANY)), COMPANY
    ),
    "joint-request": View(
        ("marketplace:joint_request", first(lambda m: m.JointRequest.objects)), SCHOOL
    ),
    "add-more": View(
        (
            "marketplace:add_more",
            first(lambda m: m.Reservation.objects.exclude(joint_request=None)),
        ),
        SCHOOL,
    ),
    "ask-about-listing": View(("marketplace:ask_about_listing", first(unreserved)), SCHOOL),
    "my-page-school": View(("marketplace:my_page",), SCHOOL),
    "reservation": View(
        ("marketplace:reservation", own("organisation__members__email", SCHOOL)), SCHOOL
    ),
    "reserve": View(("marketplace:reserve", first(unreserved)), SCHOOL),
    "reserve-errors": View(
        ("marketplace:reserve", first(unreserved)),
        SCHOOL,
        ask_for_nothing,
    ),
    "line": View(("marketplace:join_line", first(promised)), SCHOOL),
    "line-errors": View(("marketplace:join_line", first(promised)), SCHOOL, ask_for_nothing),
    "line-over": View(("marketplace:join_line", first(collected)), SCHOOL, status=409),
    "place-in-line": View(
        ("marketplace:waiting_place", place_in_line(lambda places: places.waiting())), SCHOOL
    ),
    "place-in-line-offered": View(
        ("marketplace:waiting_place", place_in_line(lambda places: places.offered())), SCHOOL
    ),
    "wanted-new": View(("marketplace:wanted_new",), SCHOOL),
    "wanted-new-errors": View(("marketplace:wanted_new",), SCHOOL, send_empty),
    "tip-new": View(("inspiration:tip_new",), SCHOOL),
    "tip-new-errors": View(("inspiration:tip_new",), SCHOOL, send_empty),
    "purchases": View(("marketplace:purchases",), SCHOOL),
    "ideas-of-school": View(("marketplace:own_ideas",), SCHOOL),
    "saved-searches": View(("search:saved",), SCHOOL),
    "mail-preference": View(("marketplace:own_mail_preference",), SCHOOL),
    "my-data": View(("my_data",), SCHOOL),
    "leave": View(("leave",), SCHOOL),
    "listing-to-reserve": View(listing(photos__sort_order__gt=0), SCHOOL),
    "listing-own": View(listing(organisation__members__email=f"{COMPANY}@demo.example"), COMPANY),
    "offer-edit": View(("marketplace:offer_edit", of_company(live=True)), COMPANY),
    "offer-again": View(("marketplace:offer_again", of_company(live=True)), COMPANY),
    "withdraw": View(("marketplace:withdraw", of_company(stock__closed_at=None)), COMPANY),
    "recall": View(("marketplace:recall", of_company(live=True)), COMPANY),
    "report-listing": View(("marketplace:report_listing", first(unreserved)), SCHOOL),
    "regular-offer": View(
        ("marketplace:regular_offer", first(lambda m: m.RegularOffer.objects)), COMPANY
    ),
    "unplaced": View(("marketplace:unplaced", of_company(unplaced__isnull=False)), COMPANY),
    "share-out": View(("marketplace:share_out", of_company(sharing__isnull=False)), COMPANY),
    "listing-question": View(
        ("marketplace:listing_question", first(lambda m: m.ListingQuestion.objects)), COMPANY
    ),
    "giver-question": View(("marketplace:giver_question", token_of("GiverQuestion"))),
    "wanted-ad-to-answer": View(
        ("marketplace:wanted_short", first(lambda m: m.WantedAd.objects.open())), COMPANY
    ),
    "wanted-overview": View(("marketplace:wanted_overview",), COMPANY),
    "wanted-edit": View(
        (
            "marketplace:wanted_edit",
            first(
                lambda m: m.WantedAd.objects.open().filter(
                    organisation__members__email=f"{SCHOOL}@demo.example"
                )
            ),
        ),
        SCHOOL,
    ),
    "place": View(("marketplace:place", first(lambda m: m.Place.objects)), COMPANY),
    "organisation-of-school": View(("marketplace:organisation",), SCHOOL),
    "register": View(("marketplace:organisation_register",), SCHOOL),
    "invitation": View(("marketplace:join_by_invitation", token_of("Invitation"))),
    "invitation-over": View(("marketplace:join_by_invitation", "gammal"), status=404),
    "inbox-of-school": View(("marketplace:inbox",), SCHOOL),
    "calendar-feed": View(("marketplace:calendar_feed_page",), COMPANY),
    "saved-search-mail": View(("search:saved_mail", saved_search)),
    "own-effect": View(("marketplace:own_effect",), COMPANY),
    "hub-cards": View(("marketplace:hub_cards",), SCHOOL),
    "hub-take-in": View(("marketplace:take_in", "sundet"), SCHOOL),
    "hub-new-shelf": View(("marketplace:new_shelf", "sundet"), SCHOOL),
    "kit": View(("inspiration:kit", own_kit), SCHOOL),
    "what-for": View(("inspiration:what_for",)),
    "collected": View(
        (
            "marketplace:reservation",
            first(
                lambda m: m.Reservation.objects.filter(
                    state="collected", organisation__members__email=f"{SCHOOL}@demo.example"
                )
            ),
        ),
        SCHOOL,
    ),
    "rate": View(
        (
            "marketplace:rate",
            first(
                lambda m: m.Reservation.objects.filter(
                    state="collected", organisation__members__email=f"{SCHOOL}@demo.example"
                )
            ),
        ),
        SCHOOL,
    ),
    "who-are-you": View(("account_reauthenticate",), SCHOOL),
    "factors-none": View(("mfa_index",), COMPANY),
    "factor-app": View(("mfa_activate_totp",), COMPANY, prove),
    "factor-key": View(("mfa_add_webauthn",), COMPANY, prove),
    "factors-own": View(("mfa_index",), SCHOOL),
    "factor-app-off": View(("mfa_deactivate_totp",), SCHOOL, prove),
    "recovery-codes": View(("mfa_view_recovery_codes",), SCHOOL, prove),
    "recovery-codes-new": View(("mfa_generate_recovery_codes",), SCHOOL, prove),
}


def unfold(page):
    """Open everything that can be folded out."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
