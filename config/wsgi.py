import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from config.requests import Utf8Handler  # noqa: E402 — the middlewares it loads need what is set up

application = Utf8Handler()
