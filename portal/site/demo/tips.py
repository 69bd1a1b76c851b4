"""Tips about lessons from the demo's schools and preschools."""

from inspiration.lessons.models import LessonIdeaPage
from inspiration.lessons.tips.models import LessonTip, TipPhoto
from inspiration.lessons.tips.services import submit_tip
from marketplace.materials.models import MaterialCategory
from portal.site.demo.calendar import at
from portal.site.demo.files import toml
from portal.site.demo.material import save_with_revision


def create_tips(*, organisations, images, year):
    categories = {each.slug: each for each in MaterialCategory.objects.source()}
    for row in toml("tips.toml")["tip"]:
        organisation = organisations[row["organisation"]]
        member = organisation.members.first()
        sent = at(year.ago(row["days_ago"]), 15, 25)
        live = row["state"] == "live"
        tip = LessonTip(
            organisation=organisation,
            created_by=member,
            lesson=LessonIdeaPage.objects.get(title=row["lesson"]) if "lesson" in row else None,
            title=row["title"],
            text=row["text"],
            age_groups=row["age_groups"],
            created_at=sent,
            live=live,
            first_published_at=sent if live else None,
            last_published_at=sent if live else None,
            has_unpublished_changes=not live,
        )
        used = [categories[slug] for slug in row["materials"]]
        tip.categories.set(used)
        if "photo" in row:
            tip.photos.set([TipPhoto(image=images[row["photo"]], sort_order=0)])
        tip.save()
        save_with_revision(tip, member)
        if not live:
            shown = [(photo.image, str(photo)) for photo in tip.photos.all()]
            submit_tip(tip=tip, images=shown, categories=used, by=member)
