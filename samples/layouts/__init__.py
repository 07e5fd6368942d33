"""One module per letterhead; each has `draw(bill)`, which gives the bytes of a PDF."""
