"""Who may do what: every address of the exchange and its admin, tried as every role."""

from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from marketplace.exchange.reservations.models import Reservation
from tests.security.written import tables_written

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
    "translator",
    "support",
    "superuser",
]
EVERYBODY = set(ROLES)
SIGNED_IN = EVERYBODY - {"anonymous"}
# A superuser may do all in the admin, but does not act for an organisation on the site.
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


# Name of the address → who gets through. Paths are filled in from the world.
SITE = {
    "search": Row(EVERYBODY, "/sok/"),
    "suggest": Row(EVERYBODY, "/sok/forslag/?q=tu"),
    "click": Row(EVERYBODY, "/sok/klick/", "post", {"q": "tubes", "position": "1"}),
    "material": Row(EVERYBODY, "/material/"),
    "saved": Row(SIGNED_IN, "/mitt/sokningar/"),
    "save": Row(SIGNED_IN, "/mitt/sokningar/spara/", "post", {"sokning": "q=tubes"}),
    "saved_change": Row({"school"}, "/mitt/sokningar/{search.pk}/andra/", "post"),
    # Anyone with the link of a mail may stop that mail.
    "saved_mail": Row(EVERYBODY, "/mitt/sokningar/post/{search.stop_token}/"),
    "saved_remove": Row({"school"}, "/mitt/sokningar/{search.pk}/bort/", "post"),
    "listing": Row(EVERYBODY, "/material/{listing.pk}/tubes/"),
    "remember_listing": Row(SIGNED_IN, "/material/{listing.pk}/spara/", "post"),
    "report_listing": Row(SIGNED_IN, "/material/{listing.pk}/anmal/"),
    "ask_about_listing": Row(SIGNED_IN - {"company"}, "/material/{listing.pk}/fraga/"),
    "listing_question": Row(PARTIES, "/mitt/fragor/{listing_question.pk}/"),
    "offer": Row(EVERYBODY, "/material/erbjud/"),
    "offer_categories": Row(EVERYBODY, "/material/erbjud/kategorier/?title=papp"),
    "offer_weight": Row(
        EVERYBODY, "/material/erbjud/vikt/?kategori={listing.category_id}&enhet=st"
    ),
    "new_place": Row(SIGNED_IN, "/mitt/organisation/plats/"),
    "offer_edit": Row({"company"}, "/material/{listing.pk}/andra/"),
    "recall": Row(
        {"company", "editor", "coordinator", "superuser"}, "/material/{listing.pk}/aterkalla/"
    ),
    "offer_again": Row({"company"}, "/material/{listing.pk}/igen/"),
    "withdraw": Row({"company"}, "/material/{listing.pk}/avsluta/", "post"),
    "reopen": Row({"company"}, "/material/{listing.pk}/oppna/", "post"),
    "safety": Row(EVERYBODY, "/sakerhet/"),
    "safety_rules": Row(EVERYBODY, "/sakerhet/safety_rules.csv"),
    "wanted_list": Row(EVERYBODY, "/efterlysningar/"),
    "wanted_overview": Row(EVERYBODY, "/efterlysningar/oversikt/"),
    # The secret in the address is the key; it comes in a mail to the giver's own people.
    "giver_question": Row(EVERYBODY, "/efterlysningar/fraga/{question.token}/"),
    "wanted_new": Row(ORGANISED, "/efterlysningar/ny/"),
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
    "own_effect": Row(ORGANISED, "/mitt/effekt/"),
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
    "joint_request": Row(PARTIES, "/mitt/bokningar/samlad/{joint.pk}/"),
    "answer_joint_request": Row({"company"}, "/mitt/bokningar/samlad/{joint.pk}/svar/", "post"),
    "confirm_joint_handover": Row(
        PARTIES, "/mitt/bokningar/samlad/{joint.pk}/overlamning/", "post"
    ),
    "cancel_joint_request": Row(PARTIES, "/mitt/bokningar/samlad/{joint.pk}/avboka/", "post"),
    "add_more": Row({"school"}, "/mitt/bokningar/{reservation.pk}/fler/"),
    "accept": Row({"company"}, "/mitt/bokningar/{reservation.pk}/lova/", "post"),
    "decline": Row({"company"}, "/mitt/bokningar/{reservation.pk}/neka/", "post"),
    "prolong": Row({"school"}, "/mitt/bokningar/{reservation.pk}/forlang/", "post"),
    "pickup_calendar": Row(PARTIES, "/mitt/bokningar/{agreed.pk}/kalender.ics"),
    "thank": Row(PARTIES, "/mitt/bokningar/{handed.pk}/tack/", "post", {"text": "Thanks!"}),
    "report_problem": Row(PARTIES, "/mitt/bokningar/{handed.pk}/problem/", "post"),
    "cancel": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/avboka/", "post"),
    "reserve": Row(ORGANISED - {"company"}, "/material/{listing.pk}/boka/"),
    "join_line": Row(ORGANISED - {"company"}, "/material/{empty.pk}/ko/"),
    "waiting_place": Row({"school"}, "/mitt/ko/{place.pk}/"),
    "take_offer": Row({"school"}, "/mitt/ko/{place.pk}/ta/", "post"),
    "leave_line": Row({"school"}, "/mitt/ko/{place.pk}/lamna/", "post"),
    "pickup_times": Row(ORGANISED, "/mitt/hamttider/"),
    "remove_pickup_time": Row({"company"}, "/mitt/hamttider/{pickup_time.pk}/bort/", "post"),
    "labels": Row(ORGANISED, "/mitt/etiketter/"),
    "labels_pdf": Row(ORGANISED, "/mitt/etiketter/etiketter.pdf"),
    "find_organisation": Row(EVERYBODY, "/organisationer/forslag/?organisation=sk"),
    # The secret in the address is the key, and joining needs a sign-in besides.
    "join_by_invitation": Row(EVERYBODY, "/inbjudan/{colleague.token}/"),
    "revoke_invitation": Row(
        {"school"}, "/mitt/organisation/inbjudan/{colleague.pk}/bort/", "post"
    ),
    "listing_actions": Row(ORGANISED, "/mitt/material/", "post", {"action": "copy"}),
    "imports": Row(ORGANISED, "/mitt/material/fil/"),
    "import_template": Row(ORGANISED, "/mitt/material/fil/mall.xlsx"),
    "import": Row({"company"}, "/mitt/material/fil/{import_.pk}/"),
    "import_decide": Row({"company"}, "/mitt/material/fil/{import_.pk}/svar/", "post"),
    "regular_offer": Row({"company"}, "/mitt/aterkommande/{regular.pk}/"),
    # The secret in the address is the key; it comes in a mail to the company's own people.
    "regular_offer_answer": Row(EVERYBODY, "/mitt/igen/{regular_token}/"),
    "act_for": Row({"school"}, "/mitt/organisation/valj/", "post", {"organisation": "{school.pk}"}),
    "inbox": Row(SIGNED_IN, "/mitt/inkorg/"),
    "mark_read": Row(SIGNED_IN, "/mitt/inkorg/last/", "post"),
    "open_notification": Row({"school"}, "/mitt/inkorg/{notification.pk}/"),
    "phone": Row(SIGNED_IN, "/mitt/telefon/"),
    "push_on": Row(SIGNED_IN, "/mitt/telefon/notiser/", "post"),
    "push_off": Row({"school"}, "/mitt/telefon/notiser/{device.pk}/bort/", "post"),
    "number_new": Row(SIGNED_IN, "/mitt/telefon/nummer/", "post"),
    "number_confirm": Row(SIGNED_IN, "/mitt/telefon/kod/", "post"),
    "number_remove": Row(SIGNED_IN, "/mitt/telefon/nummer/bort/", "post"),
    "own_mail_preference": Row(SIGNED_IN, "/mitt/post/"),
    # The secret in the address is the key; mail readers unsubscribe without signing in.
    "mail_preference": Row(EVERYBODY, "/mitt/post/{token}/"),
    "propose_pickup": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/tid/", "post"),
    "agree_pickup": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/tid/ja/", "post"),
    "message": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/meddelande/", "post"),
    "say_bought": Row({"school"}, "/mitt/bokningar/{reservation.pk}/svar/", "post"),
    "confirm_handover": Row(PARTIES, "/mitt/bokningar/{reservation.pk}/overlamning/", "post"),
    "rate": Row(PARTIES, "/mitt/bokningar/{handover.reservation.pk}/betyg/"),
    "collaborations": Row(ORGANISED, "/mitt/samarbeten/"),
    "remove_collaboration": Row({"school"}, "/mitt/samarbeten/{collaboration.pk}/bort/", "post"),
    "purchases": Row({"school", "other_school"}, "/mitt/inkop/"),
    "purchases_template": Row({"school", "other_school"}, "/mitt/inkop/mall.xlsx"),
    "purchase_import": Row({"school"}, "/mitt/inkop/fil/{purchase_import.pk}/"),
    "purchase_import_decide": Row(
        {"school"}, "/mitt/inkop/fil/{purchase_import.pk}/svar/", "post", {"action": "remove"}
    ),
    "calendar_feed_page": Row(SIGNED_IN, "/mitt/kalender/"),
    # The secret in the address is the key: calendar programs do not sign in.
    "calendar_feed": Row(EVERYBODY, "/kalender/{calendar.token}.ics"),
    # The secret in the address is the driver's key, on that day: see marketplace/transport.
    "driver": Row(EVERYBODY, "/kor/{tour.token}/"),
    "driver_tap": Row(EVERYBODY, "/kor/{tour.token}/{stop.pk}/", "post"),
    "effect": Row(EVERYBODY, "/effekt/"),
    "effect_factors": Row(EVERYBODY, "/effekt/faktorer/"),
    "effect_schema": Row(EVERYBODY, "/effekt/data.csv-metadata.json"),
    "effect_dcat": Row(EVERYBODY, "/effekt/dcat.rdf"),
    "effect_csv": Row(EVERYBODY, "/effekt/data.csv"),
    "effect_json": Row(EVERYBODY, "/effekt/data.json"),
    "share_out": Row({"company"}, "/mitt/dela/{listing.pk}/"),
    "unplaced": Row({"company"}, "/mitt/kvar/{unplaced.listing.pk}/"),
    "clearings": Row(ORGANISED, "/mitt/rensa/"),
    "clearing": Row({"company"}, "/mitt/rensa/{clearing.pk}/"),
    "send_clearing": Row({"company"}, "/mitt/rensa/{clearing.pk}/skicka/", "post"),
    "drop_cleared": Row({"company"}, "/mitt/rensa/sak/{cleared.pk}/bort/", "post"),
    "follow_listing": Row(SIGNED_IN, "/material/{listing.pk}/folj/", "post"),
    "hubs": Row(EVERYBODY, "/nav/"),
    "hub": Row(EVERYBODY, "/nav/{hub.slug}/"),
    "hub_time": Row(EVERYBODY, "/nav/{hub.slug}/tid/{hub_time.pk}/"),
    "offline_shelf": Row(EVERYBODY, "/nav/hylla/"),
    # Everybody reads what is on it; who takes from it has a card or is signed in.
    "shelf": Row(EVERYBODY, "/nav/hylla/{shelf.token}/"),
    "undo_scan": Row({"school"}, "/nav/hylla/{shelf.token}/angra/{scan.key}/", "post"),
    "take_in": Row({"school"}, "/nav/{hub.slug}/ta-emot/"),
    "arrivals": Row({"school"}, "/nav/{hub.slug}/vantas/"),
    "arrival_received": Row({"school"}, "/nav/{hub.slug}/vantas/{arrival.pk}/framme/", "post"),
    "arrival_handed": Row({"school"}, "/nav/{hub.slug}/vantas/{arrival.pk}/hamtat/", "post"),
    "arrival_closed": Row({"school"}, "/nav/{hub.slug}/vantas/{arrival.pk}/bort/", "post"),
    "count_shelf": Row({"school"}, "/nav/{hub.slug}/hylla/{shelf.pk}/rakna/"),
    "new_shelf": Row({"school"}, "/nav/{hub.slug}/ny-hylla/"),
    "shelf_labels": Row({"school"}, "/nav/{hub.slug}/hyllor.pdf"),
    # The secret on the card is the key.
    "use_hub_card": Row(EVERYBODY, "/nav/kort/{hub_card.token}/"),
    "hub_cards": Row(PARTIES, "/mitt/navkort/"),
    "hub_card_pdf": Row({"school"}, "/mitt/navkort/{hub_card.pk}/kort.pdf"),
    "revoke_hub_card": Row({"school"}, "/mitt/navkort/{hub_card.pk}/bort/", "post"),
    "book_occasion": Row(ORGANISED, "/mitt/platser/{occasion.pk}/boka/", "post"),
    "cancel_place": Row({"school"}, "/mitt/platser/bokning/{booking.pk}/avboka/", "post"),
    "what_for": Row(EVERYBODY, "/idebank/jag-har/?har=30+tubes"),
    "tips": Row(EVERYBODY, "/idebank/tips/"),
    "tip": Row({"school"}, "/idebank/tips/{tip.pk}/"),
    "tip_new": Row(ORGANISED, "/idebank/tips/nytt/"),
    "tip_about": Row(ORGANISED, "/idebank/{lesson.pk}/sa-gjorde-vi/"),
    "tip_edit": Row({"school"}, "/mitt/tips/{tip.pk}/andra/"),
    "tip_remove": Row({"school"}, "/mitt/tips/{tip.pk}/ta-bort/", "post"),
    "lesson_kit": Row(EVERYBODY, "/idebank/{lesson.pk}/kit/"),
    "lesson_document": Row(EVERYBODY, "/idebank/{lesson.pk}/ide.pdf"),
    "kit": Row({"school"}, "/mitt/kit/{kit.pk}/"),
    "kit_document": Row({"school"}, "/mitt/kit/{kit.pk}/plan.pdf"),
    "kit_calendar": Row({"school"}, "/mitt/kit/{kit.pk}/kalender.ics"),
    "kit_cancel": Row({"school"}, "/mitt/kit/{kit.pk}/avboka/", "post"),
    # Only for those who have just answered a form: see inspiration/forms.
    "post_need": Row(set(), "/behov/efterlys/", "post"),
    "events_calendar": Row(EVERYBODY, "/handelser/kalender.ics"),
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
    "security_txt": Row(EVERYBODY, "/.well-known/security.txt"),
    "robots": Row(EVERYBODY, "/robots.txt"),
    "health_live": Row(EVERYBODY, "/halsa/live"),
    "health_ready": Row(EVERYBODY, "/halsa/redo"),
    # Only with the token of whatever gathers figures.
    "metrics": Row(set(), "/halsa/matt"),
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
COORDINATORS = {"coordinator", "other_coordinator"}
CAMPAIGNING = {"editor", "communicator", "superuser"}
TRANSLATING = CAMPAIGNING | {"translator"}
EDITING = {"editor", "superuser"}
PAYING = {"steering", "superuser"}
STAFF_ONLY = {"superuser"}
NOBODY = set()
# Whose pages and campaigns name organisations.
CHOOSING = COORDINATING | {"communicator", "support"}
# Who looks things up for people that write or call.
HELPING = {"support"}
# Who reads what people search for and choose from.
FOLLOWING = ADMIN - {"translator", "support"}
# Of them all but the coordinator of another municipality.
NEAR = FOLLOWING - {"other_coordinator"}


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
    "import schools": Row(RECORDS, "/admin/organisationer/skolor/"),
    # A file is shown to who sent it.
    "school import": Row({"coordinator"}, "/admin/organisationer/skolor/{school_import.pk}/"),
    "guide": Row(ADMIN, "/admin/guide/"),
    "queue": Row({"editor", "superuser", "coordinator", "other_coordinator"}, "/admin/ko/"),
    **rows_of(
        "marketplace.materiallisting",
        "listing",
        listed=EDITING | {"communicator"},
        add=EDITING,
        edit=EDITING,
    ),
    "approve listings": bulk(EDITING, "marketplace.materiallisting", "approve", "sent"),
    "end listings": bulk(EDITING, "marketplace.materiallisting", "withdraw", "listing"),
    **rows_of("marketplace.wantedad", "wanted", listed=EDITING, add=EDITING, edit=EDITING),
    **rows_of("marketplace.idea", "approved", listed=EDITING, add=STAFF_ONLY, edit=EDITING),
    # One is started from what is translated, never from an empty form.
    **rows_of(
        "marketplace.translatedtext",
        "translated",
        listed=EDITING | {"translator"},
        add=NOBODY,
        edit=EDITING | {"translator"},
    ),
    **rows_of(
        "marketplace.organisation",
        "school",
        listed=RECORDS | HELPING,
        add=RECORDS,
        edit=COORDINATING,
    ),
    **rows_of("inspiration.lessontip", "tip", listed=EDITING, add=STAFF_ONLY, edit=EDITING),
    **rows_of(
        "marketplace.collaboration",
        "collaboration",
        listed=RECORDS | HELPING | {"communicator"},
        add=RECORDS | {"communicator"},
        edit=COORDINATING | {"communicator"},
        delete=EDITING,
    ),
    **rows_of("marketplace.hub", "hub", listed=RECORDS, add=RECORDS, edit=COORDINATING),
    **rows_of(
        "marketplace.municipality",
        "school.municipality",
        listed=COORDINATORS | STAFF_ONLY,
        add=STAFF_ONLY,
        edit={"coordinator", "superuser"},
    ),
    **rows_of(
        "marketplace.materialcategory",
        "listing.category",
        listed=EDITING | {"translator"},
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
        COORDINATING | HELPING, "/admin/snippets/marketplace/organisation/inspect/{school.pk}/"
    ),
    "organisation history": Row(
        COORDINATING, "/admin/snippets/marketplace/organisation/history/{school.pk}/"
    ),
    "decide identity": Row(
        COORDINATING, "/admin/organisationer/{company.pk}/namn/", "post", {"refuse": "1"}
    ),
    "organisation people": Row(COORDINATING, "/admin/organisationer/{school.pk}/personer/"),
    "organisation merge": Row(COORDINATING, "/admin/organisationer/{school.pk}/sla-ihop/"),
    "organisation review": Row(COORDINATING, "/admin/organisationer/{school.pk}/granska/"),
    **chooser(CHOOSING, "/admin/snippets/choose/marketplace/organisation/", "school"),
    **chooser(CHOOSING, "/admin/snippets/choose/marketplace/collaboration/", "collaboration"),
    **chooser(NEAR, "/admin/handover_chooser/", "handover"),
    "audit trail": Row(STAFF_ONLY, "/admin/audit/"),
    "audit trail rows": Row(STAFF_ONLY, "/admin/audit/results/"),
    **rows_of(
        "marketplace.carrier",
        "carrier",
        listed=COORDINATORS | STAFF_ONLY,
        add=COORDINATORS | STAFF_ONLY,
        edit={"coordinator", "superuser"},
        delete={"coordinator", "superuser"},
    ),
    **rows_of(
        "marketplace.round",
        "round",
        listed=COORDINATORS | STAFF_ONLY,
        add=COORDINATORS | STAFF_ONLY,
        edit={"coordinator", "superuser"},
        delete={"coordinator", "superuser"},
    ),
    "transport days": Row(COORDINATORS | STAFF_ONLY, "/admin/transport/"),
    "transport day": Row({"coordinator", "superuser"}, "/admin/transport/{tour.run.pk}/"),
    "transport act": Row(
        {"coordinator", "superuser"}, "/admin/transport/{tour.run.pk}/unlock/", "post"
    ),
    "transport list": Row({"coordinator", "superuser"}, "/admin/transport/{tour.run.pk}/lista.pdf"),
    "send mail again": Row(STAFF_ONLY, "/admin/mejl/{mail.pk}/skicka-igen/", "post"),
    "removed by age": Row(STAFF_ONLY, "/admin/retention/"),
    "removed by age, rows": Row(STAFF_ONLY, "/admin/retention/results/"),
    "state of the system": Row(STAFF_ONLY, "/admin/lage/"),
    **records("marketplace.reservation", "reservation", RECORDS | HELPING, COORDINATING | HELPING),
    **records("marketplace.handover", "handover", FIGURES, COORDINATING | {"steering"}),
    **records("marketplace.purchasereport", "purchase", RECORDS, COORDINATING),
    **records("marketplace.note", "note", RECORDS | HELPING, COORDINATING | HELPING),
    **records(
        "marketplace.booking",
        "booking",
        RECORDS | HELPING | {"communicator"},
        COORDINATING | HELPING | {"communicator"},
    ),
    **records("marketplace.recall", "recall", RECORDS | HELPING, COORDINATING | HELPING),
    **records("post_office.email", "mail", STAFF_ONLY, STAFF_ONLY),
    "correct handover": Row(COORDINATING, "/admin/overlamningar/{handover.pk}/ratta/"),
    "correct purchase": Row(COORDINATING, "/admin/inkop/{purchase.pk}/ratta/"),
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
    "menu of pages": Row(TRANSLATING, "/admin/api/main/pages/?child_of=1"),
    "page in the menu": Row(TRANSLATING, "/admin/api/main/pages/{lesson.pk}/"),
    # Wagtail's log of who changed what names organisations of every municipality.
    "site_history": Row(EDITING, "/admin/reports/site-history/"),
    "site_history_results": Row(EDITING, "/admin/reports/site-history/results/"),
    "snippets_api_list": Row(ADMIN, "/admin/localize/api/snippets/marketplace/organisation/"),
    "snippets_api_detail": Row(
        COORDINATING | HELPING,
        "/admin/localize/api/snippets/marketplace/organisation/{school.pk}/",
    ),
    **report(FOLLOWING, "/admin/sokningar/"),
    "recommend for a search": Row(EDITING, "/admin/sokningar/rekommendera/?q=a"),
    "new synonym": Row(EDITING, "/admin/snippets/search/synonym/add/?rule=a"),
    **rows_of(
        "search.synonym", "synonym", listed=EDITING, add=EDITING, edit=EDITING, delete=EDITING
    ),
    **rows_of(
        "search.intention", "intention", listed=EDITING, add=EDITING, edit=EDITING, delete=EDITING
    ),
    "translation_list": Row(TRANSLATING, "/admin/oversattningar/"),
    "untranslated_texts": Row(EDITING | {"translator"}, "/admin/oversattningar/nya/"),
    "start_text": Row(EDITING | {"translator"}, "/admin/oversattningar/nya/listing/{listing.pk}/"),
    "send_text": Row(
        EDITING | {"translator"}, "/admin/oversattningar/texter/{translated.pk}/skicka/", "post"
    ),
    "send_translation": Row(TRANSLATING, "/admin/oversattningar/{translation.pk}/skicka/", "post"),
    "update_translations": Row(TRANSLATING, "/admin/localize/update/{translation.source_id}/"),
    "submit_snippet_translation": Row(
        EDITING | {"translator"},
        "/admin/localize/submit/snippet/marketplace/materialcategory/{listing.category_id}/",
    ),
    "convert_to_alias": Row(NOBODY, "/admin/localize/page/{lesson.pk}/convert_to_alias/"),
    "redirects import": Row(STAFF_ONLY, "/admin/redirects/import/process/", "post"),
    "new_site": Row(STAFF_ONLY, "/admin/ny-webbplats/"),
    "staff_people": Row(COORDINATORS | STAFF_ONLY | HELPING, "/admin/personer/"),
    "staff_person": Row(
        {"coordinator", "superuser", "support"}, "/admin/personer/{users[coordinator].pk}/"
    ),
    "change_municipalities": Row(
        {"coordinator", "superuser"}, "/admin/personer/roll/{role.pk}/kommuner/"
    ),
    "reset_factors": Row(
        STAFF_ONLY | HELPING,
        "/admin/personer/{users[editor].pk}/faktor/",
        "post",
        {"checked": "met"},
    ),
    "take_role": Row(STAFF_ONLY, "/admin/personer/roll/{other_role.pk}/ta/", "post"),
    "dismiss_staff": Row(STAFF_ONLY, "/admin/personer/{users[steering].pk}/avsluta/", "post"),
    **report(RECORDS, "/admin/personer/i-organisationer/"),
    **report(STAFF_ONLY, "/admin/users/", "results/"),
    "delete users": bulk(STAFF_ONLY, "portal.user", "delete", "users[school]"),
    "give users roles": bulk(STAFF_ONLY, "portal.user", "assign_role", "users[school]"),
    "shut users out": bulk(STAFF_ONLY, "portal.user", "set_active_state", "users[school]"),
    "delete images": bulk(CAMPAIGNING, "portal.customimage", "delete", "image"),
    "tag images": bulk(CAMPAIGNING, "portal.customimage", "add_tags", "image"),
    "move images": bulk(CAMPAIGNING, "portal.customimage", "add_to_collection", "image"),
    "draft story": Row(EDITING, "/admin/ideer/{approved.pk}/berattelse/", "post"),
    "campaign poster": Row(TRANSLATING, "/admin/kampanjer/{campaign.pk}/affisch/"),
    **report(CAMPAIGNING, "/admin/reports/kampanjer/", "results/"),
    **report(CAMPAIGNING, "/admin/reports/kampanjlankar/", "results/"),
    "newsletter send page": Row(CAMPAIGNING, "/admin/nyhetsbrev/{issue.pk}/"),
    "newsletter test": Row(CAMPAIGNING, "/admin/nyhetsbrev/{issue.pk}/prov/", "post"),
    "newsletter send": Row(CAMPAIGNING, "/admin/nyhetsbrev/{issue.pk}/skicka/", "post"),
}


TABLES = {"site": SITE, "account": ACCOUNT, "admin": BACK_OFFICE}


def gets_through(client, row, world):
    """Whether the asker was let in. Fails where somebody who is refused has changed anything."""
    data = {key: value.format(**world) for key, value in row.data.items()}
    with tables_written() as written:
        response = getattr(client, row.method)(row.path.format(**world), data)
    let_in = is_let_in(response, row)
    assert let_in or not written, row.path
    return let_in


def is_let_in(response, row):
    """Whether that was an answer. Anything but an answer, a refusal or a sign-in page fails."""
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


def as_each_role(world):
    """Yield each role with a browser of its own. What one does is undone before the next comes."""
    for role in ROLES:
        with transaction.atomic():
            client = Client()
            if role != "anonymous":
                client.force_login(world["users"][role])
            yield role, client
            transaction.set_rollback(True)
        for name in settings.CACHES:
            caches[name].clear()


@pytest.mark.parametrize("part", TABLES)
def test_everybody_gets_exactly_where_they_may(world, part):
    wrong = [
        (role, name)
        for role, client in as_each_role(world)
        for name, row in TABLES[part].items()
        if gets_through(client, row, world) != (role in row.allowed)
    ]

    assert wrong == []


def test_what_is_done_with_several_rows_names_none_to_those_who_may_not_list_them(world):
    told = []
    for role, client in as_each_role(world):
        for name, row in BACK_OFFICE.items():
            type, found, _rest = name.partition(" delete several")
            if not found or role in BACK_OFFICE[f"{type} list"].allowed:
                continue
            if client.get(row.path.partition("?")[0] + "?id=all").status_code == 200:
                told.append((role, name))

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
        "/admin/marketplace/purchasereport/",
        "/admin/marketplace/purchasereport/?export=csv",
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
    "wagtailadmin_login": "only leads on, or says why not: see marketplace/roles/test_people",
    "update_translations": "is of the admin: see its table",
    "convert_to_alias": "is of the admin: see its table",
    "submit_snippet_translation": "is of the admin: see its table",
    "favicon": "only redirects to the picture",
    "wagtail_serve": "only reads less than Wagtail's own: see inspiration/pages",
    "media": "files are as visible as what they belong to: see security/test_file_visibility",
    "tag": "asks for a tag with something: see inspiration/",
    "tag_rss": "asks for a tag with something: see inspiration/",
    "tag_atom": "asks for a tag with something: see inspiration/",
    "wanted_short": "only redirects to wanted_ad",
    "account_email_verification_sent": "answers only in the middle of registering",
    "confirm_address": "the secret of the mail is the key: see security/test_addresses",
    "account_request_reauthentication_code": "see security/test_asking_again",
    "account_confirm_reauthentication_code": "see security/test_asking_again",
    "account_confirm_login_code": "answers only in the middle of signing in",
    "account_signup": "answers only who has typed the code: see portal/site/test_entrance",
    "code_elsewhere": "the secret of the mail is the key: see portal/site/test_entrance",
    "place": "of one's own organisation only: see marketplace/offers/test_places",
    "throw_away_offer": "one's own only: see portal/site/test_entrance",
    "throw_away_form": "one's own only: see portal/site/test_entrance",
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

    Of the pages that Wagtail makes for a model, those to list, add, change and delete. Where
    something is used, and an earlier version, are Wagtail's pages too, which only read in our way.
    """
    pages = (":list", ":add", ":edit", ":delete")
    read_our_way = (":usage", ":revisions_revert")
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            within = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names_in_admin(pattern.url_patterns, within)
            continue
        name = f"{namespace}{pattern.name}"
        if name.startswith("wagtailsnippetchoosers_"):
            # All of them, as every role: see test_scopes.
            continue
        about_ours = name.startswith("wagtailsnippets_") and name.endswith(pages)
        is_ours = pattern.lookup_str.startswith(OURS) and not name.endswith(read_our_way)
        if is_ours or about_ours or "_modeladmin_" in name:
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
        for action, type in actions.items()
        if f"{app}.".startswith(OURS) or type.__module__.startswith(OURS)
    }

    assert registered - {row.path.partition("?")[0] for row in BACK_OFFICE.values()} == set()


def test_a_reservation_stays_untouched_by_those_who_are_refused(client, world):
    client.force_login(
        world["users"]["other_company"], backend="django.contrib.auth.backends.ModelBackend"
    )
    client.post(SITE["accept"].path.format(**world))

    assert Reservation.objects.get(pk=world["reservation"].pk).state == "requested"
