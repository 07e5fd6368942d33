"""Rows that migrations made, brought back once a test that commits has emptied every table."""

from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate

Granted = dict[str, list[tuple[str, str]]]


def groups_as_migrated() -> Granted:
    """The name of each group → (app, codename) of what it may do."""
    return {
        group.name: list(group.permissions.values_list("content_type__app_label", "codename"))
        for group in _rows("Group").all()
    }


def keep_groups(granted: Granted) -> None:
    """Makes the groups anew whenever Django has emptied the database, whatever the order of the tests is.

    Emptying ends with the signal `post_migrate`, in which each app's permissions are made anew; `ocr` is the last app.
    """

    def bring_back(**_: Any) -> None:
        if not _rows("Group").exists():
            permissions = {(row.content_type.app_label, row.codename): row for row in _permissions()}
            for name, kinds in granted.items():
                _rows("Group").create(name=name).permissions.add(*(permissions[kind] for kind in kinds))

    post_migrate.connect(bring_back, sender=apps.get_app_config("ocr"), weak=False, dispatch_uid="groups of the tests")


def _permissions() -> Any:
    return _rows("Permission").select_related("content_type")


def _rows(model: str) -> Any:
    """Those of a model of `auth`, looked up late: this module is imported before Django is set up."""
    return apps.get_model("auth", model)._default_manager
