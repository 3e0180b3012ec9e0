"""What Windows and macOS are told."""

import plistlib
import sys

import pytest

from bundling.platforms import IDENTIFIER, info_plist, version_numbers, windows_version


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", (0, 1, 0, 0)), ("2.3", (2, 3, 0, 0)), ("1.2.3.4.5", (1, 2, 3, 4))]
)
def test_windows_counts_with_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert version_numbers(version) == numbers


@pytest.mark.skipif(sys.platform == "win32", reason="there is one there")
def test_other_systems_have_no_version_resource() -> None:
    assert windows_version("0.1.0") is None


def test_the_plist_can_be_written_and_names_the_version() -> None:
    values = plistlib.loads(plistlib.dumps(info_plist("0.1.0")))
    assert values["CFBundleShortVersionString"] == values["CFBundleVersion"] == "0.1.0"
    assert values["NSHighResolutionCapable"] is True


def test_the_name_for_machines_is_one_that_they_take() -> None:
    assert IDENTIFIER.count(".") == 2
    assert " " not in IDENTIFIER
