"""Panels of our own in the page editor."""

from django.urls import reverse
from wagtail.admin.panels import Panel


class SpreadPanel(Panel):
    """A campaign's posters and links, where the communicator who has just written it looks."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "inspiration/campaigns/admin/spread_panel.html"

        def is_shown(self):
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            campaign = self.instance.main
            pages = campaign.in_all_languages()
            return context | {
                "posters": [
                    (page.locale, reverse("campaign_poster", args=[page.pk])) for page in pages
                ],
                "channels": campaign.channels.with_results().order_by("pk"),
                "results_url": reverse("campaign_links_report") + f"?campaign={campaign.pk}",
            }
