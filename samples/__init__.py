"""Invented business invoices with their ground truth, and the demonstration that sends one through the service."""
