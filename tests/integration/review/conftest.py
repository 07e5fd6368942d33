from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from customers.models import Customer
from ocr.models import OcrJob
from tests.integration.review.jobs import a_job
from tests.ledger import a_customer, own_account, suppliers_account


@pytest.fixture(autouse=True)
def pages_folder(tmp_path: Path, settings: Any) -> None:
    settings.PAGE_IMAGES_DIR = tmp_path


@pytest.fixture
def customer(db: None) -> Customer:
    customer = a_customer()
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    return customer


@pytest.fixture
def job(customer: Customer) -> OcrJob:
    return a_job(customer)


@pytest.fixture
def anna(db: None) -> Client:
    """Somebody who may do everything."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("anna", "anna@example.com", "secret"))
    return client
