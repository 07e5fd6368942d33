"""One clock for all machines."""

from datetime import datetime
from typing import cast

from django.db import connection
from django.utils import timezone


def shared_time() -> datetime:
    """What the database's clock shows. Leases and times to try again are compared by whoever comes by: by the clocks
    of their own machines, one that goes wrong would take work from the living and leave that of the dead.

    On SQLite there is one machine and one clock. Asks the database: once for each decision, not for each row.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cast(datetime, cursor.fetchone()[0])
