"""Libraries that keep their own data in Redis: what tells them the database, and what their keys begin with.

Sources: https://flask-caching.readthedocs.io/, https://docs.celeryq.dev/en/stable/userguide/configuration.html,
https://redbeat.readthedocs.io/, https://flask-session.readthedocs.io/, https://python-rq.org/,
https://flask-limiter.readthedocs.io/, https://channels.readthedocs.io/, https://arq-docs.helpmanual.io/,
https://dramatiq.io/, https://taskiq-redis.readthedocs.io/
"""

from __future__ import annotations

from typing import NamedTuple


class Backend(NamedTuple):
    """What one library keeps in Redis.

    `keys` are those that it makes where nothing tells it a prefix; `*` is what only run time knows. `numbers`, `urls`
    and `clients` are the names of what tells it the database, `prefixes` of what it begins its keys with, `sign` what
    it puts behind that. Names are those of settings in lower case, or of keywords of a call; a number among them is a
    position.
    """

    library: str
    keys: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    sign: str = ""

    def role_of(self, name: str) -> str:
        """What the setting of this name is to it: a field of its own, or "" when it is none of its settings."""
        return next((role for role in ("numbers", "urls", "clients", "prefixes") if name in getattr(self, role)), "")


CONFIGURED = (
    Backend("Flask-Caching", ("flask_cache_*",), ("cache_redis_db",), ("cache_redis_url",), (), ("cache_key_prefix",)),
    Backend("Flask-Session", ("session:*",), (), (), ("session_redis",), ("session_key_prefix",)),
    Backend(
        "Celery",
        ("celery", "_kombu.binding.*", "unacked"),
        urls=("broker_url", "celery_broker_url", "celery_broker", "broker_read_url", "broker_write_url"),
    ),
    Backend("Celery", ("celery-task-meta-*",), urls=("result_backend", "celery_result_backend")),
    Backend("RedBeat", ("redbeat:*",), (), ("redbeat_redis_url",), (), ("redbeat_key_prefix",)),
    Backend("Flask-Limiter", ("LIMITS:*",), (), ("ratelimit_storage_uri", "ratelimit_storage_url")),
    Backend("Flask-RQ2", ("rq:*",), (), ("rq_redis_url",)),
)
"""Those that the settings of an application configure, of which it has one each."""
NAMES = {
    spelled: backend
    for backend in CONFIGURED
    for names in (backend.numbers, backend.urls, backend.clients, backend.prefixes)
    for name in names
    for spelled in (name, name.upper())
}
"""The backend that a setting of this name, in lower or upper case, configures."""
KEYWORDS = {("celery.Celery", "broker"): "broker_url", ("celery.Celery", "backend"): "result_backend"}
"""Keywords of calls that give a value to such a setting."""
_RQ = Backend("RQ", ("rq:*",), clients=("connection",))
CALLED = {
    "rq.Queue": _RQ,
    "rq.Worker": _RQ,
    "rq.SimpleWorker": _RQ,
    "rq.worker.Worker": _RQ,
    "rq.queue.Queue": _RQ,
    "arq.connections.RedisSettings": Backend("arq", ("arq:*",), ("3", "database")),
    "arq.connections.RedisSettings.from_dsn": Backend("arq", ("arq:*",), (), ("0", "dsn")),
    "dramatiq.brokers.redis.RedisBroker": Backend(
        "Dramatiq", ("dramatiq:*",), ("db",), ("url",), (), ("namespace",), ":"
    ),
    "huey.RedisHuey": Backend("Huey", ("huey.*",), ("db",), ("url",)),
    "taskiq_redis.ListQueueBroker": Backend("taskiq", ("taskiq",), (), ("0", "url"), (), ("queue_name",)),
    "taskiq_redis.RedisAsyncResultBackend": Backend("taskiq", ("*",), (), ("0", "redis_url"), (), ("prefix_str",), ":"),
    "flask_limiter.Limiter": Backend("Flask-Limiter", ("LIMITS:*",), (), ("storage_uri",)),
    "slowapi.Limiter": Backend("SlowApi", ("LIMITS:*",), (), ("storage_uri",)),
    "fastapi_limiter.FastAPILimiter.init": Backend(
        "fastapi-limiter", ("fastapi-limiter:*",), (), (), ("0", "redis"), ("prefix",), ":"
    ),
    "aiocache.RedisCache": Backend("aiocache", ("*",), ("db",), (), ("client",), ("namespace",)),
}  # fmt: skip
"""Those that a call of a library's class or function makes."""
CHANNEL_LAYER = Backend("channels_redis", ("asgi:*", "asgispecific.*"), (), ("hosts",), (), ("prefix",))
"""The CONFIG of a layer of Django's CHANNEL_LAYERS."""
