"""The error tree is drawn where it is defined, and the drawing is true."""

import inspect
import re

import pytest

from sana_desktop import errors
from sana_desktop.errors import BugError, KnownError, PackError, SanaError, WeightsError


def all_errors() -> dict[str, type[SanaError]]:
    return {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, SanaError)}


def test_the_drawn_tree_shows_every_error_below_its_parent() -> None:
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"([|` -]*)(\w+Error)\b", line):
            drawn.append((len(match[1]) // 4, match[2]))
    assert {name for _, name in drawn} == set(all_errors())
    above: dict[int, str] = {}
    for depth, name in drawn:
        above[depth] = name
        if depth:
            assert errors.__dict__[name].__base__.__name__ == above[depth - 1]


@pytest.mark.parametrize("kind", all_errors().values())
def test_every_error_says_what_happened_in_its_docstring(kind: type[SanaError]) -> None:
    assert kind.__doc__


@pytest.mark.parametrize("kind", [kind for kind in all_errors().values() if issubclass(kind, KnownError)])
def test_a_known_error_carries_a_message_and_a_hint(kind: type[KnownError]) -> None:
    assert kind("expected this, found that").hint == ""
    error = kind("expected this, found that", hint="Do so.")
    assert (str(error), error.hint) == ("expected this, found that", "Do so.")


def test_broken_weights_are_a_broken_pack_for_whoever_asked_for_the_pack() -> None:
    with pytest.raises(PackError):
        raise WeightsError("truncated")


def test_our_own_errors_carry_their_traceback_and_are_not_the_users() -> None:
    assert BugError("oops", details="Traceback ...").details == "Traceback ..."
    assert not issubclass(BugError, KnownError)
