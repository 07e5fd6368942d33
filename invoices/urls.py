from django.urls import path

from invoices.api import UploadViewSet

urlpatterns = [
    path("uploads", UploadViewSet.as_view({"get": "list"}), name="uploads"),
    path("uploads/<uuid:id>", UploadViewSet.as_view({"get": "retrieve"}), name="upload"),
    path("uploads/<uuid:id>/content", UploadViewSet.as_view({"get": "content"}), name="upload-content"),
]
