"""An address of each page of the admin, about rows of which there is much to show."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.db.models import Model
from django.urls import NoReverseMatch, get_resolver, reverse
from post_office.models import Email
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site, Task, Workflow, WorkflowState
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import Translation, TranslationSource

from inspiration.campaigns.models import CampaignPage
from inspiration.forms.models import FormPage
from inspiration.lessons.models import LessonIdeaPage
from inspiration.newsletter.models import Newsletter
from marketplace.exchange.handovers.models import Handover
from marketplace.exchange.notes.models import Note
from marketplace.exchange.reservations.models import Reservation
from marketplace.ideas.models import Idea
from marketplace.impact.purchases.models import PurchaseReport
from marketplace.municipalities.models import ParticipationSettings
from marketplace.occasions.models import Booking
from marketplace.organisations.models import Organisation
from marketplace.transport.models import Run
from portal.foundation.site_settings.models import SiteSettings
from portal.foundation.users.models import User
from portal.site.open_urls import is_open
from tests.security.test_doors import every_route

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")
KEYS = """
    pk instance_pk page_id page_pk page_to_move_id parent_page_id image_id document_id doc_id
    redirect_id query_id collection_id translation_id translation_source_id task_id
"""
# What a page is about whose name begins so. All others are about pages of the site.
MODELS: dict[str, type[Model]] = {
    "audit:": Page,
    "campaign_poster": CampaignPage,
    "correct_handover": Handover,
    "correct_purchase": PurchaseReport,
    "document_usage": get_document_model(),
    "draft_story": Idea,
    "handover_chooser:": Handover,
    "image_usage": get_image_model(),
    "marketplace_booking_": Booking,
    "marketplace_handover_": Handover,
    "marketplace_note_": Note,
    "marketplace_purchasereport_": PurchaseReport,
    "marketplace_reservation_": Reservation,
    "merge_organisation": Organisation,
    "organisation_people": Organisation,
    "post_office_email_": Email,
    "review_organisation": Organisation,
    "send_newsletter": Newsletter,
    "staff_person": User,
    "transport_day": Run,
    "transport_print": Run,
    "update_translations": TranslationSource,
    "wagtail_localize:preview": Translation,
    "wagtail_localize:download": Translation,
    "wagtail_localize:submit_page": Page,
    "wagtailadmin_collections:": Collection,
    "wagtailadmin_workflows:disable_task": Task,
    "wagtailadmin_workflows:edit_task": Task,
    "wagtailadmin_workflows:task": Task,
    "wagtailadmin_workflows:": Workflow,
    "wagtaildocs": get_document_model(),
    "wagtailforms:": FormPage,
    "wagtailimages": get_image_model(),
    "wagtaillocales:": Locale,
    "wagtailredirects:": Redirect,
    "wagtailsearchpromotions:": Query,
    "wagtailsites:": Site,
    "wagtailusers_groups:": Group,
    "wagtailusers_users:": User,
}
# Asked about each kind of page: the others are the same for all.
OF_EACH_KIND = ("edit", "revisions_revert", "revisions_compare", "view_draft", "add", "explore")


def open_routes() -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, the names of its parameters) of each address of the admin that is open."""
    for route, name, pattern in every_route(get_resolver().url_patterns):
        if route.startswith("admin/") and is_open(name, pattern.lookup_str):
            yield name, tuple(a or b for a, b in PARAMETER.findall(route))


def of_row(row: Any) -> dict[str, Any]:
    """What the parameters of a page about `row` stand for."""
    options = row._meta
    values: dict[str, Any] = dict.fromkeys(KEYS.split(), quote(row.pk))
    values |= dict.fromkeys(("app_label", "app_name", "content_type_app_name"), options.app_label)
    models = ("model_name", "content_type_model_name")
    values |= dict.fromkeys(models, options.model_name)
    if hasattr(row, "revisions"):
        revision = row.revisions.order_by("pk").first()
        values |= {"revision_id_a": "earliest", "revision_id_b": "latest"}
        values["revision_id"] = revision and revision.pk
    if hasattr(row, "workflow_states"):
        state = WorkflowState.objects.for_instance(row).order_by("-pk").first()
        if state:
            task = state.current_task_state
            values |= {"workflow_state_id": state.pk, "action_name": "approve"}
            values |= {"task_state_id": task.pk, "task_id": task.task_id}
    if isinstance(row, Page):
        values["destination_id"] = row.get_parent().pk
    return {name: value for name, value in values.items() if value is not None}


def addresses(busy: dict[type[Model], Any]) -> Iterator[tuple[str, str]]:
    """(the name of a route, its address) with the rows in `busy`, by model, where it has them."""
    snippets = {
        f"{space}_{model._meta.label_lower.replace('.', '_')}:": model
        for model in get_snippet_models()
        for space in ("wagtailsnippets", "wagtailsnippetchoosers")
    }
    site = Site.objects.get(is_default_site=True)
    settings = [of_row(each.for_site(site)) for each in (SiteSettings, ParticipationSettings)]
    pages = {model: of_row(row) for model, row in busy.items() if isinstance(row, Page)}
    for name, parameters in open_routes():
        if name.startswith("wagtailsettings:"):
            values = settings
        elif (model := model_of(name, snippets)) and model is not Page:
            row = busy.get(model) or model._default_manager.order_by("-pk").first()
            values = [of_row(row)] if row else []
        elif any(name.endswith(each) for each in OF_EACH_KIND):
            values = list(pages.values())
        else:
            values = [pages[LessonIdeaPage]]
        for each in values if parameters else [{}]:
            with suppress(KeyError, NoReverseMatch):
                yield name, reverse(name, kwargs={key: each[key] for key in parameters})


def model_of(name: str, snippets: dict[str, type[Model]]) -> type[Model] | None:
    if model := snippets.get(name[: name.find(":") + 1]):
        return model
    found = [each for each in MODELS if name.startswith(each)]
    return MODELS[max(found, key=len)] if found else None
