"""Every kind of page there is: its address on the demo, who looks at it, and what they do first."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse
from django.utils.translation import override

from portal.demo.people import PASSWORD

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
        from inspiration import models

        pages = getattr(models, model).objects.live().order_by("pk")
        return pages.filter(locale__language_code=language, **which).first().url

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


def unreserved(models):
    return models.MaterialListing.objects.available().filter(reservations=None)


def promised(models):
    """Everything is promised, and nobody stands in line."""
    return models.MaterialListing.objects.published().filter(
        stock__reserved=F("stock__offered"), stock__closed_at=None, waiting_places=None
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


def link(kind, **state):
    """A newsletter's link of the first subscriber in that state."""

    def token():
        from inspiration.models import Subscriber

        return getattr(Subscriber.objects.filter(**state).order_by("pk").first(), f"{kind}_token")

    return token


def invitation():
    from marketplace.models import IdeaInvitation

    return IdeaInvitation.objects.valid().order_by("pk").first().token


def send_empty(page):
    """Send the form of the page with nothing filled in."""
    form = page.locator("main form[method=post]:has(.field):has(button:visible)").last
    form.locator(".form-actions button:visible").first.click()
    page.locator("main [role=alert]").first.wait_for()


def suggest(page):
    """Let the search box suggest."""
    page.locator("#q, main [data-suggest]").first.press_sequentially("pap")
    page.locator("[role=option]").first.wait_for()


def ask_for_nothing(page):
    page.locator("main input[name=quantity]").fill("")
    send_empty(page)


def ask_for_code(page):
    """Ask for a code, unless one asked for before is waited for."""
    if page.locator("#code-email").count():
        page.locator("#code-email").fill("skola@demo.example")
        page.locator("main form .button--primary").first.click()
    page.locator("main input[name=code]").wait_for()


def prove(page):
    """Write the password again, unless that was done a moment ago."""
    if "reauthenticate" in page.url:
        page.locator("main input[name=password]").fill(PASSWORD)
        page.locator("main input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def ask_for_newsletter(page):
    page.locator("main input[name=email]").fill("ny@demo.example")
    page.locator("main input[name=consent]").check()
    page.locator("main form button[type=submit]").click()
    page.locator("main [role=status]").first.wait_for()


VIEWS = {
    "home": View("/"),
    "lessons": View(page("InspirationIndexPage", slug="lektionsideer")),
    "stories": View(page("InspirationIndexPage", slug="berattelser")),
    "articles": View(page("InspirationIndexPage", slug="artiklar")),
    "campaigns": View(page("InspirationIndexPage", slug="kampanjer")),
    "lesson": View(page("LessonIdeaPage")),
    "story": View(page("CaseStoryPage")),
    "article": View(page("ArticlePage")),
    "article-with-every-block": View(page("ArticlePage", slug="alla-block")),
    "campaign-before": View(campaign("before")),
    "campaign-running": View(campaign("running")),
    "campaign-over": View(campaign("over")),
    "standard-page": View(page("StandardPage")),
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
    "sign-up": View(("account_signup",)),
    "sign-up-errors": View(("account_signup",), act=send_empty),
    "forgotten-password": View(("account_reset_password",)),
    "code": View(("account_login",), act=ask_for_code),
    "offer": View(("marketplace:offer",), COMPANY),
    "offer-errors": View(("marketplace:offer",), COMPANY, send_empty),
    "my-page-company": View(("marketplace:my_page",), COMPANY),
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
        ("marketplace:waiting_place", first(lambda m: m.WaitingPlace.objects.waiting())), SCHOOL
    ),
    "place-in-line-offered": View(
        ("marketplace:waiting_place", first(lambda m: m.WaitingPlace.objects.offered())), SCHOOL
    ),
    "wanted-new": View(("marketplace:wanted_new",), SCHOOL),
    "wanted-new-errors": View(("marketplace:wanted_new",), SCHOOL, send_empty),
    "purchases": View(("marketplace:purchases",), SCHOOL),
    "ideas-of-school": View(("marketplace:own_ideas",), SCHOOL),
    "saved-searches": View(("search:saved",), SCHOOL),
    "mail-preference": View(("marketplace:own_mail_preference",), SCHOOL),
    "my-data": View(("my_data",), SCHOOL),
    "leave": View(("leave",), SCHOOL),
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
