"""Fields of request bodies that take what the API description says and nothing that merely resembles it.

DRF reads a number as text, `"no"` as false and 7 as a UUID: convenient in forms, and a way for a mistake of the
client to become a value.
"""

import json
import math
import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy
from drf_spectacular.drainage import get_override, set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import loads as read_strictly

from customers.currencies import check_currency
from customers.minor_units import MINOR_UNITS
from customers.translations import say

MAX_METADATA_BYTES = 16 * 1024
MAX_METADATA_DEPTH = 20
_DIGITS = re.compile(r"[0-9]{1,18}")  # ISO 20022 amounts have 18 digits
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINE_BREAKING = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
# For the description only: blanks around a text are left out before it is looked at.
_UNPRINTED = r"\u0000-\u001f\u007f\u0085\u2028\u2029"
_LINE = {"type": "string", "pattern": rf"^\s*[^{_UNPRINTED}]*\s*$"}
_FILLED_LINE = {"type": "string", "pattern": rf"^\s*[^\s{_UNPRINTED}][^{_UNPRINTED}]*\s*$"}
_TEXT = {"type": "string", "pattern": r"^[^\u0000]*$"}


class BodyParser(JSONParser):
    """JSON, which is always UTF-8 (RFC 8259); what is nested too deeply to be read is malformed, and so is an object
    with a field that is there twice: which of the two counts, every reader answers in its own way."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return read_strictly(stream.read().decode(), object_pairs_hook=_each_field_once)
        except UnicodeDecodeError as error:
            raise ParseError(say("The body is not UTF-8.")) from error
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise ParseError(say("The JSON is malformed at line {line}, column {column}.", **place)) from error
        except ValueError as error:
            raise ParseError(say("The JSON holds NaN, Infinity, or a number of too many digits.")) from error
        except RecursionError as error:
            raise ParseError(say("The JSON is nested too deeply.")) from error


def _each_field_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise ParseError(say("The field {name} is there twice; send it once.", name=ascii(name[:100])))
        fields[name] = value
    return fields


@extend_schema_field(_TEXT)
class TextField(serializers.CharField):
    """A JSON string and nothing else. Blanks around it are left out, but count as long as they are there."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class LineField(TextField):
    """A string without line breaks and other control characters: names and numbers that end up in payment files."""

    default_error_messages = {"control": gettext_lazy("Leave out line breaks and other control characters.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if get_override(self, "field") is _TEXT:
            set_override(self, "field", _LINE if self.allow_blank else _FILLED_LINE)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if _LINE_BREAKING.search(text):
            self.fail("control")
        return text


class OptionalLine(LineField):
    """A line that may be unknown: null and "" mean the same, and are stored as ""."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "allow_null": True, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation("" if data is None else data)


class OptionalText(TextField):
    """Text of several lines that may be unknown: null and "" mean the same, and are stored as ""."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "allow_null": True, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation("" if data is None else data)


class CodeField(LineField):
    """A code of a standard: nothing is left out of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, trim_whitespace=False)


class CurrencyField(CodeField):
    """A currency of ISO 4217."""

    def __init__(self, **options: Any) -> None:
        codes = [*sorted(MINOR_UNITS), *([None] if options.get("allow_null") else [])]
        set_override(self, "field", {"type": "string", "enum": codes})
        super().__init__(max_length=3, validators=[check_currency], **options)


class FlagField(serializers.BooleanField):
    """JSON's true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class IdField(serializers.UUIDField):
    """A UUID as a string."""

    def to_internal_value(self, data: Any) -> UUID:
        # Python reads digits of every script as digits.
        if not isinstance(data, str) or not data.isascii():
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


@extend_schema_field(
    {"type": ["string", "integer"], "pattern": "^[0-9]{1,18}$", "minimum": 0, "maximum": 999_999_999_999_999_999}
)
class MinorUnitsField(serializers.Field[int, Any, str, Any]):
    """An amount of money in the currency's minor unit: a string of digits, or a JSON integer. Never a fraction."""

    default_error_messages = {
        "invalid": gettext_lazy(
            'Give the amount in the currency\'s minor unit: a whole number from 0, such as "1250" for 12.50.'
        ),
        "point": gettext_lazy("Give the amount in the currency's minor unit, without a decimal point: 1250 for 12.50."),
    }

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float):
            self.fail("point")  # 12.0 is more likely 12.00 than 0.12
        text = str(data) if isinstance(data, int) and not isinstance(data, bool) else data
        if not isinstance(text, str) or not _DIGITS.fullmatch(text):
            self.fail("invalid")
        return int(text)


class DecimalField(serializers.DecimalField):
    """A plain decimal: a string such as "7.7", or a JSON number. No exponents, no NaN.

    `pattern`, of a string, and `limits`, the keywords that bound a number, are what the description says of it.
    """

    default_error_messages = {"plain": gettext_lazy('Give a plain decimal number such as "7.7".')}

    def __init__(self, *, pattern: str, limits: dict[str, int], **options: Any) -> None:
        super().__init__(**options)
        set_override(self, "field", {"type": ["string", "number"], "pattern": pattern, **limits})

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, (str, int, float)):
            self.fail("plain")
        if isinstance(data, str) and not _DECIMAL.fullmatch(data):
            self.fail("plain")
        return super().to_internal_value(data if isinstance(data, str) else _plain(data))


def _plain(number: int | float) -> str:
    """The number without an exponent, which Python writes from 0.00001 downwards."""
    return f"{Decimal(repr(number)):f}"


class WholeNumberField(serializers.IntegerField):
    """A JSON integer."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return super().to_internal_value(data)


class DayField(serializers.DateField):
    """A day as RFC 3339 writes it, which is one of several ways of ISO 8601."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


@extend_schema_field({})
class IgnoredField(serializers.Field[Any, Any, Any, Any]):
    """What may be sent and changes nothing, whatever it is."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        raise serializers.SkipField


class MetadataField(serializers.DictField):
    """A JSON object for the client's own use, of at most 16 KiB; null means an empty one."""

    default_error_messages = {
        "too_large": gettext_lazy("Metadata may take up to {most} bytes as JSON; keep the rest elsewhere."),
        "not_storable": gettext_lazy(
            "Leave out NUL characters, lone surrogates, numbers that are not finite, and nesting deeper than {most} "
            "levels."
        ),
    }

    def __init__(self, **options: Any) -> None:
        help_text = "Free for the client's own use; at most 16 KiB."
        super().__init__(**{"required": False, "allow_null": True, "help_text": help_text, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation({} if data is None else data)

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if not _is_storable(value, MAX_METADATA_DEPTH):
            self.fail("not_storable", most=MAX_METADATA_DEPTH)
        if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_METADATA_BYTES:
            self.fail("too_large", most=MAX_METADATA_BYTES)
        return value


def _is_storable(value: Any, depth: int) -> bool:
    """Whether PostgreSQL's jsonb takes it, which knows neither NUL nor surrogates nor infinity; `depth` levels most."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, (dict, list)):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        return depth > 0 and all(_is_storable(one, depth - 1) for one in inner)
    return True


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses what it does not know, since a misspelt field must not be silently ignored, and a field of a form that is
    there twice.

    `fixed_fields` are known to whoever reads the row, and cannot be written: the message says so.
    """

    fixed_fields: tuple[str, ...] = ()

    def to_internal_value(self, data: Any) -> Any:
        if hasattr(data, "keys") and (unknown := sorted(set(data.keys()) - set(self.fields))):
            raise serializers.ValidationError({name: [self._refusal(name)] for name in unknown})
        if isinstance(data, MultiValueDict) and (twice := sorted(name for name, all_ in data.lists() if len(all_) > 1)):
            raise serializers.ValidationError({name: [say("Give this field once.")] for name in twice})
        return super().to_internal_value(data)

    def _refusal(self, name: str) -> str:
        if name in self.fixed_fields:
            return say("This field is read only here; leave it out.")
        return say("Unknown field; known are {known}.", known=", ".join(self.fields))
