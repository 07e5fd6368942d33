"""Set up in every process, once the settings stand: where figures are kept, what Celery's messages carry, and whether
traces are made."""

from django.apps import AppConfig
from django.conf import settings

from config.observing import celery_messages, tracing
from config.observing.logs import log_what_threads_raise
from config.observing.redis_store import RedisStore
from customers.telemetry.counting import keep_in


class ObservingConfig(AppConfig):
    name = "config.observing"

    def ready(self) -> None:
        if not settings.EMBEDDED:
            keep_in(RedisStore(settings.REDIS_URL))
        celery_messages.connect()
        log_what_threads_raise()
        if settings.TRACES_ENDPOINT:
            tracing.turn_on()
