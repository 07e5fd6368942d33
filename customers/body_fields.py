"""Fields of request bodies that take what the API description says and nothing that merely resembles it.

DRF reads a number as text, `"no"` as false and 7 as a UUID: convenient in forms, and a way for a mistake of the
client to become a value.
"""

import json
import math
import re
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_METADATA_BYTES = 16 * 1024
MAX_METADATA_DEPTH = 20
_DIGITS = re.compile(r"[0-9]{1,18}")  # ISO 20022 amounts have 18 digits
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_LINE_BREAKING = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class BodyParser(JSONParser):
    """JSON; what is nested too deeply to be read is malformed."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error


class TextField(serializers.CharField):
    """A JSON string and nothing else."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class LineField(TextField):
    """A string without line breaks and other control characters: names and numbers that end up in payment files."""

    default_error_messages = {"control": "Leave out line breaks and other control characters."}

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


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,18}$"})
class MinorUnitsField(serializers.Field[int, Any, str, Any]):
    """An amount of money in the currency's minor unit: a string of digits, or a JSON integer. Never a fraction."""

    default_error_messages = {
        "invalid": 'Give the amount in the currency\'s minor unit: a whole number from 0, such as "1250" for 12.50.',
    }

    def to_internal_value(self, data: Any) -> int:
        text = str(data) if isinstance(data, int) and not isinstance(data, bool) else data
        if not isinstance(text, str) or not _DIGITS.fullmatch(text):
            self.fail("invalid")
        return int(text)


class DecimalField(serializers.DecimalField):
    """A plain decimal: a string such as "7.7", or a JSON number. No exponents, no NaN."""

    default_error_messages = {"plain": 'Give a plain decimal number such as "7.7".'}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, (str, int, float)) or not _DECIMAL.fullmatch(str(data)):
            self.fail("plain")
        return super().to_internal_value(data)


@extend_schema_field({})
class IgnoredField(serializers.Field[Any, Any, Any, Any]):
    """What may be sent and changes nothing, whatever it is."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        raise serializers.SkipField


class MetadataField(serializers.DictField):
    """A JSON object for the client's own use, of at most 16 KiB; null means an empty one."""

    default_error_messages = {
        "too_large": f"Metadata may take up to {MAX_METADATA_BYTES} bytes as JSON; keep the rest elsewhere.",
        "not_storable": "Leave out NUL characters, lone surrogates, numbers that are not finite, and nesting deeper "
        f"than {MAX_METADATA_DEPTH} levels.",
    }

    def __init__(self, **options: Any) -> None:
        help_text = "Free for the client's own use; at most 16 KiB."
        super().__init__(**{"required": False, "allow_null": True, "help_text": help_text, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation({} if data is None else data)

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if not _is_storable(value, MAX_METADATA_DEPTH):
            self.fail("not_storable")
        if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_METADATA_BYTES:
            self.fail("too_large")
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
    """Refuses what it does not know: a misspelt field must not be silently ignored.

    `fixed_fields` are known to whoever reads the row, and cannot be written: the message says so.
    """

    fixed_fields: tuple[str, ...] = ()

    def to_internal_value(self, data: Any) -> Any:
        if hasattr(data, "keys") and (unknown := sorted(set(data.keys()) - set(self.fields))):
            raise serializers.ValidationError({name: [self._refusal(name)] for name in unknown})
        return super().to_internal_value(data)

    def _refusal(self, name: str) -> str:
        if name in self.fixed_fields:
            return "This field is read only here; leave it out."
        return f"Unknown field; known are {', '.join(self.fields)}."
