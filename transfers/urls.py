from django.urls import path

from transfers.api import TransferViewSet

urlpatterns = [
    path("transfers", TransferViewSet.as_view({"get": "list"}), name="transfers"),
    path("transfers/create", TransferViewSet.as_view({"post": "create"}), name="transfer-create"),
    path(
        "transfers/<uuid:id>", TransferViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="transfer"
    ),
    path("transfers/<uuid:id>/finalize", TransferViewSet.as_view({"post": "finalize"}), name="transfer-finalize"),
    # To take a payment file out is no mere reading: the transfer is in no file of many afterwards.
    path(
        "transfers/<uuid:id>/pain001",
        TransferViewSet.as_view({"get": "pain001"}, required_scopes={"GET": "transfers:write"}),
        name="transfer-pain001",
    ),
    path("transfers/<uuid:id>/cancel", TransferViewSet.as_view({"post": "cancel"}), name="transfer-cancel"),
]
