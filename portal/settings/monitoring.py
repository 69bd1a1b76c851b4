"""Errors are reported to Sentry, or what speaks its language, when `SENTRY_DSN` says where."""


def start(env) -> None:
    """Report unexpected errors, and nothing personal, to where `SENTRY_DSN` says."""
    dsn = env("SENTRY_DSN", default="")
    if not dsn:
        return
    # Most sites report nothing, and it takes time to load.
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        environment=env("SENTRY_ENVIRONMENT", default="production"),
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        traces_sample_rate=env.float("SENTRY_TRACES_SAMPLE_RATE", default=0.0),
    )
