"""What every installation needs before anybody signs in."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    TaskState,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.models import Task as WagtailTask

from inspiration.lessons.tips.models import LessonTip
from inspiration.pages.models import HomePage
from marketplace.ideas.models import Idea
from marketplace.listings.models import MaterialListing
from marketplace.review.models import EditorialReview
from marketplace.roles.models import Role
from marketplace.roles.services import group_of
from marketplace.translations.models import TranslatedText
from marketplace.wanted.models import WantedAd
from portal.site.starter.pages import Pages
from portal.site.starter.services import make_start_page

# Names that editors read on the buttons of the admin.
WORKFLOW, TASK = "Redaktionens granskning", "Redaktörerna godkänner"

# Model → what people with the role may do with it in the admin.
MODEL_PERMISSIONS = {
    Role.EDITOR: {
        "marketplace.materiallisting": ["add", "change", "publish", "lock", "unlock", "view"],
        "marketplace.wantedad": ["add", "change", "publish", "lock", "unlock", "view"],
        "marketplace.idea": ["change", "publish", "lock", "unlock", "view"],
        "marketplace.translatedtext": ["change", "publish", "lock", "unlock", "view"],
        "marketplace.materialcategory": ["add", "change", "view"],
        "marketplace.climatefactor": ["add", "change", "view"],
        "marketplace.organisation": ["add", "change", "view"],
        "marketplace.collaboration": ["add", "change", "delete", "view"],
        "marketplace.hub": ["add", "change", "view"],
        "marketplace.reservation": ["view"],
        "marketplace.note": ["view"],
        "marketplace.booking": ["view"],
        "marketplace.recall": ["view"],
        "marketplace.handover": ["view"],
        "marketplace.purchasereport": ["view"],
        "taggit.tag": ["add", "change", "view"],
        "search.synonym": ["add", "change", "delete", "view"],
        "search.intention": ["add", "change", "delete", "view"],
        "search.searchcount": ["view"],
        "wagtailsearchpromotions.searchpromotion": ["add", "change", "delete"],
        "wagtail_localize.translation": ["submit", "view"],
        "inspiration.campaignchannel": ["add", "change", "view"],
        "inspiration.lessontip": ["change", "publish", "lock", "unlock", "view"],
        "inspiration.campaignparticipant": ["add", "delete", "view"],
        "inspiration.newsletter": ["add", "change", "delete", "send", "view"],
        "inspiration.newsletterdelivery": ["view"],
        "inspiration.subscriber": ["delete", "view"],
    },
    Role.COMMUNICATOR: {
        "marketplace.booking": ["view"],
        "search.searchcount": ["view"],
        "inspiration.campaignchannel": ["add", "change", "delete", "view"],
        "inspiration.campaignparticipant": ["add", "delete", "view"],
        "inspiration.newsletter": ["add", "change", "delete", "send", "view"],
        "inspiration.newsletterdelivery": ["view"],
        "inspiration.subscriber": ["delete", "view"],
        "marketplace.materiallisting": ["view"],
        "marketplace.collaboration": ["add", "change", "view"],
        "wagtail_localize.translation": ["submit", "view"],
    },
    Role.COORDINATOR: {
        "search.searchcount": ["view"],
        "marketplace.organisation": ["add", "change", "view"],
        "marketplace.hub": ["add", "change", "view"],
        "marketplace.municipality": ["change", "view"],
        "marketplace.reservation": ["view"],
        "marketplace.note": ["view"],
        "marketplace.booking": ["view"],
        "marketplace.recall": ["view"],
        "marketplace.handover": ["view"],
        "marketplace.purchasereport": ["view"],
        "marketplace.collaboration": ["add", "change", "view"],
        "marketplace.carrier": ["add", "change", "delete", "view"],
        "marketplace.round": ["add", "change", "delete", "view"],
    },
    Role.TRANSLATOR: {
        "marketplace.materialcategory": ["view"],
        "marketplace.translatedtext": ["change", "view"],
        "wagtail_localize.translation": ["submit", "view"],
    },
    Role.SUPPORT: {
        "marketplace.organisation": ["view"],
        "marketplace.reservation": ["view"],
        "marketplace.note": ["view"],
        "marketplace.booking": ["view"],
        "marketplace.recall": ["view"],
        "marketplace.collaboration": ["view"],
    },
    Role.STEERING_GROUP: {
        "search.searchcount": ["view"],
        "marketplace.handover": ["view"],
        "marketplace.costsharing": ["view"],
        "marketplace.revaluation": ["view"],
    },
}
PAGE_PERMISSIONS = {
    Role.EDITOR: ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
    Role.COMMUNICATOR: ["add_page", "change_page"],
    Role.TRANSLATOR: ["add_page", "change_page"],
}


class Command(BaseCommand):
    help = "Create languages, groups, workflow and start page. Safe to run again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--with-pages",
            action="store_true",
            help=(
                "Also what a new site begins with: the sections of the start page, the lists of "
                "lesson ideas, stories, articles and campaigns, the pages on the portal, "
                "accessibility, privacy and pictures, and a contact form, in Swedish and English. "
                "Where there are pages already, only lists that came with a later version."
            ),
        )

    @transaction.atomic
    def handle(self, *, with_pages=False, **options):
        # Wagtail logs each thing that is made, and here that is everything.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        swedish, _created = Locale.objects.get_or_create(language_code="sv")
        for code, _name in settings.LANGUAGES:
            Locale.objects.get_or_create(language_code=code)
        home = self.start_page(swedish)
        groups = self.groups()
        self.workflow(groups[Role.EDITOR])
        if with_pages:
            self.pages(home)
        if options["verbosity"]:
            self.stdout.write("Languages, groups, workflow and start page are there.")

    def start_page(self, locale):
        """The Swedish start page, below a root without Wagtail's own welcome page."""
        home = HomePage.objects.filter(locale=locale).order_by("path").first()
        if home:
            return home
        Page.objects.filter(depth=2, slug="home").delete()
        home = make_start_page(title="Återbruksportalen", slug="start")
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": address.hostname,
                "port": address.port or (443 if address.scheme == "https" else 80),
                "root_page": home,
                "site_name": "Återbruksportalen",
            },
        )
        return home

    def pages(self, home):
        """What a new site begins with; sites that are older than a list do not have it yet."""
        if not home.get_children().exists():
            Pages(start=home).build()
        for start in HomePage.objects.filter(locale=home.locale).exclude(numchild=0):
            Pages(start=start).add_later_lists()

    def groups(self):
        """The groups with the permissions above; those given by hand are kept."""
        permissions = {
            (app, codename): key
            for key, app, codename in Permission.objects.values_list(
                "pk", "content_type__app_label", "codename"
            )
        }
        groups = {role: group_of(role) for role in MODEL_PERMISSIONS}
        for role, models in MODEL_PERMISSIONS.items():
            wanted = [("wagtailadmin", "access_admin")]
            for label, actions in models.items():
                app, model = label.split(".")
                wanted += [(app, f"{action}_{model}") for action in actions]
            # A model of an app that is not installed has none.
            found = (permissions.get(each) for each in wanted)
            groups[role].permissions.add(*filter(None, found))
        self.page_permissions(groups, permissions)
        self.image_permissions(groups, permissions)
        return groups

    def page_permissions(self, groups, permissions):
        root = Page.get_first_root_node()
        GroupPagePermission.objects.bulk_create(
            (
                GroupPagePermission(
                    group=groups[role],
                    page=root,
                    permission_id=permissions["wagtailcore", codename],
                )
                for role, codenames in PAGE_PERMISSIONS.items()
                for codename in codenames
            ),
            ignore_conflicts=True,
        )

    def image_permissions(self, groups, permissions):
        root = Collection.get_first_root_node()
        GroupCollectionPermission.objects.bulk_create(
            (
                GroupCollectionPermission(
                    group=groups[role],
                    collection=root,
                    permission_id=permissions["wagtailimages", codename],
                )
                for role in PAGE_PERMISSIONS
                for codename in ("add_image", "choose_image", "change_image")
                # Permission to change other people's images includes removing them.
                if (role, codename) != (Role.TRANSLATOR, "change_image")
            ),
            ignore_conflicts=True,
        )

    def workflow(self, editors):
        """One review by the editors, for pages and snippets alike."""
        workflow, _created = Workflow.objects.get_or_create(
            name=WORKFLOW, defaults={"active": True}
        )
        task = EditorialReview.objects.filter(name=TASK).first()
        if task is None:
            task = EditorialReview.objects.create(name=TASK, active=True)
        task.groups.add(editors)
        WorkflowTask.objects.get_or_create(
            workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0}
        )
        for model in (MaterialListing, WantedAd, Idea, LessonTip, TranslatedText):
            WorkflowContentType.objects.get_or_create(
                content_type=ContentType.objects.get_for_model(model),
                defaults={"workflow": workflow},
            )
        # Wagtail's own example would be a second workflow that nobody uses, and it is the one that
        # a new installation has at its root.
        Workflow.objects.filter(name="Moderators approval").update(active=False)
        # Whatever waits is asked of each active task. What waits for this one goes on waiting.
        example = WagtailTask.objects.filter(name="Moderators approval")
        example.exclude(task_states__status=TaskState.STATUS_IN_PROGRESS).update(active=False)
        root = Page.get_first_root_node()
        WorkflowPage.objects.filter(page=root, workflow__active=False).delete()
        WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
