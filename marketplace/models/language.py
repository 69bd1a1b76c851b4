from django.conf import settings


class InMainLanguage:
    """What people write in the exchange: in the site's main language, whatever page shows it."""

    @property
    def language(self):
        return settings.LANGUAGE_CODE
