"""The Celery application: `celery -A config worker`, `celery -A config beat`, or embedded in the web process."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("paydraft")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
