"""What is written to standard error: a line or a JSON object for each thing that happened."""


def logging(env) -> dict:
    """Django's `LOGGING`. `LOG_FORMAT` is `line` or `json`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": "portal.foundation.logs.AddRequest"}},
        "formatters": {
            "line": {"()": "portal.foundation.logs.LineFormatter"},
            "json": {"()": "portal.foundation.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": env("LOG_FORMAT", default="line"),
                "filters": ["request"],
            }
        },
        "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
        "loggers": {
            # Django's own handlers would write some lines twice, in another form.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # Says twice for each job, however small, that it has run.
            "django_tasks": {"level": "WARNING"},
            # A line for each request to Elasticsearch.
            "elastic_transport": {"level": "WARNING"},
        },
    }
