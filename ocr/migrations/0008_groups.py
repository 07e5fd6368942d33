"""Four groups to put people in: each may what the one before it may, and more.

A group of that name that somebody made before keeps what it has and gets these permissions as well.
"""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

OURS = ("customers", "counterparties", "invoices", "transfers", "ocr")

REVIEWER = {
    "ocr": ("change_ocrjob", "add_ocrcorrection"),
    "counterparties": (
        "add_counterparty",
        "change_counterparty",
        "add_counterpartyaccount",
        "change_counterpartyaccount",
        "add_contact",
        "change_contact",
        "add_address",
        "change_address",
        "add_bankdetailschange",
    ),
}
APPROVER = {"ocr": ("approve_ocrjob",), "counterparties": ("decide_bankdetailschange",)}
ADMINISTRATORS_APPS = (*OURS, "auth", "otp_totp", "axes", "admin")
ADMINISTRATORS_MATTERS = ("view_apikey", "view_storedanswer", "view_webhooksecret")


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Permissions are otherwise made only once all migrations have run.
    for label in ADMINISTRATORS_APPS:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    group = apps.get_model("auth", "Group")
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    seen = permissions.filter(content_type__app_label__in=OURS, codename__startswith="view_")
    looking = list(seen.exclude(codename__in=ADMINISTRATORS_MATTERS))
    reviewing = looking + _named(permissions, REVIEWER)
    approving = reviewing + _named(permissions, APPROVER)
    for name, granted in (
        ("Viewer", looking),
        ("Reviewer", reviewing),
        ("Approver", approving),
        ("Administrator", list(permissions.filter(content_type__app_label__in=ADMINISTRATORS_APPS))),
    ):
        made, _ = group.objects.using(schema_editor.connection.alias).get_or_create(name=name)
        made.permissions.add(*granted)


def _named(permissions: object, wanted: dict[str, tuple[str, ...]]) -> list[object]:
    found = [
        permission
        for app_label, codenames in wanted.items()
        for permission in permissions.filter(content_type__app_label=app_label, codename__in=codenames)  # type: ignore[attr-defined]
    ]
    missing = sum(map(len, wanted.values())) - len(found)
    if missing:
        raise LookupError(f"{missing} permissions are missing; migrate every app before this one.")
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("ocr", "0007_review_queue"),
        ("transfers", "0004_payment_exports"),
        ("invoices", "0002_invoice_counters"),
        ("counterparties", "0011_names_across_customers"),
        ("customers", "0003_webhook_deliveries_by_endpoint"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("otp_totp", "0003_add_timestamps"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
