"""Answers that were stored with a secret lose it, and name the row that it is derived from."""

import hashlib
import json

from django.db import migrations


def take_secrets_out(apps, schema_editor):
    answers = apps.get_model("customers", "StoredAnswer").objects.filter(
        state="done", route__startswith="POST /v2/webhook-endpoints"
    )
    secrets = apps.get_model("customers", "WebhookSecret").objects
    for answer in answers.iterator(chunk_size=500):
        body = json.loads(bytes(answer.body))
        secret = body.get("secret")
        if not secret:
            continue
        answer.webhook_secret = secrets.filter(fingerprint=hashlib.sha256(secret.encode()).hexdigest()).first()
        answer.body = json.dumps({**body, "secret": None}, ensure_ascii=False, separators=(",", ":")).encode()
        answer.save(update_fields=["webhook_secret", "body"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_answers_without_secrets")]

    operations = [migrations.RunPython(take_secrets_out, migrations.RunPython.noop, elidable=True)]
