"""Lists as the contract has them: `limit`, `offset`, `sort`, `search.<field>`, `search._text.ilike`; nothing else.

A view says what it offers: `search_fields_exact` (API name → ORM path, whose column may have choices, or a function of
queryset and value, for which `search_values` lists the possible values where they are few), `search_text_fields` (ORM
paths, or functions of the text to a condition), `sort_fields` (API name → ORM path), and `newest_first` (an ordering)
where rows have no `created_at`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import BooleanField, DateField, Field, Q, QuerySet, UUIDField
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from counterparties.bank_details import check_country
from counterparties.countries import COUNTRIES
from customers.currencies import check_currency
from customers.minor_units import MINOR_UNITS
from customers.translations import say

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which itself imports this module, as the settings ask

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
MAX_OFFSET = 2**31
TEXT_SEARCH = "search._text.ilike"
ANY_TEXT = {"type": "string", "pattern": r"^[^\x00]*$"}
FLAGS = {"true": True, "false": False}
PAGING = frozenset({"limit", "offset", "sort"})

# Columns that hold codes of a standard: which there are, and what says that one is none of them.
CURRENCIES = (sorted(MINOR_UNITS), check_currency)
CODES = {"currency": CURRENCIES, "default_currency": CURRENCIES, "country": (sorted(COUNTRIES), check_country)}

Search = str | Callable[[QuerySet[Any], str], QuerySet[Any]]
TextSearch = str | Callable[[str], Q]


class SearchAndSort(BaseFilterBackend):
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: "APIView") -> QuerySet[Any]:
        exact: Mapping[str, Search] = getattr(view, "search_fields_exact", {})
        texts: Sequence[TextSearch] = getattr(view, "search_text_fields", ())
        _refuse_unknown(request, exact, texts)
        # Pagination sees only what is left after filtering, and has to count both.
        is_searched = any(name.startswith("search.") for name in request.query_params)
        request.unfiltered = queryset if is_searched else None  # type: ignore[attr-defined]
        for name, search in exact.items():
            value = request.query_params.get(f"search.{name}")
            if value is not None:
                _refuse_impossible(view, queryset, name, search, value)
                queryset = _searched(queryset, name, search, value)
        text = request.query_params.get(TEXT_SEARCH)
        if text and texts:
            condition = Q()
            for one in texts:
                condition |= one(text) if callable(one) else Q(**{f"{one}__icontains": text})
            queryset = queryset.filter(condition)
        if not (sort := request.query_params.get("sort")):
            return queryset.order_by(getattr(view, "newest_first", "-created_at"), "-pk")
        return _sorted(queryset, sort, getattr(view, "sort_fields", {}))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        exact: Mapping[str, Search] = getattr(view, "search_fields_exact", {})
        parameters = [
            _parameter(f"search.{name}", f"Only rows whose `{name}` is this.", _schema_of(view, name, search))
            for name, search in exact.items()
        ]
        if getattr(view, "search_text_fields", ()):
            parameters.append(
                _parameter(TEXT_SEARCH, "Only rows in which a text field contains this, in any case.", ANY_TEXT)
            )
        if names := "|".join(getattr(view, "sort_fields", {})):
            description = f"Comma-separated, `-` for descending: {names.replace('|', ', ')}. Newest first if left out."
            pattern = f"^(-?({names})(,-?({names}))*)?$"
            parameters.append(_parameter("sort", description, {"type": "string", "pattern": pattern}))
        return parameters


class ListPagination(BasePagination):
    """`{"data", "total", "total_unfiltered", "has_more"}`."""

    def paginate_queryset(self, queryset: Any, request: Request, view: "APIView | None" = None) -> list[Any]:
        limit = _whole(request, "limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT)
        offset = _whole(request, "offset", 0, least=0, most=MAX_OFFSET)
        unfiltered = getattr(request, "unfiltered", None)
        self.total = queryset.count()
        self.total_unfiltered = self.total if unfiltered is None else unfiltered.count()
        page = list(queryset[offset : offset + limit])
        self.has_more = offset + len(page) < self.total
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "data": data,
                "total": self.total,
                "total_unfiltered": self.total_unfiltered,
                "has_more": self.has_more,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "description": "Rows from `offset` on, at most `limit`.",
            "required": ["data", "total", "total_unfiltered", "has_more"],
            "properties": {
                "data": schema,
                "total": {"type": "integer", "description": "Rows that fit the search.", "example": 1},
                "total_unfiltered": {"type": "integer", "description": "Rows without any search.", "example": 12},
                "has_more": {
                    "type": "boolean",
                    "description": "Whether rows follow after this page.",
                    "example": False,
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("limit", "Rows a page.", {"type": "integer", "default": 20, "minimum": 1, "maximum": MAX_LIMIT}),
            _parameter(
                "offset", "Rows to leave out.", {"type": "integer", "default": 0, "minimum": 0, "maximum": MAX_OFFSET}
            ),
        ]


def _parameter(name: str, description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema or {"type": "string"},
    }


def _refuse_unknown(request: Request, exact: Mapping[str, Search], texts: Sequence[TextSearch]) -> None:
    known = PAGING | {f"search.{name}" for name in exact} | ({TEXT_SEARCH} if texts else set())
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        offered = ", ".join(sorted(known))
        raise ValidationError(
            {name: [say("Unknown parameter; this list knows {offered}.", offered=offered)] for name in unknown}
        )
    if repeated := sorted(name for name, values in request.query_params.lists() if len(values) > 1):
        raise ValidationError({name: [say("Give this parameter once.")] for name in repeated})
    # PostgreSQL stores no NUL and fails on looking for one.
    if impossible := sorted(name for name, value in request.query_params.items() if "\x00" in value):
        raise ValidationError({name: [say("Leave out the NUL character.")] for name in impossible})


def _refuse_impossible(view: Any, queryset: QuerySet[Any], name: str, search: Search, value: str) -> None:
    """What no row can hold is a mistake of the client, not a search that finds nothing."""
    values = _values_of(view, queryset, name, search)
    if values is None or value in values:
        return
    messages = [
        say(
            "{value} is not a possible value of {name}; choose from {offered}.",
            value=repr(value),
            name=name,
            offered=", ".join(values),
        )
    ]
    if not callable(search) and search in CODES:
        try:
            CODES[search][1](value)
        except DjangoValidationError as error:
            messages = error.messages
    raise ValidationError({f"search.{name}": messages})


def _searched(queryset: QuerySet[Any], name: str, search: Search, value: str) -> QuerySet[Any]:
    try:
        if callable(search):
            return search(queryset, value)
        field = _field(queryset, search)
        if isinstance(field, UUIDField):
            return queryset.filter(**{search: UUID(value)})
        if isinstance(field, BooleanField):
            return queryset.filter(**{search: FLAGS[value]})
        return queryset.filter(**{search: value})
    except (KeyError, ValueError, DjangoValidationError) as error:
        raise ValidationError(
            {f"search.{name}": [say("{value} is not a possible value of {name}.", value=repr(value), name=name)]}
        ) from error


def _schema_of(view: Any, name: str, search: Search) -> dict[str, Any]:
    """What may be searched for, as JSON schema."""
    values = _values_of(view, view.get_queryset(), name, search)
    if values is not None:
        return {"type": "string", "enum": list(values)}
    if callable(search):
        return ANY_TEXT
    field = _field(view.get_queryset(), search)
    if isinstance(field, UUIDField):
        return {"type": "string", "format": "uuid"}
    if isinstance(field, DateField):
        return {"type": "string", "format": "date"}
    return {"type": "boolean"} if isinstance(field, BooleanField) else ANY_TEXT


def _values_of(view: Any, queryset: QuerySet[Any], name: str, search: Search) -> Sequence[str] | None:
    """All that can be searched for, where there are only so many values; `search_values` of the view lists those of a
    function's."""
    if callable(search):
        values: Sequence[str] | None = getattr(view, "search_values", {}).get(name)
        return values
    if search in CODES:
        return CODES[search][0]
    field = _field(queryset, search)
    return [str(value) for value, _ in field.flatchoices] if field is not None and field.choices else None


def _field(queryset: QuerySet[Any], path: str) -> "Field[Any, Any] | None":
    """The column at the end of an ORM path, of a foreign key the one it points to; None where the path is a look-up."""
    model: Any = queryset.model
    field: Any = None
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = getattr(field, "related_model", None) or model
    target: Field[Any, Any] = getattr(field, "target_field", field)
    return target


def _sorted(queryset: QuerySet[Any], sort: str, offered: Mapping[str, str]) -> QuerySet[Any]:
    order: list[str] = []
    for part in sort.split(","):
        name = part.strip().removeprefix("-")
        if name not in offered:
            raise ValidationError(
                {
                    "sort": [
                        say(
                            "{name} cannot be sorted by; choose from {offered}.",
                            name=repr(name),
                            offered=", ".join(offered),
                        )
                    ]
                }
            )
        order.append(("-" if part.strip().startswith("-") else "") + offered[name])
    return queryset.order_by(*order, "pk")


def _whole(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else -1
    if not least <= number <= most:
        raise ValidationError({name: [say("Give a whole number from {least} to {most}.", least=least, most=most)]})
    return number
