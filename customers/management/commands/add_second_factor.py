"""Gives an operator an authenticator app as second factor, shown as a QR code."""

from io import StringIO
from typing import Any

import segno
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from customers.audit.recording import record


class Command(BaseCommand):
    help = "Gives a login of the back office a second factor (TOTP) and shows the QR code to scan. It is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--replace", action="store_true", help="the device there is was lost: it stops counting")

    def handle(self, *args: Any, username: str, replace: bool, **options: Any) -> None:
        users = get_user_model().objects
        with transaction.atomic():
            # The row lock lets two who run this at once not end up with two devices.
            user = users.select_for_update().filter(**{get_user_model().USERNAME_FIELD: username}).first()
            if user is None:
                raise CommandError(f"There is no login named {username!r}; `manage.py createsuperuser` makes one.")
            devices = TOTPDevice.objects.filter(user=user)
            if devices.exists() and not replace:
                raise CommandError(
                    f"{username} has an authenticator app already; --replace takes another in its place."
                )
            devices.delete()
            device = TOTPDevice.objects.create(user=user, name="authenticator app", confirmed=True)
            record(action="second_factor.added", by="add_second_factor", subject=user, detail={"replaced": replace})
        self.stdout.write(f"Scan this with the authenticator app of {username}, or type in the address below it:\n")
        drawn = StringIO()
        segno.make(device.config_url, error="l").terminal(out=drawn, compact=True)
        self.stdout.write(drawn.getvalue())
        self.stdout.write(device.config_url)
        self.stdout.write("Then clear the screen: whoever has this has the second factor.")
