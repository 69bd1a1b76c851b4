"""A lesson idea on A4, as an accessible PDF: for anybody, or for a group with its shopping list."""

import re
from html import unescape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspiration.lessons.amounts import Group
from inspiration.lessons.kits.models import LessonKit
from inspiration.lessons.models import LessonIdeaPage
from marketplace.materials.units import format_quantity
from portal.foundation.mail.rendering import site_name
from portal.foundation.printing.pdf import compile_pdf

TEMPLATE = "inspiration/lessons/lesson.typ"
ENDS = re.compile(r"</(?:p|li|h\d)>|<br\s*/?>")


def lesson_pdf(
    lesson: LessonIdeaPage, *, group: Group | None = None, kit: LessonKit | None = None
) -> bytes:
    """`lesson` as bytes of a PDF/UA, with amounts for `group`, and what `kit` fetches where."""
    data = {
        "kicker": _("Lesson idea"),
        "summary": lesson.summary,
        "facts": [{"name": name, "words": words} for name, words in facts(lesson, group)],
        "material": {"heading": _("You need"), "rows": materials(lesson, group)},
        "steps": {
            "heading": _("How to do it"),
            "rows": [
                {"title": step.value["title"], "lines": lines_of(step.value["text"].source)}
                for step in lesson.steps
            ],
        },
        "goals": {"heading": _("What it teaches"), "lines": lines_of(lesson.learning_goals)},
        "safety": {"heading": _("Safety"), "lines": lines_of(lesson.safety)},
        "shopping": shopping(kit) if kit else None,
        "footer": f"{site_name()} · {lesson.full_url}",
    }
    return compile_pdf(TEMPLATE, data, title=lesson.title)


def lines_of(html: str) -> list[str]:
    """The paragraphs and points of rich text, as plain text."""
    lines = [" ".join(unescape(strip_tags(each)).split()) for each in ENDS.split(html)]
    return [line for line in lines if line]


def facts(lesson: LessonIdeaPage, group: Group | None) -> list[tuple[str, str]]:
    """(name, words) of what the idea says about itself, as far as it does."""
    minutes = lesson.duration_minutes or 0
    time = ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
    size = lesson.group_size
    if group:
        size = in_words(group)
    found = [
        (_("For"), ", ".join(map(str, lesson.age_group_labels))),
        (_("Subjects"), ", ".join(map(str, lesson.subject_labels))),
        (_("Goal areas"), ", ".join(map(str, lesson.preschool_goal_labels))),
        (_("Time"), time if minutes else ""),
        (_("Group"), size),
    ]
    return [(name, words) for name, words in found if words]


def in_words(group: Group) -> str:
    return _("%(children)d children in %(groups)d groups") % {
        "children": group.children,
        "groups": group.groups,
    }


def materials(lesson: LessonIdeaPage, group: Group | None) -> list[str]:
    return [material.line(group) for material in lesson.materials.all()]


def shopping(kit: LessonKit) -> dict:
    """What is fetched where and when, and what is still looked for."""
    return {
        "heading": _("Shopping list, week %(week)d") % {"week": kit.week},
        "stops": [stop_of(reservations) for reservations in kit.stops()],
        "missing": {
            "heading": _("Still looked for"),
            "lines": [ad.title for ad in kit.wanted_ads.all()],
        },
    }


def stop_of(reservations) -> dict:
    promised = [each for each in reservations if each.is_promised]
    return {
        "giver": reservations[0].giver.name,
        "facts": where_and_when(promised[0]) if promised else [],
        "lines": [line_of(each) for each in reservations],
    }


def line_of(reservation) -> str:
    amount = format_quantity(reservation.quantity, reservation.listing.stock.unit)
    line = f"{amount}: {reservation.listing.title}"
    if reservation.is_promised:
        return line
    return _("%(line)s (waiting for an answer)") % {"line": line}


def where_and_when(reservation) -> list[str]:
    """What is known once the giver has said yes."""
    listing = reservation.listing
    found = [", ".join(filter(None, [listing.pickup_address, listing.pickup_town]))]
    if reservation.pickup_at and reservation.pickup_agreed_at:
        found.append(date_format(timezone.localtime(reservation.pickup_at), "DATETIME_FORMAT"))
    return [words for words in found if words]
