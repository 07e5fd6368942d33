"""A written invoice as a document: PDF with a payment code, and the same invoice as e-invoice XML inside it."""
