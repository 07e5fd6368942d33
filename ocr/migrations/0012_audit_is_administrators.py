"""The audit trail is for administrators to see. A group that may look at everything got the right with all others where
the trail's table was there before the groups were."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MAY_SEE = "Administrator"


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Permissions are otherwise made only once all migrations have run.
    config = apps.get_app_config("customers")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    alias = schema_editor.connection.alias
    view = apps.get_model("auth", "Permission").objects.using(alias).get(
        content_type__app_label="customers", codename="view_auditentry"
    )
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for group in groups.filter(name__in=["Viewer", "Reviewer", "Approver"]):
        group.permissions.remove(view)
    for group in groups.filter(name=MAY_SEE):
        group.permissions.add(view)


class Migration(migrations.Migration):
    dependencies = [("ocr", "0011_sellers_without_forms"), ("customers", "0006_audit_trail")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
