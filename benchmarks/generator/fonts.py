"""Type faces: those every PDF reader has, reportlab's Vera, and the free ones of the font packages."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path

import pymupdf_fonts
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

NARROW_BLANK = "\u202f"


@dataclass(frozen=True, slots=True)
class Face:
    """Names under which reportlab knows the three cuts. `scale` evens out how large the face looks."""

    regular: str
    bold: str
    italic: str
    scale: float = 1.0

    @property
    def is_built_in(self) -> bool:
        return self.regular.startswith(("Helvetica", "Times", "Courier"))


_BUILT_IN = {
    "Helvetica": Face("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "Times": Face("Times-Roman", "Times-Bold", "Times-Italic", 1.08),
    "Courier": Face("Courier", "Courier-Bold", "Courier-Oblique", 0.92),
}
_PACKAGED = {
    "Source Sans": ("font_source_sans_pro", "SourceSansPro", ("Regular", "Bold", "It")),
    "Source Serif": ("font_source_serif_pro", "SourceSerifPro", ("Regular", "Bold", "It")),
    "Caladea": ("font_caladea", "Caladea", ("Regular", "Bold", "Italic")),
}
_PYMUPDF = {
    "FiraGO": ("figo", "figbo", "figit"),
    "Noto Sans": ("notos", "notosbo", "notosit"),
    "Ubuntu": ("ubuntu", "ubuntubo", "ubuntuit"),
    "Cascadia Mono": ("cascadia", "cascadiab", "cascadiai"),
}
_SCALES = {"Vera": 0.9, "Noto Sans": 0.94, "FiraGO": 0.94, "Source Sans": 1.05, "Cascadia Mono": 0.86}
WESTERN_FACES = (*_BUILT_IN, "Vera")
ALL_FACES = (*_PACKAGED, *_PYMUPDF)


def faces_for(language: str) -> tuple[str, ...]:
    """The faces that have all letters of the language; Helvetica, which most invoices use, stands there twice."""
    return ALL_FACES if language in {"pl", "cs"} else (*WESTERN_FACES, "Helvetica", *ALL_FACES)


@cache
def face(name: str) -> Face:
    """The face, registered with reportlab when it is first asked for."""
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    cuts = []
    for cut, data in zip(("regular", "bold", "italic"), _files(name), strict=True):
        pdfmetrics.registerFont(TTFont(f"{name} {cut}", BytesIO(data)))
        cuts.append(f"{name} {cut}")
    return Face(cuts[0], cuts[1], cuts[2], scale=_SCALES.get(name, 1.0))


def _files(name: str) -> list[bytes]:
    if name == "Vera":
        folder = Path(reportlab.__file__).parent / "fonts"
        return [(folder / f"{cut}.ttf").read_bytes() for cut in ("Vera", "VeraBd", "VeraIt")]
    if name in _PYMUPDF:
        return [bytes(pymupdf_fonts.myfont(code)) for code in _PYMUPDF[name]]
    package, stem, cuts = _PACKAGED[name]
    files = resources.files(package) / "files"
    return [(files / f"{stem}-{cut}.ttf").read_bytes() for cut in cuts]


def drawable(*, text: str, font: str) -> str:
    """The text with the narrow blank made a common no-break one where the font has none."""
    if NARROW_BLANK not in text:
        return text
    glyphs = getattr(getattr(pdfmetrics.getFont(font), "face", None), "charToGlyph", {})
    return text if ord(NARROW_BLANK) in glyphs else text.replace(NARROW_BLANK, "\u00a0")


def width_of(*, text: str, font: str, size: float) -> float:
    """In points."""
    return float(pdfmetrics.stringWidth(drawable(text=text, font=font), font, size))
