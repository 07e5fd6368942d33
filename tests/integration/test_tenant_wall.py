"""PostgreSQL itself keeps tenants apart: what a query finds that nobody has filtered."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from pytest_django import Settings

from counterparties.models import Counterparty
from customers import wall
from customers.models import Customer
from customers.wall import WallMissing, behind_wall
from customers.wall_role import problem_of_role
from tests.api.walking import OURS, THEIRS
from tests.ledger import a_customer
from tests.walled import CLOSED, NOBODYS, Walled, commands_for, ids_of, our_models, walled, walled_models

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

REFUSED = "row-level security|permission denied"


@pytest.fixture
def ours() -> Walled:
    return walled(mark="Aldermoor", ibans=OURS)


@pytest.fixture
def theirs() -> Walled:
    return walled(mark="Zwxforeign", ibans=THEIRS)


def asked_as() -> tuple[str, str, str]:
    """The role, the customers and the key that the database sees."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('role'), current_setting('paydraft.customer_ids', true),"
            " current_setting('paydraft.api_key', true)"
        )
        role, customers, key = cursor.fetchone()
    return role, customers or "", key or ""


OWNER = ("none", "", "")


def test_every_table_of_ours_is_behind_the_wall() -> None:
    """A new model fails here until a migration walls its table; see `customers.row_security`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity")
        held = {name for (name,) in cursor.fetchall()}

    tables = {model._meta.db_table for model in our_models()}
    assert held == tables
    assert {table for table in tables if not commands_for(table)} == CLOSED


def test_a_tenant_finds_its_own_rows_and_no_others(ours: Walled, theirs: Walled) -> None:
    for model in walled_models():
        assert ids_of(model) >= ours.ids[model] | theirs.ids[model]
        if "SELECT" not in commands_for(model._meta.db_table):
            continue
        with ours.behind_wall():
            found = ids_of(model)
        assert found == ours.ids[model], model._meta.label


def test_a_key_of_two_customers_finds_the_rows_of_both(ours: Walled, theirs: Walled) -> None:
    both = [ours.tenant.customer.pk, theirs.tenant.customer.pk]
    with behind_wall(customer_ids=both, api_key_id=ours.key.pk):
        found = ids_of(Counterparty)

    assert found == ours.ids[Counterparty] | theirs.ids[Counterparty]


def test_who_acts_for_nobody_finds_nothing(ours: Walled) -> None:
    for model in walled_models():
        with behind_wall(customer_ids=(), api_key_id=None):
            assert "SELECT" not in commands_for(model._meta.db_table) or ids_of(model) == set(), model._meta.label
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"SET LOCAL ROLE {role()}")  # and nothing else was ever set on this connection
        cursor.execute("SELECT count(*) FROM customers_customer")
        assert cursor.fetchone() == (0,)
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize("table", sorted(CLOSED))
def test_what_no_request_needs_is_closed(ours: Walled, table: str) -> None:
    with ours.behind_wall(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        _sql(f"SELECT * FROM {table}")  # noqa: S608


def test_a_tenant_changes_and_deletes_nobody_elses_rows(ours: Walled, theirs: Walled) -> None:
    for model in walled_models():
        field = next(field for field in model._meta.concrete_fields if not field.primary_key)
        rows = model._base_manager.filter(pk__in=theirs.ids[model])
        with ours.behind_wall():
            assert _changes_none(partial(rows.update, **{field.attname: F(field.attname)})), model._meta.label
            assert _changes_none(partial(rows._raw_delete, connection.alias)), model._meta.label
        assert ids_of(model) >= theirs.ids[model]


def test_a_tenant_adds_nothing_to_anybody_else(ours: Walled, theirs: Walled) -> None:
    for model in walled_models():
        copied = model._base_manager.filter(pk__in=theirs.ids[model]).first()
        names = [field.column for field in model._meta.concrete_fields]
        values = [
            field.get_db_prep_save(getattr(copied, field.attname), connection) for field in model._meta.concrete_fields
        ]
        statement = f"INSERT INTO {model._meta.db_table} ({', '.join(map(quoted, names))}) VALUES ({_places(values)})"  # noqa: S608
        with ours.behind_wall(), pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            _sql(statement, values)


def test_a_tenant_gives_no_row_of_its_own_away(ours: Walled, theirs: Walled) -> None:
    account = Counterparty.objects.filter(pk__in=ours.ids[Counterparty])
    with ours.behind_wall(), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        account.update(customer=theirs.tenant.customer)


def test_rows_that_are_nobodys_name_no_customer() -> None:
    for model in our_models():
        if model._meta.db_table in NOBODYS:
            assert not [field for field in model._meta.concrete_fields if field.is_relation]


def test_the_wall_goes_down_when_an_exception_flies(ours: Walled) -> None:
    with pytest.raises(ZeroDivisionError), ours.behind_wall():
        raise ZeroDivisionError

    assert asked_as() == OWNER


def test_walls_within_walls(ours: Walled, theirs: Walled) -> None:
    with ours.behind_wall():
        outer = asked_as()
        with theirs.behind_wall():
            assert ids_of(Customer) == {theirs.tenant.customer.pk}
        assert asked_as() == outer
        assert ids_of(Customer) == {ours.tenant.customer.pk}
    assert asked_as() == OWNER


def test_what_is_rolled_back_within_leaves_the_wall_standing(ours: Walled) -> None:
    with ours.behind_wall():
        before = asked_as()
        with transaction.atomic():
            ids_of(Customer)
            transaction.set_rollback(True)
        with pytest.raises(DatabaseError), transaction.atomic():
            _sql("SELECT 1 / 0")
        assert asked_as() == before


@pytest.fixture
def committed_customer(transactional_db: None) -> Customer:
    return a_customer()


def test_a_connection_that_is_opened_within_has_the_same_wall(committed_customer: Customer) -> None:
    a_customer("Zwxforeign Trading GmbH")
    with behind_wall(customer_ids=[committed_customer.pk], api_key_id=None):
        connection.close()
        with transaction.atomic():
            assert ids_of(Customer) == {committed_customer.pk}
            transaction.set_rollback(True)
        assert ids_of(Customer) == {committed_customer.pk}
    assert len(ids_of(Customer)) == 2


def test_a_connection_that_is_opened_within_and_cannot_have_the_wall_is_not_used(
    committed_customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind_wall(customer_ids=[], api_key_id=None):
        connection.close()
        monkeypatch.setattr(wall, "_SET", "SELECT 1 / 0, %s, %s, %s")
        for _ in range(2):
            with pytest.raises(DatabaseError):
                ids_of(Customer)

    monkeypatch.undo()
    assert ids_of(Customer) == {committed_customer.pk}


def test_a_connection_that_cannot_be_taken_back_is_closed(committed_customer: Customer) -> None:
    with behind_wall(customer_ids=[committed_customer.pk], api_key_id=None):
        raw = connection.connection
        connection.set_autocommit(False)
        with pytest.raises(DatabaseError):
            _sql("SELECT 1 / 0")

    assert raw.closed
    connection.set_autocommit(True)
    assert asked_as() == OWNER


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("named", ["paydraft_nobody", "pg_monitor'; --"])
def test_a_role_that_is_missing_stops_the_request_and_says_what_to_do(settings: Settings, named: str) -> None:
    settings.TENANT_DATABASE_ROLE = named
    says = pytest.raises(WallMissing, match=r"run `manage\.py prepare_tenant_role`")
    with says, behind_wall(customer_ids=(), api_key_id=None):
        pytest.fail("it was carried out")

    assert "does not exist" in str(problem_of_role())
    assert asked_as() == OWNER


def _changes_none(change: Callable[[], Any]) -> bool:
    """Whether it changes no row, or is refused."""
    try:
        with transaction.atomic():
            return bool(change() == 0)
    except DatabaseError as error:
        return "permission denied" in str(error)


def _sql(statement: str, parameters: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _places(values: list[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def role() -> str:
    return quoted(django_settings.TENANT_DATABASE_ROLE)
