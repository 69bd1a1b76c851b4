"""Who may do what: every address of the exchange and its admin, tried as every role."""

from dataclasses import dataclass, field
from datetime import time, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from post_office.models import Email
from taggit.models import Tag
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Collection

from inspiration.models import (
    CampaignChannel,
    CampaignPage,
    CampaignParticipant,
    HomePage,
    InspirationIndexPage,
    Newsletter,
    NewsletterDelivery,
    Subscriber,
)
from marketplace import services
from marketplace.models import (
    Collaboration,
    CostSharing,
    Idea,
    IdeaInvitation,
    IdeaProgress,
    Invitation,
    ListingImport,
    Membership,
    Note,
    PickupTime,
    RegularOffer,
    Reservation,
    Revaluation,
    WantedAd,
)
from marketplace.notifications import mute_token
from portal.models import TermsVersion
from search.models import SavedSearch, Synonym
from tests.factories import (
    CategoryFactory,
    CompanyFactory,
    ImageFactory,
    ListingFactory,
    MembershipFactory,
    MunicipalityFactory,
    ReservationFactory,
    SchoolFactory,
    SuperuserFactory,
    UserFactory,
)

ROLES = [
    "anonymous",
    "company",
    "other_company",
    "school",
    "other_school",
    "editor",
    "communicator",
    "coordinator",
    "other_coordinator",
    "steering",
    "superuser",
]
EVERYBODY = set(ROLES)
SIGNED_IN = EVERYBODY - {"anonymous"}
# A superuser may do all in the admin, but does not act for an organisation on the site.
COMPANIES = {"company", "other_company"}
PARTIES = {"company", "school"}
ORGANISED = {"company", "other_company", "school", "other_school"}
ADMIN = SIGNED_IN - ORGANISED


@dataclass
class Row:
    """One address: who gets through, and how it is asked."""

    allowed: set
    path: str
    method: str = "get"
    data: dict = field(default_factory=dict)


@pytest.fixture
def world(db):
    """One of everything, with its people."""
    call_command("setup_portal", verbosity=0)
    here, elsewhere = MunicipalityFactory(), MunicipalityFactory()
    company = CompanyFactory(municipality=here)
    school = SchoolFactory(municipality=here)
    listing = ListingFactory(organisation=company, title="Tubes")
    reservation = ReservationFactory(listing=listing, organisation=school)
    handed = ReservationFactory(
        listing=ListingFactory(organisation=company, category=listing.category),
        organisation=school,
    )
    sent = ListingFactory(organisation=company, category=listing.category, draft=True)
    users = {
        "company": MembershipFactory(organisation=company, role="administrator").user,
        "other_company": MembershipFactory(organisation=CompanyFactory()).user,
        "school": MembershipFactory(organisation=school, role="administrator").user,
        "other_school": MembershipFactory(organisation=SchoolFactory()).user,
        "editor": UserFactory(),
        "communicator": UserFactory(),
        "coordinator": UserFactory(),
        "other_coordinator": UserFactory(),
        "steering": UserFactory(),
        "superuser": SuperuserFactory(),
    }
    users["editor"].groups.add(Group.objects.get(name="Editors"))
    users["communicator"].groups.add(Group.objects.get(name="Communicators"))
    users["steering"].groups.add(Group.objects.get(name="Steering group"))
    for name, municipality in (("coordinator", here), ("other_coordinator", elsewhere)):
        users[name].groups.add(Group.objects.get(name="Coordinators"))
        municipality.coordinators.add(users[name])
    services.accept_reservation(reservation=handed, by=users["company"])
    services.submit_listing(listing=sent, by=users["company"])
    tomorrow = timezone.now() + timedelta(days=1)
    agreed = ReservationFactory(
        listing=ListingFactory(organisation=company, category=listing.category),
        organisation=school,
        pickup_at=tomorrow,
    )
    services.accept_reservation(reservation=agreed, by=users["company"])
    empty = ListingFactory(organisation=company, category=listing.category, stock__offered=2)
    promised = ReservationFactory(
        listing=empty, organisation=SchoolFactory(municipality=here), requested_quantity=2
    )
    services.accept_reservation(reservation=promised, by=users["company"])
    place = services.join_line(listing=empty, organisation=school, by=users["school"], quantity=1)
    handover = services.confirm_handover(
        reservation=handed, by=users["school"], quantity=2, mass_kg=1, would_have_bought="yes"
    )
    invitation = IdeaInvitation.objects.create(handover=handover, expires_at="2100-01-01T00:00:00Z")
    idea = Idea.objects.create(
        handover=handover,
        kind="made",
        title="Robot",
        text="…",
        age_group="f-3",
        signed="4B",
        live=False,
    )
    IdeaProgress.objects.create(idea=idea)
    approved = Idea.objects.create(
        handover=handover,
        kind="made",
        title="Boat",
        text="…",
        age_group="f-3",
        signed="4B",
        live=False,
    )
    IdeaProgress.objects.create(idea=approved, approved_at=timezone.now())
    wanted = WantedAd.objects.create(
        organisation=school,
        title="Boxes",
        description="…",
        category=CategoryFactory(),
        live=True,
    )
    regular = RegularOffer.objects.create(listing=listing, next_on=tomorrow.date())
    home = HomePage.objects.get()
    index = home.add_child(instance=InspirationIndexPage(title="Campaigns", locale=home.locale))
    campaign = CampaignPage(
        title="Cardboard", starts_on="2026-01-01", ends_on="2026-02-01", goal=1, locale=home.locale
    )
    issue = Newsletter.objects.create(name="November")
    campaign = index.add_child(instance=campaign)
    return {
        "channel": CampaignChannel.objects.create(campaign=campaign, name="Poster"),
        "participant": CampaignParticipant.objects.create(campaign=campaign, organisation=school),
        "delivery": NewsletterDelivery.objects.create(newsletter=issue),
        "factor": listing.category.factors.get(),
        "tag": Tag.objects.create(name="tubes"),
        "image": ImageFactory(collection=Collection.get_first_root_node()),
        "sent": sent,
        "costs": CostSharing.objects.create(year=2026, cost_sek=1000),
        "note": Note.objects.create(
            reservation=handed, organisation=school, kind="thanks", text="Thanks!"
        ),
        "mail": Email.objects.create(from_email="a@example.org", to=["b@example.org"]),
        "revaluation": Revaluation.objects.create(
            first_day="2026-01-01",
            last_day="2026-12-31",
            reason="New factor",
            handovers=0,
            co2e_change_kg=0,
            value_change_sek=0,
            avoided_change_sek=0,
        ),
        # In force later, so that nobody is asked to accept it now.
        "terms": TermsVersion.objects.create(number=1, valid_from="2100-01-01T00:00:00Z"),
        "synonym": Synonym.objects.create(rule="koja => papp"),
        "regular": regular,
        "regular_token": services.regular_offer_token(regular.pk, "2026-03-02"),
        "import_": ListingImport.objects.create(organisation=company, file_name="a.csv"),
        "colleague": Invitation.objects.create(organisation=school, email="new@example.org"),
        "session": UserSession.objects.create(
            user=users["school"], ip="10.0.0.1", session_key="elsewhere"
        ),
        "campaign": campaign,
        "issue": issue,
        "subscriber": Subscriber.objects.create(email="reader@example.org", consent="Yes"),
        "agreed": agreed,
        "collaboration": Collaboration.objects.create(
            company=company, partner=school, kind="project", recorded_by=users["school"]
        ),
        "empty": empty,
        "handed": handed,
        "place": place,
        "pickup_time": PickupTime.objects.create(
            organisation=company, weekday=1, starts=time(8), ends=time(10)
        ),
        "notification": users["school"].notifications.first(),
        "token": mute_token(users["school"]),
        "users": users,
        "listing": listing,
        "reservation": reservation,
        "handover": handover,
        "invitation": invitation,
        "idea": idea,
        "approved": approved,
        "wanted": wanted,
        "search": SavedSearch.objects.create(user=users["school"], name="Tubes", address="q=tubes"),
        "company": company,
        "school": school,
        "membership": Membership.objects.get(user=users["school"]),
    }


# Name of the address → who gets through. Paths are filled in from the world.
SITE = {
    "search": Row(EVERYBODY, "/sok/"),
    "suggest": Row(EVERYBODY, "/sok/forslag/?q=tu"),
    "click": Row(EVERYBODY, "/sok/klick/", "post", {"q": "tubes", "position": "1"}),
    "material": Row(EVERYBODY, "/material/"),
    "saved": Row(SIGNED_IN, "/mitt/sokningar/"),
    "save": Row(SIGNED_IN, "/mitt/sokningar/spara/", "post", {"sokning": "q=tubes"}),
    "saved_change": Row({"school"}, "/mitt/sokningar/{search.pk}/andra/", "post"),
    # Whoever has the link of a mail may stop that mail.
    "saved_mail": Row(EVERYBODY, "/mitt/sokningar/post/{search.stop_token}/"),
    "saved_remove": Row({"school"}, "/mitt/sokningar/{search.pk}/bort/", "post"),
    "listing": Row(EVERYBODY, "/material/{listing.pk}/tubes/"),
    "offer": Row(EVERYBODY, "/material/erbjud/"),
    "offer_edit": Row({"company"}, "/material/{listing.pk}/andra/"),
    "offer_again": Row({"company"}, "/material/{listing.pk}/igen/"),
    "withdraw": Row({"company"}, "/material/{listing.pk}/avsluta/", "post"),
    "reopen": Row({"company"}, "/material/{listing.pk}/oppna/", "post"),
    "wanted_list": Row(EVERYBODY, "/efterlysningar/"),
    "wanted_new": Row({"school", "other_school"}, "/efterlysningar/ny/"),
    "wanted_ad": Row(EVERYBODY, "/efterlysningar/{wanted.pk}/boxes/"),
    "wanted_edit": Row({"school"}, "/efterlysningar/{wanted.pk}/andra/"),
    "wanted_close": Row({"school"}, "/efterlysningar/{wanted.pk}/avsluta/", "post"),
    "ideas": Row(EVERYBODY, "/ideer/"),
    "idea": Row({"school"}, "/ideer/{idea.pk}/"),
    "idea_act": Row({"school"}, "/ideer/{idea.pk}/gor/", "post", {"action": "approve"}),
    "idea_send": Row(EVERYBODY, "/ide/{invitation.token}/"),
    "idea_invitation": Row({"school"}, "/mitt/overlamningar/{handover.pk}/klassen/"),
    "idea_qr": Row({"school"}, "/mitt/overlamningar/{handover.pk}/klassen/qr.svg"),
    "own_ideas": Row(SIGNED_IN, "/mitt/ideer/"),
    "own_effect": Row(COMPANIES, "/mitt/effekt/"),
    "effect_statement": Row(
        {"company"}, "/mitt/effekt/{company.pk}/{handover.handed_over_on.year}.pdf"
    ),
    "my_page": Row(SIGNED_IN, "/mitt/"),
    "organisation": Row(SIGNED_IN, "/mitt/organisation/"),
    "organisation_register": Row(SIGNED_IN, "/mitt/organisation/registrera/"),
    "member": Row(
        {"school"}, "/mitt/organisation/medlem/{membership.pk}/", "post", {"action": "member"}
    ),
    "reservation": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/"),
    "accept": Row({"company"}, "/mitt/bokningar/{reservation.pk}/lova/", "post"),
    "decline": Row({"company"}, "/mitt/bokningar/{reservation.pk}/neka/", "post"),
    "prolong": Row({"school"}, "/mitt/bokningar/{reservation.pk}/forlang/", "post"),
    "pickup_calendar": Row(PARTIES, "/mitt/bokningar/{agreed.pk}/kalender.ics"),
    "thank": Row(PARTIES, "/mitt/bokningar/{handed.pk}/tack/", "post", {"text": "Thanks!"}),
    "report_problem": Row(PARTIES, "/mitt/bokningar/{handed.pk}/problem/", "post"),
    "cancel": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/avboka/", "post"),
    "reserve": Row({"school", "other_school"}, "/material/{listing.pk}/boka/"),
    "join_line": Row({"school", "other_school"}, "/material/{empty.pk}/ko/"),
    "waiting_place": Row({"school"}, "/mitt/ko/{place.pk}/"),
    "take_offer": Row({"school"}, "/mitt/ko/{place.pk}/ta/", "post"),
    "leave_line": Row({"school"}, "/mitt/ko/{place.pk}/lamna/", "post"),
    "pickup_times": Row({"company", "other_company"}, "/mitt/hamttider/"),
    "remove_pickup_time": Row({"company"}, "/mitt/hamttider/{pickup_time.pk}/bort/", "post"),
    "labels": Row(ORGANISED, "/mitt/etiketter/"),
    "labels_pdf": Row(ORGANISED, "/mitt/etiketter/etiketter.pdf"),
    "find_organisation": Row(EVERYBODY, "/organisationer/forslag/?organisation=sk"),
    # The secret in the address is the key, and joining needs a sign-in besides.
    "join_by_invitation": Row(EVERYBODY, "/inbjudan/{colleague.token}/"),
    "revoke_invitation": Row(
        {"school"}, "/mitt/organisation/inbjudan/{colleague.pk}/bort/", "post"
    ),
    "listing_actions": Row(COMPANIES, "/mitt/material/", "post", {"action": "copy"}),
    "imports": Row(COMPANIES, "/mitt/material/fil/"),
    "import_template": Row(COMPANIES, "/mitt/material/fil/mall.xlsx"),
    "import": Row({"company"}, "/mitt/material/fil/{import_.pk}/"),
    "import_decide": Row({"company"}, "/mitt/material/fil/{import_.pk}/svar/", "post"),
    "regular_offer": Row({"company"}, "/mitt/aterkommande/{regular.pk}/"),
    # The secret in the address is the key; it comes in a mail to the company's own people.
    "regular_offer_answer": Row(EVERYBODY, "/mitt/igen/{regular_token}/"),
    "act_for": Row({"school"}, "/mitt/organisation/valj/", "post", {"organisation": "{school.pk}"}),
    "inbox": Row(SIGNED_IN, "/mitt/inkorg/"),
    "mark_read": Row(SIGNED_IN, "/mitt/inkorg/last/", "post"),
    "open_notification": Row({"school"}, "/mitt/inkorg/{notification.pk}/"),
    "own_mail_preference": Row(SIGNED_IN, "/mitt/post/"),
    # The secret in the address is the key; mail readers unsubscribe without signing in.
    "mail_preference": Row(EVERYBODY, "/mitt/post/{token}/"),
    "propose_pickup": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/tid/", "post"),
    "agree_pickup": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/tid/ja/", "post"),
    "message": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/meddelande/", "post"),
    "confirm_handover": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/overlamning/", "post"),
    "rate": Row(PARTIES, "/mitt/bokningar/{handover.reservation.pk}/betyg/"),
    "collaborations": Row(ORGANISED, "/mitt/samarbeten/"),
    "remove_collaboration": Row({"school"}, "/mitt/samarbeten/{collaboration.pk}/bort/", "post"),
    "purchases": Row({"school", "other_school"}, "/mitt/inkop/"),
    "purchases_template": Row({"school", "other_school"}, "/mitt/inkop/mall.xlsx"),
    "effect": Row(EVERYBODY, "/effekt/"),
    "effect_factors": Row(EVERYBODY, "/effekt/faktorer/"),
    "effect_schema": Row(EVERYBODY, "/effekt/data.csv-metadata.json"),
    "effect_dcat": Row(EVERYBODY, "/effekt/dcat.rdf"),
    "effect_csv": Row(EVERYBODY, "/effekt/data.csv"),
    "effect_json": Row(EVERYBODY, "/effekt/data.json"),
    "newsletter": Row(EVERYBODY, "/nyhetsbrev/"),
    "confirm": Row(EVERYBODY, "/nyhetsbrev/bekrafta/{subscriber.confirm_token}/"),
    "subscription": Row(EVERYBODY, "/nyhetsbrev/mitt/{subscriber.manage_token}/"),
    "unsubscribe": Row(EVERYBODY, "/nyhetsbrev/avsluta/{subscriber.manage_token}/", "post"),
}
# What belongs to the whole site, and to one's own account.
ACCOUNT = {
    # First, since the page of the account forgets sessions that are over.
    "end_session": Row({"school"}, "/mitt/uppgifter/inloggningar/{session.pk}/bort/", "post"),
    "manifest": Row(EVERYBODY, "/manifest.webmanifest"),
    "service_worker": Row(EVERYBODY, "/service-worker.js"),
    "offline": Row(EVERYBODY, "/utan-uppkoppling/"),
    "robots": Row(EVERYBODY, "/robots.txt"),
    "health_live": Row(EVERYBODY, "/halsa/live"),
    "health_ready": Row(EVERYBODY, "/halsa/redo"),
    "terms": Row(EVERYBODY, "/villkor/"),
    "retention": Row(EVERYBODY, "/integritet/tider/"),
    "my_data": Row(SIGNED_IN, "/mitt/uppgifter/"),
    "export_my_data": Row(SIGNED_IN, "/mitt/uppgifter/hamta/"),
    "leave": Row(SIGNED_IN, "/mitt/uppgifter/bort/"),
    "end_other_sessions": Row(SIGNED_IN, "/mitt/uppgifter/inloggningar/bort/", "post"),
    "account_login": Row(EVERYBODY, "/konto/login/"),
    "account_request_login_code": Row(EVERYBODY, "/konto/login/code/"),
    "account_logout": Row(EVERYBODY, "/konto/logout/"),
    "account_inactive": Row(EVERYBODY, "/konto/inactive/"),
    "account_signup": Row(EVERYBODY, "/konto/signup/"),
    "account_reset_password": Row(EVERYBODY, "/konto/password/reset/"),
    "account_reset_password_done": Row(EVERYBODY, "/konto/password/reset/done/"),
    "account_reset_password_from_key_done": Row(EVERYBODY, "/konto/password/reset/key/done/"),
    "account_reauthenticate": Row(SIGNED_IN, "/konto/reauthenticate/"),
    "account_email": Row(SIGNED_IN, "/konto/email/"),
    "account_change_password": Row(SIGNED_IN, "/konto/password/change/"),
    "account_set_password": Row(SIGNED_IN, "/konto/password/set/"),
    "mfa_index": Row(SIGNED_IN, "/konto/2fa/"),
    "mfa_activate_totp": Row(SIGNED_IN, "/konto/2fa/totp/activate/"),
    "mfa_list_webauthn": Row(SIGNED_IN, "/konto/2fa/webauthn/"),
    "mfa_add_webauthn": Row(SIGNED_IN, "/konto/2fa/webauthn/add/"),
    "socialaccount_connections": Row(SIGNED_IN, "/konto/3rdparty/"),
    "socialaccount_login_cancelled": Row(EVERYBODY, "/konto/3rdparty/login/cancelled/"),
    "usersessions_list": Row(SIGNED_IN, "/konto/sessions/"),
}
COORDINATING = {"editor", "coordinator", "superuser"}
RECORDS = COORDINATING | {"other_coordinator"}
FIGURES = RECORDS | {"steering"}
CAMPAIGNING = {"editor", "communicator", "superuser"}
EDITING = {"editor", "superuser"}
PAYING = {"steering", "superuser"}
STAFF_ONLY = {"superuser"}
NOBODY = set()
# All staff but the coordinator of another municipality.
NEAR = ADMIN - {"other_coordinator"}


def rows_of(model, key, *, listed, add, edit, delete=STAFF_ONLY):
    """The pages of a kind of snippet: who lists them, and who adds, changes and deletes one."""
    base = f"/admin/snippets/{model.replace('.', '/')}"
    return {
        f"{model} list": Row(listed, f"{base}/"),
        f"{model} list's rows": Row(listed, f"{base}/results/"),
        f"{model} add": Row(add, f"{base}/add/"),
        f"{model} edit": Row(edit, base + "/edit/{" + key + ".pk}/"),
        f"{model} delete": Row(delete, base + "/delete/{" + key + ".pk}/"),
        f"{model} delete several": bulk(delete, model, "delete", key),
    }


def bulk(allowed, model, action, key):
    """What is done with several rows of a list at once: who can do it with this one."""
    return Row(allowed, f"/admin/bulk/{model.replace('.', '/')}/{action}/?id={{{key}.pk}}")


def report(allowed, path, rows="tabell/"):
    """A report, and its rows alone, which the filters fetch."""
    return {path: Row(allowed, path), f"{path}{rows}": Row(allowed, f"{path}{rows}")}


def records(model, key, allowed, inspected):
    """A list of records that can be looked at and never changed."""
    base = f"/admin/{model.replace('.', '/')}"
    return {
        f"{model} list": Row(allowed, f"{base}/"),
        f"{model} inspect": Row(inspected, base + "/inspect/{" + key + ".pk}/"),
        f"{model} add": Row(NOBODY, f"{base}/create/"),
        f"{model} edit": Row(NOBODY, base + "/edit/{" + key + ".pk}/"),
        f"{model} delete": Row(NOBODY, base + "/delete/{" + key + ".pk}/", "post"),
    }


def chooser(allowed, path, key):
    """A list to choose from, and what tells about the row that was chosen."""
    return {
        path: Row(ADMIN, path),
        f"{path}results/": Row(ADMIN, f"{path}results/"),
        f"{path}chosen": Row(allowed, path + "chosen/{" + key + ".pk}/"),
        f"{path}chosen-multiple": Row(ADMIN, path + "chosen-multiple/?id={" + key + ".pk}"),
    }


BACK_OFFICE = {
    "home": Row(ADMIN, "/admin/"),
    "guide": Row(ADMIN, "/admin/guide/"),
    **rows_of(
        "marketplace.materiallisting",
        "listing",
        listed=EDITING | {"communicator"},
        add=EDITING,
        edit=EDITING,
    ),
    "approve listings": bulk(EDITING, "marketplace.materiallisting", "approve", "sent"),
    "end listings": bulk(EDITING, "marketplace.materiallisting", "withdraw", "listing"),
    **rows_of("marketplace.wantedad", "wanted", listed=EDITING, add=STAFF_ONLY, edit=EDITING),
    **rows_of("marketplace.idea", "idea", listed=EDITING, add=STAFF_ONLY, edit=EDITING),
    **rows_of("marketplace.organisation", "school", listed=RECORDS, add=EDITING, edit=COORDINATING),
    **rows_of(
        "marketplace.collaboration",
        "collaboration",
        listed=RECORDS | {"communicator"},
        add=RECORDS | {"communicator"},
        edit=COORDINATING | {"communicator"},
        delete=EDITING,
    ),
    **rows_of(
        "marketplace.municipality",
        "school.municipality",
        listed=STAFF_ONLY,
        add=STAFF_ONLY,
        edit=STAFF_ONLY,
    ),
    **rows_of(
        "marketplace.materialcategory",
        "listing.category",
        listed=EDITING,
        add=EDITING,
        edit=EDITING,
    ),
    **rows_of("marketplace.climatefactor", "factor", listed=EDITING, add=EDITING, edit=EDITING),
    **rows_of("taggit.tag", "tag", listed=EDITING, add=EDITING, edit=EDITING),
    **rows_of("marketplace.costsharing", "costs", listed=PAYING, add=STAFF_ONLY, edit=STAFF_ONLY),
    **rows_of(
        "portal.termsversion",
        "terms",
        listed=STAFF_ONLY,
        add=STAFF_ONLY,
        edit=STAFF_ONLY,
        delete=NOBODY,
    ),
    **rows_of(
        "inspiration.campaignchannel",
        "channel",
        listed=CAMPAIGNING,
        add=CAMPAIGNING,
        edit=CAMPAIGNING,
        delete=CAMPAIGNING - {"editor"},
    ),
    **rows_of(
        "inspiration.campaignparticipant",
        "participant",
        listed=CAMPAIGNING,
        add=CAMPAIGNING,
        edit=STAFF_ONLY,
        delete=CAMPAIGNING,
    ),
    **rows_of(
        "inspiration.newsletter",
        "issue",
        listed=CAMPAIGNING,
        add=CAMPAIGNING,
        edit=CAMPAIGNING,
        delete=CAMPAIGNING,
    ),
    **rows_of(
        "inspiration.subscriber",
        "subscriber",
        listed=CAMPAIGNING,
        add=NOBODY,
        edit=NOBODY,
        delete=CAMPAIGNING,
    ),
    **rows_of(
        "inspiration.newsletterdelivery",
        "delivery",
        listed=CAMPAIGNING,
        add=NOBODY,
        edit=NOBODY,
    ),
    "organisation inspect": Row(
        COORDINATING, "/admin/snippets/marketplace/organisation/inspect/{school.pk}/"
    ),
    "organisation history": Row(
        COORDINATING, "/admin/snippets/marketplace/organisation/history/{school.pk}/"
    ),
    "organisation review": Row(COORDINATING, "/admin/organisationer/{school.pk}/granska/"),
    **chooser(NEAR, "/admin/snippets/choose/marketplace/organisation/", "school"),
    **chooser(NEAR, "/admin/snippets/choose/marketplace/collaboration/", "collaboration"),
    **chooser(NEAR, "/admin/handover_chooser/", "handover"),
    "removed by age": Row(STAFF_ONLY, "/admin/retention/"),
    **records("marketplace.reservation", "reservation", RECORDS, COORDINATING),
    **records("marketplace.handover", "handover", FIGURES, COORDINATING | {"steering"}),
    **records("marketplace.note", "note", RECORDS, COORDINATING),
    **records("post_office.email", "mail", STAFF_ONLY, STAFF_ONLY),
    "correct handover": Row(STAFF_ONLY, "/admin/overlamningar/{handover.pk}/ratta/"),
    "effect dashboard": Row(FIGURES, "/admin/effekt/"),
    **report(FIGURES, "/admin/effekt/kommuner/"),
    **report(FIGURES, "/admin/effekt/manader/"),
    **report(FIGURES, "/admin/effekt/material/"),
    **report(FIGURES, "/admin/effekt/organisationer/"),
    **report(FIGURES, "/admin/effekt/anvandning/"),
    **report(FIGURES, "/admin/effekt/inkop/"),
    **report(FIGURES, "/admin/effekt/betyg/"),
    **report(PAYING, "/admin/effekt/kostnader/"),
    "yearly report": Row(
        COORDINATING | {"steering"},
        "/admin/effekt/arsrapport/{school.municipality.code}/{handover.handed_over_on.year}.pdf",
    ),
    "revaluations": Row(PAYING, "/admin/effekt/omrakningar/"),
    "recompute": Row(STAFF_ONLY, "/admin/effekt/omrakningar/ny/"),
    "revert": Row(STAFF_ONLY, "/admin/effekt/omrakningar/{revaluation.pk}/aterstall/"),
    **report(EDITING | {"steering"}, "/admin/svar/"),
    # Wagtail's log of who changed what names organisations of every municipality.
    "site_history": Row(
        ADMIN - {"coordinator", "other_coordinator"}, "/admin/reports/site-history/"
    ),
    "site_history_results": Row(
        ADMIN - {"coordinator", "other_coordinator"}, "/admin/reports/site-history/results/"
    ),
    "snippets_api_list": Row(ADMIN, "/admin/localize/api/snippets/marketplace/organisation/"),
    "snippets_api_detail": Row(
        COORDINATING,
        "/admin/localize/api/snippets/marketplace/organisation/{school.pk}/",
    ),
    **report(ADMIN, "/admin/sokningar/"),
    "recommend for a search": Row(EDITING, "/admin/sokningar/rekommendera/?q=a"),
    "new synonym": Row(EDITING, "/admin/snippets/search/synonym/add/?rule=a"),
    **rows_of(
        "search.synonym", "synonym", listed=EDITING, add=EDITING, edit=EDITING, delete=EDITING
    ),
    "users": Row(STAFF_ONLY, "/admin/users/"),
    "delete users": bulk(STAFF_ONLY, "portal.user", "delete", "users[school]"),
    "give users roles": bulk(STAFF_ONLY, "portal.user", "assign_role", "users[school]"),
    "shut users out": bulk(STAFF_ONLY, "portal.user", "set_active_state", "users[school]"),
    "delete images": bulk(CAMPAIGNING, "portal.customimage", "delete", "image"),
    "tag images": bulk(CAMPAIGNING, "portal.customimage", "add_tags", "image"),
    "move images": bulk(CAMPAIGNING, "portal.customimage", "add_to_collection", "image"),
    "draft story": Row(EDITING, "/admin/ideer/{approved.pk}/berattelse/", "post"),
    "campaign poster": Row(CAMPAIGNING, "/admin/kampanjer/{campaign.pk}/affisch/"),
    **report(CAMPAIGNING, "/admin/reports/kampanjer/", "results/"),
    **report(CAMPAIGNING, "/admin/reports/kampanjlankar/", "results/"),
    "newsletter send page": Row(CAMPAIGNING, "/admin/nyhetsbrev/{issue.pk}/"),
    "newsletter test": Row(CAMPAIGNING, "/admin/nyhetsbrev/{issue.pk}/prov/", "post"),
    "newsletter send": Row(CAMPAIGNING, "/admin/nyhetsbrev/{issue.pk}/skicka/", "post"),
}


TABLES = {"site": SITE, "account": ACCOUNT, "admin": BACK_OFFICE}


def gets_through(client, row, world):
    """Whether the asker was let in. Anything but an answer, a refusal or a sign-in page fails."""
    response = getattr(client, row.method)(
        row.path.format(**world), {key: value.format(**world) for key, value in row.data.items()}
    )
    assert response.status_code < 500
    if response.status_code in (403, 404, 405):
        return False
    if response.status_code == 302:
        # Who may not stand in line is led to the page that says who may ask for material.
        refused = (
            response.url in ("/admin/", "/admin")
            or "/login/" in response.url
            or response.url.endswith("/boka/")
        )
        return not refused
    if "/admin/bulk/" in row.path:
        # The page tells, too, which of the rows the asker may do it with.
        return bool(response.context["items"])
    return response.status_code in (200, 204, 409, 422)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("part", TABLES)
def test_everybody_gets_exactly_where_they_may(client, world, role, part):
    if role != "anonymous":
        client.force_login(
            world["users"][role], backend="django.contrib.auth.backends.ModelBackend"
        )
    wrong = []
    for name, row in TABLES[part].items():
        if gets_through(client, row, world) != (role in row.allowed):
            wrong.append(name)

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_done_with_several_rows_names_none_to_those_who_may_not_list_them(
    client, world, role
):
    if role != "anonymous":
        client.force_login(
            world["users"][role], backend="django.contrib.auth.backends.ModelBackend"
        )
    told = []
    for name, row in BACK_OFFICE.items():
        kind, found, _rest = name.partition(" delete several")
        if not found or role in BACK_OFFICE[f"{kind} list"].allowed:
            continue
        if client.get(row.path.partition("?")[0] + "?id=all").status_code == 200:
            told.append(name)

    assert told == []


def test_a_coordinator_elsewhere_finds_nothing_in_lists_and_exports(client, world):
    client.force_login(
        world["users"]["other_coordinator"], backend="django.contrib.auth.backends.ModelBackend"
    )
    paths = [
        "/admin/snippets/marketplace/organisation/",
        "/admin/snippets/marketplace/organisation/?export=csv",
        "/admin/marketplace/reservation/",
        "/admin/marketplace/reservation/?export=csv",
        "/admin/marketplace/handover/",
        "/admin/marketplace/handover/?export=csv",
    ]
    for path in paths:
        response = client.get(path)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert world["school"].name.encode() not in content, path
        assert world["company"].name.encode() not in content, path


# Whose addresses need a row. Wagtail's and Django's own are theirs to test.
OURS = ("marketplace.", "search.", "portal.", "inspiration.", "allauth.")


def names_of(patterns):
    """The names of all addresses on the site that run code of ours, or of django-allauth."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) != "admin/":
                yield from names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.lookup_str.startswith(OURS):
            yield pattern.name


# Addresses that are covered by tests of their own, with the reason.
NEEDS_FACTOR = "only for who has a second factor: see browser/test_staff"
ELSEWHERE = {
    "favicon": "only redirects to the picture",
    "tag": "asks for a tag with something: see inspiration/",
    "tag_rss": "asks for a tag with something: see inspiration/",
    "tag_atom": "asks for a tag with something: see inspiration/",
    "wanted_short": "only redirects to wanted_ad",
    "account_email_verification_sent": "answers only in the middle of registering",
    "account_confirm_login_code": "answers only in the middle of signing in",
    "account_reset_password_from_key": "the secret of the mail is the key",
    "mfa_authenticate": "answers only in the middle of signing in",
    "mfa_deactivate_totp": NEEDS_FACTOR,
    "mfa_view_recovery_codes": NEEDS_FACTOR,
    "mfa_generate_recovery_codes": NEEDS_FACTOR,
    "mfa_download_recovery_codes": NEEDS_FACTOR,
    "mfa_reauthenticate": NEEDS_FACTOR,
    "mfa_reauthenticate_webauthn": NEEDS_FACTOR,
    "mfa_edit_webauthn": NEEDS_FACTOR,
    "mfa_remove_webauthn": NEEDS_FACTOR,
    "mfa_login_webauthn": "is asked by the sign-in page's script: see browser/test_staff",
    "socialaccount_login_error": "only says that signing in at a municipality went wrong",
    "socialaccount_signup": "answers only in the middle of signing in at a municipality",
    "openid_connect_login": "none is configured here: see test_municipal_sign_in",
    "openid_connect_callback": "none is configured here: see test_municipal_sign_in",
}


def test_every_address_of_the_site_is_in_the_table():
    names = set(names_of(get_resolver().url_patterns))

    assert names - SITE.keys() - ACCOUNT.keys() - ELSEWHERE.keys() == set()
    assert (SITE.keys() | ACCOUNT.keys() | ELSEWHERE.keys()) - names == set()


def names_in_admin(patterns, namespace=""):
    """The names of all addresses of the admin that run code of ours or are about models of ours.

    Of the pages that Wagtail makes for a model, those to list, add, change and delete.
    """
    pages = (":list", ":add", ":edit", ":delete")
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            within = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names_in_admin(pattern.url_patterns, within)
            continue
        name = f"{namespace}{pattern.name}"
        about_ours = name.startswith("wagtailsnippets_") and name.endswith(pages)
        if pattern.lookup_str.startswith(OURS) or about_ours or "_modeladmin_" in name:
            yield name


def test_every_address_of_the_admin_is_in_the_table(world):
    admin = next(each for each in get_resolver().url_patterns if str(each.pattern) == "admin/")
    paths = [row.path.format(**world).partition("?")[0] for row in BACK_OFFICE.values()]
    tried = {resolve(path).view_name for path in paths}

    assert set(names_in_admin(admin.url_patterns)) - tried == set()


def test_every_action_on_several_rows_is_in_the_table(world):
    # Asking for one reads them all in.
    assert bulk_action_registry.get_bulk_actions_for_model("marketplace", "materiallisting")
    registered = {
        reverse("wagtail_bulk_action", args=[app, model, action])
        for app, models in bulk_action_registry.actions.items()
        for model, actions in models.items()
        for action, kind in actions.items()
        if f"{app}.".startswith(OURS) or kind.__module__.startswith(OURS)
    }

    assert registered - {row.path.partition("?")[0] for row in BACK_OFFICE.values()} == set()


def test_a_reservation_stays_untouched_by_those_who_are_refused(client, world):
    client.force_login(
        world["users"]["other_company"], backend="django.contrib.auth.backends.ModelBackend"
    )
    client.post(SITE["accept"].path.format(**world))

    assert Reservation.objects.get(pk=world["reservation"].pk).state == "requested"
