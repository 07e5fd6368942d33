"""What the rows of all apps have in common when they go out."""

from typing import Any

from rest_framework import serializers

STANDARD_FIELDS = ("id", "created_at", "created_by", "modified_at", "modified_by")


class StandardFields(serializers.Serializer[Any]):
    """What every row has besides its own fields."""

    created_at = serializers.DateTimeField(read_only=True)
    created_by = serializers.CharField(read_only=True, help_text="The key, operator or task that made the row.")
    modified_at = serializers.DateTimeField(read_only=True)
    modified_by = serializers.CharField(read_only=True, help_text="The key, operator or task that last changed it.")
    active = serializers.BooleanField(read_only=True)
    metadata = serializers.DictField(read_only=True, help_text="Free for the client's own use.")

    def get_fields(self) -> dict[str, Any]:
        """DRF puts inherited fields first; the contract has them at the end of the row."""
        fields = super().get_fields()
        standard = StandardFields._declared_fields
        return {
            **{name: field for name, field in fields.items() if name not in standard},
            **{name: field for name, field in fields.items() if name in standard},
        }


class TextOrNull(serializers.CharField):
    """Text that is unknown while it is empty: the API says null."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **options)

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return super().to_representation(value) or None
