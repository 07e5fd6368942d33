"""The whole corpus by group. Nothing of it is kept in the repository: it is written anew whenever it is asked for."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.hostile import disguises, image_files, pdf_contents, pdf_structures, xml_files

Build = Callable[[], Iterator[tuple[str, bytes]]]


def groups(listener: str) -> dict[str, Build]:
    """Group → builder of (name, content). `listener` is the URL that external references point to."""
    return {
        "pdf page trees": pdf_structures.page_trees,
        "pdf boxes": pdf_structures.boxes,
        "pdf cross-references": pdf_structures.cross_references,
        "pdf nesting": pdf_structures.nesting,
        "pdf encryption": pdf_structures.encryption,
        "pdf bombs": pdf_contents.bombs,
        "pdf loops": pdf_contents.loops,
        "pdf endless": pdf_contents.endless,
        "pdf fonts": pdf_contents.fonts,
        "pdf crowds": pdf_contents.crowds,
        "pdf actions": partial(pdf_contents.actions, listener),
        "pdf attachments": partial(pdf_contents.attachments, listener),
        "png": image_files.pngs,
        "jpeg": image_files.jpegs,
        "tiff": image_files.tiffs,
        "webp": image_files.webps,
        "codes": image_files.codes,
        "xml entities": partial(xml_files.entities, listener),
        "xml shapes": xml_files.shapes,
        "xml encodings": xml_files.encodings,
        "xml envelopes": xml_files.envelopes,
        "disguises": disguises.disguises,
        "truncations": disguises.truncations,
    }
