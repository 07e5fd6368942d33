"""The Celery application: `celery -A config worker`, `celery -A config beat`, or embedded in the web process."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def new_app(*, is_current: bool) -> Celery:
    """An application with all tasks. What tasks are sent with is the current one."""
    made = Celery("paydraft", set_as_current=is_current)
    made.config_from_object("django.conf:settings", namespace="CELERY")
    made.autodiscover_tasks()
    return made


app = new_app(is_current=True)
