"""Where the data is, and how much of it a process may hold on to.

One budget for concurrency: a web process has a few more threads than connections. A thread that
gets none within `DATABASE_POOL_TIMEOUT_SECONDS` answers 503, so PostgreSQL never sees more
connections than processes × `DATABASE_POOL_SIZE`.
"""

SQLITE_OPTIONS = {
    # Writers wait for each other instead of failing; readers never wait.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
MAX_WAITING = 200


def database(env, var_dir, *, pool_size: int = 0) -> dict:
    """The default database from `DATABASE_URL`, or from the parts that need no quoting."""
    if env("DATABASE_HOST", default=""):
        config = {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": env("DATABASE_HOST"),
            "PORT": env("DATABASE_PORT", default="5432"),
            "NAME": env("DATABASE_NAME", default="portal"),
            "USER": env("DATABASE_USER", default="portal"),
            "PASSWORD": env("DATABASE_PASSWORD", default=""),
        }
    else:
        url = env("DATABASE_URL", default="") or f"sqlite:///{var_dir / 'portal.sqlite3'}"
        config = env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        return config | {"OPTIONS": SQLITE_OPTIONS}
    pool_size = env.int("DATABASE_POOL_SIZE", default=pool_size)
    config["OPTIONS"] = config.get("OPTIONS", {}) | {
        "connect_timeout": env.int("DATABASE_CONNECT_TIMEOUT_SECONDS", default=5),
        "application_name": env("DATABASE_APPLICATION_NAME", default="portal"),
    }
    if options := " ".join(filter(None, [session_limits(env), planning(env)])):
        config["OPTIONS"]["options"] = options
    if pool_size:
        config["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": pool_size,
            "timeout": env.float("DATABASE_POOL_TIMEOUT_SECONDS", default=5),
            "max_waiting": MAX_WAITING,
        }
    else:
        config["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
        config["CONN_HEALTH_CHECKS"] = True
    return config


def session_limits(env) -> str:
    """How long a statement, a wait for a lock and an idle transaction may take; 0 is for ever."""
    seconds = {
        "statement_timeout": env.float("DATABASE_STATEMENT_TIMEOUT_SECONDS", default=30),
        "lock_timeout": env.float("DATABASE_LOCK_TIMEOUT_SECONDS", default=10),
        "idle_in_transaction_session_timeout": env.float(
            "DATABASE_IDLE_TRANSACTION_TIMEOUT_SECONDS", default=120
        ),
    }
    return " ".join(f"-c {name}={int(value * 1000)}" for name, value in seconds.items() if value)


def planning(env) -> str:
    """How many tables PostgreSQL tries in every order; 0 is as the server has it (8).

    Our lists join nine, each by its key from the first: trying all their orders took ten times as
    long as reading, and found the order that is written anyway, at 100,000 listings too.
    """
    tables = env.int("DATABASE_JOIN_COLLAPSE_LIMIT", default=4)
    return f"-c join_collapse_limit={tables}" if tables else ""
