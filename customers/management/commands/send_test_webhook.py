"""`manage.py send_test_webhook`: a test event to one endpoint, and what came back."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customers.webhooks.delivering import attempt, claim_delivery
from customers.webhooks.models import WebhookEndpoint
from customers.webhooks.outbox import record_test


class Command(BaseCommand):
    help = "Sends a webhook.test event to an endpoint at once, signed like any other, and says what came back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("endpoint", metavar="ENDPOINT_ID", help="as the API and the admin show it")

    def handle(self, *args: Any, **options: Any) -> None:
        delivery = record_test(endpoint=_endpoint(options["endpoint"]), now=timezone.now())
        claim = claim_delivery(delivery_id=delivery.pk, now=timezone.now())
        if claim is None:
            self.stderr.write("A worker was quicker; its attempt is in the back office.")
            return
        attempt(claim=claim)
        logged = delivery.log.latest("started_at")
        told = f"{delivery.message.message_id} to {delivery.endpoint.url}: "
        if logged.status is None:
            raise CommandError(f"{told}{logged.error}")
        answered = f"{told}answered {logged.status} after {logged.milliseconds} ms."
        if not 200 <= logged.status < 300:
            raise CommandError(f"{answered} Only 2xx means that the message was taken. {logged.answer}".strip())
        self.stdout.write(answered)


def _endpoint(text: str) -> WebhookEndpoint:
    try:
        return WebhookEndpoint.objects.get(pk=UUID(text), active=True)
    except (ValueError, WebhookEndpoint.DoesNotExist) as error:
        known = WebhookEndpoint.objects.filter(active=True)[:20]
        listed = "; ".join(f"{each.pk} ({each.url})" for each in known) or "none yet, add one over the API"
        raise CommandError(f"There is no webhook endpoint {text!r}. There are: {listed}.") from error
