"""Adding, changing and removing what belongs to a counterparty, one writer after the other."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from counterparties.models import Belonging, Contact, Counterparty, CounterpartyAccount
from customers.sentences import Sentence

Part = TypeVar("Part", bound=Belonging)
SIGNED = ("modified_by", "modified_at")


class AlreadyExists(Exception):
    """The same thing is there already; `details` names the field."""

    def __init__(self, message: str, *, field: str) -> None:
        self.details = {field: [message]}
        super().__init__(message)


class CounterpartyInactive(Exception):
    """Nothing can be added to a counterparty that was deactivated."""


@transaction.atomic
def add_part(part: Part, *, by: str) -> Part:
    """The contact or address, stored. Raises ValidationError, AlreadyExists and CounterpartyInactive."""
    lock_active_counterparty(part.counterparty.pk)
    save_part(part, by=by)
    return part


@transaction.atomic
def change_part(part: Part, *, changes: Mapping[str, Any], by: str) -> Part:
    """The contact or address with `changes` by field name. Raises ValidationError, AlreadyExists and DoesNotExist."""
    lock_counterparty(part.counterparty.pk)
    part.refresh_from_db()
    for name, value in changes.items():
        setattr(part, name, value)
    save_part(part, by=by, changed=list(changes))
    return part


@transaction.atomic
def remove_part(part: Belonging, *, by: str) -> bool:
    """Deletes the row when nothing refers to it, else deactivates it. Whether it was deleted. Raises DoesNotExist."""
    # First the counterparty, as in every other change: deleting an account writes to it, and two orders would deadlock.
    lock_counterparty(part.counterparty.pk)
    # On PostgreSQL nobody can begin to refer to a row that is locked like this.
    row = type(part)._default_manager.select_for_update().get(pk=part.pk)
    if not is_referred_to(row):
        row.delete()
        return True
    changed = ["active", *SIGNED]
    row.active, row.modified_by = False, by
    if isinstance(row, CounterpartyAccount):
        row.is_primary = False
        changed.append("is_primary")
    row.save(update_fields=changed)
    return False


def is_referred_to(row: models.Model) -> bool:
    """Whether a row of any app, those above this one too, has a foreign key to this one."""
    # Hidden are the relations without a name for the way back (`related_name="+"`), which are most of them.
    fields: Any = row._meta.get_fields(include_hidden=True)
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
        for relation in fields
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    )


def lock_counterparty(counterparty_id: UUID) -> Counterparty:
    """The counterparty under a row lock: what is written below it is written one after the other."""
    return Counterparty.objects.select_for_update(no_key=True).get(pk=counterparty_id)


def lock_active_counterparty(counterparty_id: UUID) -> Counterparty:
    """As `lock_counterparty`; raises CounterpartyInactive."""
    counterparty = lock_counterparty(counterparty_id)
    if not counterparty.active:
        raise CounterpartyInactive(
            Sentence(
                "{legal_name} is deactivated; set its `active` to true before adding to it.",
                legal_name=counterparty.legal_name,
            )
        )
    return counterparty


def save_part(part: Belonging, *, by: str, changed: Sequence[str] | None = None) -> None:
    """Checks and writes the row: a new one, or of an old one the `changed` fields. Call it under the lock.

    Raises ValidationError and AlreadyExists.
    """
    part.modified_by = by
    part.clean_fields(exclude={"counterparty", "customer"})
    refuse_double(part)
    part.clean()
    # An import or an operator may write the same in the same moment; then only the database sees it.
    with _conflict_named():
        if changed is None:
            part.created_by = by
            part.save(force_insert=True)
        else:
            part.save(update_fields=[*changed, *SIGNED])


def refuse_double(part: Belonging) -> None:
    """Raises AlreadyExists when the counterparty has an active account with this IBAN, or this contact, already."""
    part.fill_keys()
    same: Any = None
    if isinstance(part, Contact) and part.value_key:
        same = Contact.objects.filter(type=part.type, value_key=part.value_key)
        field, message = "value", Sentence("This counterparty has this contact already; change that one.")
    elif isinstance(part, CounterpartyAccount):
        same = CounterpartyAccount.objects.filter(iban=part.iban)
        field, message = "iban", Sentence("This counterparty has an account with this IBAN already; change that one.")
    if same is None or not part.active:
        return
    if same.filter(counterparty=part.counterparty, active=True).exclude(pk=part.pk).exists():
        raise AlreadyExists(message, field=field)


@contextmanager
def _conflict_named() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise AlreadyExists(
            Sentence("Somebody else wrote the same at the same time; read it again and send what is still missing."),
            field="non_field_errors",
        ) from error
