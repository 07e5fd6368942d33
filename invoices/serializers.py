"""The rows of the uploads, and what of them can be changed."""

from rest_framework import serializers

from customers.body_fields import MetadataField, StrictSerializer
from customers.serializers import STANDARD_FIELDS, StandardFields
from invoices.models import Upload


class UploadChanges(StrictSerializer):
    """What is to be different about a stored document."""

    fixed_fields = (
        *STANDARD_FIELDS,
        *("customer_id", "file_name", "status", "content_length", "content_type", "file_extension", "sha256"),
        *("page_count", "active"),
    )

    document_type = serializers.ChoiceField(choices=Upload.DocumentType.choices, required=False)
    metadata = MetadataField()


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
