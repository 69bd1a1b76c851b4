"""Translations in Wagtail's admin: where they are found, and what may not be published."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import TranslatableMixin

from marketplace.desk.dashboard import Card, add_card
from marketplace.desk.translations import buttons, listed, text_views  # registers
from marketplace.desk.translations.pages import translations
from marketplace.desk.translations.services import missing_texts
from marketplace.desk.translations.stages import Stage
from marketplace.desk.translations.views import may_translate, send_translation, translation_list
from marketplace.roles.models import Role
from marketplace.roles.permissions import roles_of
from portal.foundation.menus import PermittedMenuItem

TO_DO = (Stage.TO_DO, Stage.OUTDATED, Stage.CHANGES, Stage.READY)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("oversattningar/", translation_list, name="translation_list"),
        path("oversattningar/<int:pk>/skicka/", send_translation, name="send_translation"),
        path("oversattningar/nya/", text_views.untranslated_texts, name="untranslated_texts"),
        path("oversattningar/nya/<slug:field>/<int:pk>/", text_views.start_text, name="start_text"),
        path("oversattningar/texter/<int:pk>/skicka/", text_views.send_text, name="send_text"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item():
    return PermittedMenuItem(
        _("Translations"),
        reverse("translation_list"),
        name="translation-list",
        icon_name="site",
        order=60,
        may=may_translate,
    )


@hooks.register("register_page_header_buttons")
def way_to_the_list(page, user, view_name=None, next_url=None):
    if page.is_root() or not buttons.of(page).is_target:
        return
    kept_in_step = translations().filter(
        source__object_id=page.translation_key, target_locale=page.locale_id
    )
    if may_translate(user) and kept_in_step.exists():
        yield Button(
            _("Send the translation for review"),
            f"{reverse('translation_list')}#page-{page.pk}",
            priority=5,
            icon_name="check",
        )


# Before Wagtail Localize, which would publish what nobody has translated in the first language.
@hooks.register("before_edit_page", order=-10)
@hooks.register("before_edit_snippet", order=-10)
def no_untranslated_texts(request, content):
    if request.method != "POST" or request.POST.get("action") != "publish":
        return None
    missing = missing_texts(content) if isinstance(content, TranslatableMixin) else 0
    if not missing:
        return None
    text = ngettext(
        "Not published: %(count)d text is not translated yet.",
        "Not published: %(count)d texts are not translated yet.",
        missing,
    )
    messages.error(request, text % {"count": missing})
    return redirect(request.path)


@add_card
def to_translate(request):
    """What translators have before them."""
    if request.user.is_superuser or Role.TRANSLATOR not in roles_of(request.user):
        return None
    counts = listed.counts(request.user)
    total = sum(counts[stage] for stage in TO_DO)
    address = reverse("translation_list")
    lines = [
        (stage.label, f"{address}?lage={stage.value}", counts[stage])
        for stage in TO_DO
        if counts[stage]
    ]
    return Card(
        title=_("Translations"),
        figure=str(total),
        text=ngettext("translation to work on", "translations to work on", total),
        lines=lines,
        more=(_("All translations"), address),
    )
