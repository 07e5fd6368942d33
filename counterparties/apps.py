from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import connections
from django.db.models.signals import post_migrate

from counterparties.name_index import put_up
from counterparties.verification import VerifierMissing, verifier_at


class CounterpartiesConfig(AppConfig):
    name = "counterparties"

    def ready(self) -> None:
        post_migrate.connect(_put_up_name_index, sender=self)
        register(payee_verifier_can_be_made)


def payee_verifier_can_be_made(**_: Any) -> list[CheckMessage]:
    """The service that is to be asked who holds an account is there; if not, why."""
    verifier = verifier_at(settings.PAYEE_VERIFIER)
    if not isinstance(verifier, VerifierMissing):
        return []
    hint = "Set PAYEE_VERIFIER to the dotted path of a class that can be made without arguments, or leave it out."
    return [Error(f"PAYEE_VERIFIER cannot be used: {verifier.reason}", hint=hint, id="counterparties.E001")]


def _put_up_name_index(using: str, **_: Any) -> None:
    put_up(connections[using])
