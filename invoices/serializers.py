"""The rows of the uploads, and the standard fields that end the rows of this app and those above it."""

from typing import Any

from rest_framework import serializers

from invoices.models import Upload


class StandardFields(serializers.Serializer[Any]):
    """What every row has besides its own fields."""

    created_at = serializers.DateTimeField(read_only=True)
    created_by = serializers.CharField(read_only=True, help_text="The key, operator or task that made the row.")
    modified_at = serializers.DateTimeField(read_only=True)
    modified_by = serializers.CharField(read_only=True, help_text="The key, operator or task that last changed it.")
    active = serializers.BooleanField(read_only=True)
    metadata = serializers.DictField(read_only=True, help_text="Free for the client's own use.")


class UploadRow(StandardFields):
    """A stored document. `status` becomes `attached` when its transfer is finalised."""

    id = serializers.UUIDField(read_only=True)
    customer_id = serializers.UUIDField(read_only=True)
    file_name = serializers.CharField(read_only=True, help_text="For display; without folders and control characters.")
    document_type = serializers.ChoiceField(choices=Upload.DocumentType.choices, read_only=True)
    status = serializers.ChoiceField(choices=Upload.Status.choices, read_only=True)
    content_length = serializers.IntegerField(read_only=True, help_text="Bytes.")
    content_type = serializers.CharField(read_only=True, help_text="As recognised by content, e.g. application/pdf.")
    file_extension = serializers.CharField(read_only=True, help_text="As the content asks for it, without a dot.")
    sha256 = serializers.CharField(read_only=True, help_text="Of the content, 64 lower-case hexadecimal digits.")
    page_count = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="null until the document has been read."
    )

    class Meta:
        ref_name = "Upload"

    def get_fields(self) -> dict[str, Any]:
        return standard_fields_last(super().get_fields())


def standard_fields_last(fields: dict[str, Any]) -> dict[str, Any]:
    """DRF puts inherited fields first; the contract has them at the end of the row."""
    standard = StandardFields._declared_fields
    return {
        **{name: field for name, field in fields.items() if name not in standard},
        **{name: field for name, field in fields.items() if name in standard},
    }
