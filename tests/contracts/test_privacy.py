"""Nothing in the program is made to talk to other machines; see `system/privacy.py` for the guard at run time."""

import ast
from pathlib import Path

import pytest

from support.sources import REPOSITORY, imported_modules, sources

# What reaches out, and who may import it all the same.
FORBIDDEN = (
    "aiohttp",
    "asyncio",
    "ftplib",
    "http",
    "httpx",
    "httpx2",
    "huggingface_hub",
    "PySide6.QtWebSockets",
    "requests",
    "smtplib",
    "socketserver",
    "urllib.request",
    "urllib3",
    "xmlrpc",
)
# The one place that may, once the user has asked for a pack.
MAY_REACH_OUT = "sana_desktop/system/fetch/hub.py"
# Names of what can go wrong, and nothing that reaches out.
HARMLESS = {"huggingface_hub.errors"}
SOCKETS = {
    "sana_desktop/system/privacy.py": "tries out its own refusal",
    "sana_desktop/ui/desktop/stop_signals.py": "a pair within the process, to wake the window from a signal",
}
# Qt's sockets that are files of this machine.
LOCAL = {"QLocalServer", "QLocalSocket"}

APPLICATION = [path for path in sources() if path.is_relative_to(REPOSITORY / "sana_desktop")]


def names_from_qt_network(path: Path) -> set[str]:
    """What a source takes from Qt's network library."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "PySide6.QtNetwork":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import) and any(alias.name == "PySide6.QtNetwork" for alias in node.names):
            found.add("everything")
    return found


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """What every source of the application imports."""
    return {str(path.relative_to(REPOSITORY)): set(imported_modules(path)) for path in APPLICATION}


def test_nothing_that_reaches_out_is_imported(imports: dict[str, set[str]]) -> None:
    guilty = [
        f"{path}: {name}"
        for path, names in imports.items()
        if path != MAY_REACH_OUT
        for name in names - HARMLESS
        if any(name == forbidden or name.startswith(f"{forbidden}.") for forbidden in FORBIDDEN)
    ]
    assert guilty == []


def test_one_place_fetches_and_with_one_library(imports: dict[str, set[str]]) -> None:
    assert {name for name in imports[MAY_REACH_OUT] if name.startswith(("http", "huggingface"))} == {
        "httpx2",
        "huggingface_hub",
    }


def test_sockets_are_used_only_for_a_reason(imports: dict[str, set[str]]) -> None:
    assert {path for path, names in imports.items() if "socket" in names} == set(SOCKETS)


def test_of_qts_network_only_local_sockets_are_used() -> None:
    taken = {str(path.relative_to(REPOSITORY)): names_from_qt_network(path) - LOCAL for path in APPLICATION}
    assert {path: names for path, names in taken.items() if names} == {}


def test_the_check_sees_what_it_forbids(tmp_path: Path) -> None:
    guilty = tmp_path / "guilty.py"
    guilty.write_text("import urllib.request\nfrom PySide6.QtNetwork import QLocalServer, QTcpSocket\n")

    assert "urllib.request" in imported_modules(guilty)
    assert names_from_qt_network(guilty) - LOCAL == {"QTcpSocket"}
