"""How much of anything a document may ask for while it is read."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Bounds for one document; `memory_bytes` is what the whole reader process may write to.

    `cpu_seconds` and `wall_seconds` hold for one document; the process that reads is killed when either runs out, or
    when opening, decoding and drawing alone, without OCR, take `parsing_seconds` of processor time.
    Pixels are counted for one page. A page that reaches a bound makes the document unreadable, it is never cut short.
    """

    max_pages: int = 50
    max_page_pixels: int = 100_000_000
    max_words: int = 200_000
    max_codes: int = 100
    max_attachments: int = 50
    max_attachment_bytes: int = 64 * MEBIBYTE
    max_xml_nodes: int = 250_000
    max_xml_depth: int = 64
    max_xml_attributes: int = 64
    max_xml_text: int = 65_536
    cpu_seconds: int = 120
    parsing_seconds: int = 15
    wall_seconds: float = 180.0
    memory_bytes: int = 4096 * MEBIBYTE
    max_file_bytes: int = 64 * MEBIBYTE
    max_open_files: int = 256
