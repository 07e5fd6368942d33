"""`manage.py rotate_api_key`: a new key in place of an old one, which goes on working for a while."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customers.keys import ROTATION_OVERLAP, KeyNotIssued, rotate_key
from customers.models import ApiKey


class Command(BaseCommand):
    help = "Prints a new API key, once, that may do what the old one may; the old one works for some hours longer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "key", metavar="pdk_PREFIX", help="the beginning of the old key, as the back office shows it"
        )
        hours = ROTATION_OVERLAP // timedelta(hours=1)
        parser.add_argument(
            "--overlap-hours", type=int, default=hours, metavar="HOURS", help=f"default: {hours}; 0 ends it at once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        prefix = options["key"].removeprefix("pdk_")[:8]
        key = ApiKey.objects.filter(prefix=prefix).first()
        if key is None:
            raise CommandError(f"There is no API key pdk_{prefix}…; the back office lists them.")
        if options["overlap_hours"] < 0:
            raise CommandError("The overlap cannot be negative; give 0 to end the old key at once.")
        overlap = timedelta(hours=options["overlap_hours"])
        try:
            _, plain = rotate_key(key=key, overlap=overlap, by="rotate_api_key", now=timezone.now())
        except KeyNotIssued as refused:
            raise CommandError(str(refused)) from refused
        self.stderr.write(
            f"{key} works until {key.expires_at:%Y-%m-%d %H:%M} UTC. Keep its successor, which is shown once:"
        )
        self.stdout.write(plain)
