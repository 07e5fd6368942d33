"""Charts drawn by hand in SVG: a few shapes, no library."""

from collections.abc import Sequence
from html import escape

COLOURS = ("#2563a8", "#c2762b", "#5b8c3e", "#8a4f9e", "#b03a48", "#4d8f8b", "#777777")


class Drawing:
    """A white sheet that shapes are put on; sizes in pixels from the top left."""

    def __init__(self, *, width: int, height: int, title: str) -> None:
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
            'font-size="13"><rect width="100%" height="100%" fill="#fff"/>'
        ]
        self._height = height
        self.text(x=10, y=22, text=title, weight="bold")

    def text(
        self, *, x: float, y: float, text: str, anchor: str = "start", size: int = 13, weight: str = "normal"
    ) -> None:
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}">'
            f"{escape(text)}</text>"
        )

    def bar(self, *, x: float, y: float, width: float, height: float, colour: str) -> None:
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" fill="{colour}"/>'
        )

    def line(self, *, points: Sequence[tuple[float, float]], colour: str, width: float = 2, dashes: str = "") -> None:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>')

    def dot(self, *, x: float, y: float, radius: float, colour: str) -> None:
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>')

    def finished(self, *, caption: str) -> str:
        """The SVG, with the caption at its foot."""
        self._parts.append(
            f'<text x="10" y="{self._height - 8}" font-size="11" fill="#555">{escape(caption)}</text></svg>'
        )
        return "\n".join(self._parts) + "\n"
