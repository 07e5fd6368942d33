"""Tests that commit empty every table; what the next ones count on from the migrations is there all the same."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_groups_outlive_an_emptied_database() -> None:
    before = {group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}

    call_command("flush", interactive=False, verbosity=0)

    after = {group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}
    assert set(before) == {"Viewer", "Reviewer", "Approver", "Administrator"}
    assert after == before
    assert all(after.values())
