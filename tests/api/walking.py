"""A walk through every operation, by a caller for one customer in a house where another has a row of everything."""

import copy
import json
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Model
from rest_framework.test import APIClient

from tests.api.operations import JSON, MULTIPART, Operation, id_fields, resolved
from tests.tenants import Tenant, rows_of

MARK = "Zwxforeign"
OURS = ("AT611904300234573201", "BE68539007547034", "CH9300762011623852957")
THEIRS = ("DE57900402617713500290", "GB82WEST12345698765432", "FR7630006000011234567890189")
UNKNOWN = UUID("5b0f3a52-6c1f-4f0e-9d7c-3d1f0a7e2b11")


class Walk:
    """A caller for one customer in a house where another customer has a row of everything."""

    def __init__(self, *, ours: Tenant, theirs: Tenant, client: APIClient) -> None:
        self.ours = ours
        self.theirs = theirs
        self.our_ids: list[UUID] = [row.pk for row in rows_of(ours.customer)]
        self.their_rows = rows_of(theirs.customer)
        self.their_ids = [row.pk for row in self.their_rows]
        self.client = client

    def send(
        self, operation: Operation, *, path_id: UUID | str | None = None, query: Any = None, body: Any = None
    ) -> Any:
        """The answer; whatever the request did is undone, so that the next one finds the same house."""
        path = operation.path.replace("{id}", str(path_id))
        with transaction.atomic():
            answer = self._sent(operation, path, query, body)
            transaction.set_rollback(True)
        return answer

    def accepting_id(self, operation: Operation) -> UUID:
        """The id of a row of ours for which the operation's example is accepted."""
        body = self.body_of(operation)
        for one in self.our_ids:
            if self.send(operation, path_id=one, body=body).status_code < 300:
                return one
        raise AssertionError(f"the example of {operation} is accepted for no row of ours")

    def post(self, operation: Operation, *, path_id: UUID | None, body: Any, once: str) -> Any:
        """As `send` with an idempotency key, but what it does stays."""
        path = operation.path.replace("{id}", str(path_id))
        if operation.content_type == MULTIPART:
            return self.client.post(path, body, format="multipart", headers={"X-Idempotency-Key": once})
        content = "" if body is None else json.dumps(body, default=str)
        return self.client.generic("POST", path, content, content_type=JSON, headers={"X-Idempotency-Key": once})

    def _sent(self, operation: Operation, path: str, query: Any, body: Any) -> Any:
        if query:
            return self.client.get(path, query)
        if operation.content_type == MULTIPART:
            return self.client.post(path, body, format="multipart")
        content = "" if body is None else json.dumps(body, default=str)
        return self.client.generic(operation.method, path, content, content_type=JSON)

    def body_of(self, operation: Operation) -> Any:
        """A body that is accepted: the example of the description, with ids of ours in it."""
        if operation.body is None:
            return None
        if operation.content_type == MULTIPART:
            properties = resolved(operation.body)["properties"]
            return {name: self._form_value(name, one) for name, one in properties.items()}
        assert operation.example is not None, f"{operation} shows no example of a request in its description"
        body = copy.deepcopy(operation.example)
        for place in id_fields(operation.body):
            holder = holder_of(body, place)
            if holder is not None and place[-1] in holder:
                holder[place[-1]] = self.our_id(place)
        return body

    def _form_value(self, name: str, schema: dict[str, Any]) -> Any:
        if schema.get("format") == "uuid":
            return str(self.our_id((name,)))
        return SimpleUploadedFile("bill.pdf", b"%PDF-1.7 bill")

    def our_id(self, place: tuple[str | int, ...]) -> UUID:
        names = [str(part) for part in place if isinstance(part, str)]
        ids = self.ours.ids
        assert names[-1] in ids, f"a_whole_tenant has no id for {'.'.join(names)}"
        return ids.get(".".join(names), ids[names[-1]])

    def with_id(self, body: Any, operation: Operation, place: tuple[str | int, ...], value: UUID) -> Any:
        """The body with this id at the place; objects around it that are missing come with ids of ours."""
        changed = dict(body) if operation.content_type == MULTIPART else copy.deepcopy(body)
        holder: Any = changed
        schema = resolved(operation.body or {})
        for depth, part in enumerate(place[:-1]):
            schema = resolved(schema["items"] if part == 0 else schema["properties"][part])
            if part == 0 and not holder:
                holder.append({})
            elif part != 0 and part not in holder:
                needed = [name for name in schema.get("required", []) if (*place[: depth + 1], name) != place]
                holder[part] = {name: self.our_id((*place[: depth + 1], name)) for name in needed}
            holder = holder[part]
        holder[place[-1]] = str(value)
        return changed


def values_of(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def holder_of(body: Any, place: tuple[str | int, ...]) -> Any:
    """The object in the body that holds the place's last key; None where it is left out."""
    for part in place[:-1]:
        inside = part < len(body) if isinstance(part, int) else part in body
        if not inside:
            return None
        body = body[part]
    return body
