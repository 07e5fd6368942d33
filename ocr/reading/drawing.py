"""Parts of a page drawn as a person should see them: upright and straight, however the document holds them."""

from math import cos, radians, sin

import numpy as np
from PIL import Image

from ocr.reading.document import Box, Page
from ocr.reading.engines import RgbImage
from ocr.reading.raw_pages import RawPage

MOST_PIXELS = 6_000_000

Point = tuple[float, float]


def drawn(*, raw: RawPage, page: Page, window: Box, scale: float) -> RgbImage | None:
    """The window, in points of the upright page, as a picture of `scale` pixels to the point; None where nothing of it
    is on the page, or it would have more than six million pixels."""
    width, height = round((window.x1 - window.x0) * scale), round((window.y1 - window.y0) * scale)
    if width < 1 or height < 1 or width * height > MOST_PIXELS:
        return None
    corners = [
        on_raw_page((x, y), page=page, raw_size=(raw.width, raw.height))
        for x, y in ((window.x0, window.y0), (window.x1, window.y0), (window.x0, window.y1), (window.x1, window.y1))
    ]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    cut = raw.cut(
        Box(
            max(min(across) - 1, 0.0),
            max(min(down) - 1, 0.0),
            min(max(across) + 1, raw.width),
            min(max(down) + 1, raw.height),
        ),
        scale,
    )
    if cut.pixels.size == 0:
        return None
    (left, top), (right_x, right_y), (under_x, under_y) = (
        ((x - cut.x0) / cut.points_per_pixel, (y - cut.y0) / cut.points_per_pixel) for x, y in corners[:3]
    )
    affine = (
        (right_x - left) / width,
        (under_x - left) / height,
        left,
        (right_y - top) / width,
        (under_y - top) / height,
        top,
    )
    paper = tuple(int(value) for value in np.median(cut.pixels.reshape(-1, 3), axis=0))
    turned = Image.fromarray(cut.pixels).transform(
        (width, height), Image.Transform.AFFINE, affine, resample=Image.Resampling.BICUBIC, fillcolor=paper
    )
    return np.asarray(turned)


def on_raw_page(point: Point, *, page: Page, raw_size: Point) -> Point:
    """Where a point of the upright page lies on the page as the document holds it: turned back, and askew again.

    `raw_size` is the width and height of the latter; all in points.
    """
    x, y = point
    size = (page.width, page.height)
    # A quarter turn counter-clockwise makes the right edge the top one.
    for _ in range(page.quarter_turns % 4):
        x, y = size[1] - y, x
        size = (size[1], size[0])
    turn = radians(-page.slant)
    right, below = x - size[0] / 2, y - size[1] / 2
    return (
        right * cos(turn) - below * sin(turn) + raw_size[0] / 2,
        right * sin(turn) + below * cos(turn) + raw_size[1] / 2,
    )
