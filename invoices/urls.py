from django.urls import path

from invoices.api import UploadViewSet
from invoices.invoice_api import InvoiceViewSet

urlpatterns = [
    path("invoices", InvoiceViewSet.as_view({"get": "list", "post": "create"}), name="invoices"),
    path("invoices/<uuid:id>", InvoiceViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="invoice"),
    path("invoices/<uuid:id>/pdf", InvoiceViewSet.as_view({"get": "pdf"}), name="invoice-pdf"),
    path("uploads", UploadViewSet.as_view({"get": "list"}), name="uploads"),
    path(
        "uploads/<uuid:id>",
        UploadViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="upload",
    ),
    path("uploads/<uuid:id>/content", UploadViewSet.as_view({"get": "content"}), name="upload-content"),
]
