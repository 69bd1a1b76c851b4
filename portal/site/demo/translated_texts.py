"""Listings, a wanted ad and an idea in English: one in each stage at least."""

from typing import Any

from marketplace.review.services import approve, ask_for_changes
from marketplace.translations.models import TranslatedText
from marketplace.translations.services import start_translation, submit_text
from marketplace.translations.source import DETAILS
from portal.foundation.users.models import User
from portal.site.demo.files import toml

SENT = {"waiting", "changes", "live", "outdated"}


def create_translated_texts(*, translator: User, editor: User) -> None:
    for row in toml("translated_texts.toml")["text"]:
        text = write(row, translator)
        if row["state"] not in SENT:
            continue
        submit_text(text=text, by=translator)
        review = text.current_workflow_state.current_task_state
        if row["state"] == "changes":
            ask_for_changes(task_state=review, by=editor, words=row["asked"])
        elif row["state"] != "waiting":
            approve(task_state=review, by=editor)
        if row["state"] == "outdated":
            add_to_original(text, row["added"])


def write(row: dict[str, Any], translator: User) -> TranslatedText:
    """A draft of the translation that `row` holds."""
    model: Any = TranslatedText._meta.get_field(row["type"]).related_model
    thing = model.objects.published().filter(title=row["original"]).latest("pk")
    text = start_translation(thing=thing, language="en", by=translator)
    for name in ("title", "text", *DETAILS):
        setattr(text, name, row.get(name, ""))
    text.source_digest = thing.source.digest
    text.save_revision(user=translator, clean=False)
    return TranslatedText.objects.get(pk=text.pk)


def add_to_original(text: TranslatedText, words: str) -> None:
    """Let the organisation say more than was translated."""
    thing = text.thing
    setattr(thing, thing.TEXT, f"{thing.source.text} {words}")
    thing.save_revision().publish()
