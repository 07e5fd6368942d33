"""The invoices that a customer writes, drawn by the service and read back by it."""
