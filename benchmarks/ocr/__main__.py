"""`make bench-ocr`: how fast the OCR engines are, and how much of what matters they get exactly right."""

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from benchmarks.ocr.measuring import Measurement, Setting, measure, sandbox_of, start
from benchmarks.ocr.report import chart, machine, tables
from benchmarks.ocr.scans import DigitalPage, digital_pages
from benchmarks.ocr.soaking import Growth, soak
from ocr.reading.engine_report import engine_report
from ocr.reading.engines import EngineUnavailable

_SAMPLES = Path(__file__).resolve().parents[2] / "samples"
_PATHS = {
    "RapidOCR on OpenVINO": "ocr.reading.engines.rapidocr_engine:OpenVinoEngine",
    "RapidOCR on ONNX Runtime": "ocr.reading.engines.rapidocr_engine:OnnxRuntimeEngine",
    "Tesseract": "benchmarks.ocr.alone:TesseractAlone",
    "EasyOCR": "benchmarks.ocr.alone:EasyOcrAlone",
}
_OPTIONAL = {"Tesseract": "tesseract", "EasyOCR": "easyocr"}


def main() -> int:
    arguments = _arguments()
    pages = list(digital_pages(arguments.data))
    pages = pages[:: max(len(pages) // arguments.pages, 1)][: arguments.pages]
    if not pages:
        print(f"No PDF with a text of its own is under {arguments.data}; name another folder: make bench-ocr DATA=…")
        return 1
    documents = len({page.path for page in pages})
    print(f"{machine()}\n{len(pages)} pages of {documents} digital documents under {arguments.data}, as scans\n")
    settings = [Setting(dpi, is_degraded) for dpi, is_degraded in product(arguments.dpi, (False, True))]
    if arguments.soak:
        return _soak((arguments.engines or _installed())[0], settings, pages, count=arguments.soak)
    measurements: list[Measurement] = []
    for engine in arguments.engines or _installed():
        measurements.extend(_measured(engine, settings, pages, shows_missed=arguments.missed))
    if not measurements:
        return 1
    print(f"\n{tables(measurements)}\n\nPer page, median of {len(pages)}; one thread.")
    if arguments.chart:
        caption = f"Median of {len(pages)} pages of {documents} documents, one thread. {machine()}"
        arguments.chart.write_text(chart(measurements, caption=caption))
        print(f"Chart: {arguments.chart}")
    return 0


def _measured(
    engine: str, settings: Sequence[Setting], pages: Sequence[DigitalPage], *, shows_missed: bool
) -> list[Measurement]:
    measurements = []
    with sandbox_of(_PATHS.get(engine, engine)) as sandbox:
        try:
            started = start(sandbox)
        except EngineUnavailable as error:
            print(f"{engine}: left out. {error.message}")
            return []
        print(f"{engine}: {started.version}; ready after {started.seconds:.1f} s")
        for setting in settings:

            def show(number: int, name: str = setting.name) -> None:
                if sys.stderr.isatty():
                    sys.stderr.write(f"\r  {name}: page {number} of {len(pages)} ")

            measurement = measure(
                engine=engine, sandbox=sandbox, started=started, setting=setting, pages=pages, progress=show
            )
            measurements.append(measurement)
            print(f"\r  {setting.name}: {measurement.processor_seconds:.2f} CPU s a page", flush=True)
            if shows_missed:
                print("".join(f"    missed: {token}\n" for token in measurement.missed), end="")
    return measurements


def _soak(engine: str, settings: Sequence[Setting], pages: Sequence[DigitalPage], *, count: int) -> int:
    def show(growth: Growth) -> None:
        megabytes = growth.peak_bytes / 1024**2
        print(f"{growth.pages} pages: peak {megabytes:.0f} MB, {growth.processor_seconds:.2f} CPU s a page", flush=True)

    with sandbox_of(_PATHS.get(engine, engine)) as sandbox:
        print(f"{engine}: {start(sandbox).version}; one process, never replaced")
        show(soak(sandbox=sandbox, pages=pages, settings=settings, count=count, progress=show))
    return 0


def _installed() -> list[str]:
    engines = ["RapidOCR on ONNX Runtime"]
    if find_spec("openvino"):
        engines.insert(0, "RapidOCR on OpenVINO")
    return [*engines, *(title for title, name in _OPTIONAL.items() if engine_report(name).is_ready)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-ocr", description=__doc__)
    parser.add_argument("--data", type=Path, default=_SAMPLES, help="a folder of digital PDFs (the samples)")
    parser.add_argument("--pages", type=int, default=20, help="how many pages, spread over the folder (20)")
    parser.add_argument("--dpi", type=int, nargs="+", default=[150, 200, 300], help="resolutions (150 200 300)")
    parser.add_argument("--engines", nargs="+", help=f"of {', '.join(_PATHS)}, or package.module:ClassName")
    parser.add_argument("--chart", type=Path, help="an SVG file to draw the figures into")
    parser.add_argument(
        "--soak", type=int, metavar="N", help="read N pages in one process and print how large it grows"
    )
    parser.add_argument("--missed", action="store_true", help="print the tokens that were not read")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
