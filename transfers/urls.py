from django.urls import path

from transfers.api import TransferViewSet

urlpatterns = [
    path("transfers", TransferViewSet.as_view({"get": "list"}), name="transfers"),
    path("transfers/<uuid:id>", TransferViewSet.as_view({"get": "retrieve"}), name="transfer"),
]
