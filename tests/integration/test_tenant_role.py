"""The role behind the second wall: made where that is allowed, granted what has a policy, and missed by its name."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from customers.wall import behind_wall
from customers.wall_role import RoleNotPrepared, prepare_role, problem_of_role
from tests.plain_sql import run_sql
from tests.walled import commands_for, our_models

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

PREPARE = "run `manage.py prepare_tenant_role`"


@pytest.fixture
def role() -> str:
    return str(django_settings.TENANT_DATABASE_ROLE)


@pytest.fixture
def nobody(role: str) -> Iterator[None]:
    """As somebody who may neither make roles nor give any away."""
    with transaction.atomic():
        run_sql(f'SET LOCAL ROLE "{role}"')
        yield
        transaction.set_rollback(True)


def granted(role: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl) WHERE grantee = %s::regrole", [role]
        )
        return set(cursor.fetchall())


def test_it_may_do_what_has_a_policy_and_nothing_else(role: str) -> None:
    tables = {model._meta.db_table for model in our_models()}

    assert granted(role) == {(table, command) for table in tables for command in commands_for(table)}
    assert problem_of_role() is None


def test_preparing_it_again_does_nothing(role: str) -> None:
    assert prepare_role(role) == []
    out = StringIO()
    call_command("prepare_tenant_role", stdout=out)
    assert out.getvalue().startswith(f"The role {role} is ready")


def test_what_was_granted_by_hand_is_taken_back_and_what_is_missing_is_granted(role: str) -> None:
    run_sql(f'GRANT SELECT ON customers_apikey, auth_user TO "{role}"')
    run_sql(f'REVOKE UPDATE ON ocr_ocrjob FROM "{role}"')
    assert PREPARE in str(problem_of_role())

    assert prepare_role(role) == [
        f'REVOKE SELECT ON "auth_user" FROM "{role}"',  # noqa: S608
        f'REVOKE SELECT ON "customers_apikey" FROM "{role}"',  # noqa: S608
        f'GRANT UPDATE ON "ocr_ocrjob" TO "{role}"',
    ]
    assert problem_of_role() is None


def test_a_new_role_is_made_where_that_is_allowed_and_else_the_sql_for_it_is_told(settings: Settings) -> None:
    settings.TENANT_DATABASE_ROLE = name = "paydraft_made_by_a_test"
    assert "does not exist" in str(problem_of_role())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        (may_make_roles,) = cursor.fetchone()
    if not may_make_roles:
        with pytest.raises(CommandError, match=f'CREATE ROLE "{name}" NOLOGIN;'):
            call_command("prepare_tenant_role")
        return
    assert f'CREATE ROLE "{name}" NOLOGIN' in prepare_role(name)
    assert problem_of_role() is None
    with behind_wall(customer_ids=(), api_key_id=None), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT count(*) FROM customers_customer)")
        assert cursor.fetchone() == (name, 0)


@pytest.mark.usefixtures("nobody")
def test_who_may_not_make_it_is_told_what_an_administrator_has_to_run(role: str) -> None:
    with pytest.raises(RoleNotPrepared) as refused:
        prepare_role("paydraft_new")

    assert 'CREATE ROLE "paydraft_new" NOLOGIN;' in str(refused.value)
    assert f'GRANT "paydraft_new" TO "{role}";' in str(refused.value)


def test_a_role_that_nothing_holds_is_no_wall(settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (settings.TENANT_DATABASE_ROLE,) = cursor.fetchone()

    assert "is not held by row-level security" in str(problem_of_role())


def test_a_table_that_a_migration_adds_is_closed_until_it_has_a_policy(role: str) -> None:
    run_sql("CREATE TABLE paydraft_new_table (id bigint)")
    prepare_role(role)

    assert not [one for one in granted(role) if one[0] == "paydraft_new_table"]


def test_readyz_names_a_role_that_cannot_be_taken(settings: Settings, client: Client) -> None:
    settings.TENANT_DATABASE_ROLE = "paydraft_nobody"
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert PREPARE in answer.json()["checks"]["tenant_wall"]


def test_without_a_role_there_is_nothing_to_prepare_and_nothing_amiss(settings: Settings) -> None:
    settings.TENANT_DATABASE_ROLE = ""
    with pytest.raises(CommandError, match="name the role there"):
        call_command("prepare_tenant_role")
    assert problem_of_role() is None
