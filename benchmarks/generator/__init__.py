"""Invoices that nobody wrote: many layouts, languages, fonts and currencies, each with its complete truth."""
