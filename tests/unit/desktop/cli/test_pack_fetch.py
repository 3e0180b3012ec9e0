import json
import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

from support.fetches import ENDPOINT, FETCHED_BYTES, MODEL, Fetches, fetches, move_in
from support.terminal import Terminal

AT = ("--endpoint", ENDPOINT)


@pytest.fixture
def ready(tmp_path: Path) -> Generator[Fetches]:
    with fetches(tmp_path) as ready:
        yield ready


@pytest.fixture
def terminal(ready: Fetches, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, import_pack=move_in, make_client=ready.make_client)


def test_a_model_is_fetched_once_its_terms_are_accepted(ready: Fetches, terminal: Terminal) -> None:
    result = terminal.run("packs", "fetch", MODEL, "--accept-licence", *AT)
    assert (result.exit_code, result.stdout) == (0, f"{MODEL}\n")
    assert f"from {ENDPOINT}" in result.stderr
    assert "asking what there is" in result.stderr
    assert f"--pack {MODEL}" in result.stderr
    assert terminal.run("packs", "verify", MODEL).stdout == "sound\n"


def test_without_accepting_nothing_is_contacted_and_the_terms_are_named(ready: Fetches, terminal: Terminal) -> None:
    result = terminal.run("packs", "fetch", MODEL, *AT)
    assert result.exit_code == 2
    assert "Gemma Terms of Use: https://ai.google.dev/gemma/terms" in result.stderr
    assert "--accept-licence" in result.stderr
    assert ready.hub.requests == []


def test_ctrl_c_pauses_and_the_same_command_goes_on(
    ready: Fetches, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed: list[bool] = []

    def press() -> None:
        if ready.hub.sent > FETCHED_BYTES // 3 and not pressed:
            pressed.append(True)
            os.kill(os.getpid(), signal.SIGINT)

    ready.hub.pause = press
    result = terminal.run("packs", "fetch", MODEL, "--accept-licence", *AT)
    assert result.exit_code == 130
    assert "paused; the same command goes on from here" in result.stderr
    listed = terminal.run("packs", "list")
    assert f"unfinished: {MODEL}: 0.00 of 0.00 GB fetched; go on with `packs fetch {MODEL}`" in listed.stderr
    # The terms were accepted when it began.
    assert terminal.run("packs", "fetch", MODEL, *AT).exit_code == 0


def test_what_has_arrived_can_be_thrown_away(ready: Fetches, terminal: Terminal) -> None:
    ready.hub.vices.code = 451
    assert terminal.run("packs", "fetch", MODEL, "--accept-licence", *AT).exit_code == 2
    result = terminal.run("packs", "fetch", MODEL, "--discard")
    assert result.exit_code == 0
    assert "is gone" in result.stderr
    assert terminal.run("packs", "fetch", MODEL, "--discard").exit_code == 2


def test_the_result_can_be_json(ready: Fetches, terminal: Terminal) -> None:
    result = terminal.run("packs", "fetch", MODEL, "--accept-licence", "--json", *AT)
    document = json.loads(result.stdout)
    assert (document["id"], document["missing"]) == (MODEL, [])


def test_the_mirror_of_the_preferences_is_asked(ready: Fetches, terminal: Terminal) -> None:
    terminal.run("settings", "set", "privacy.endpoint", "http://mirror.test")
    result = terminal.run("packs", "fetch", MODEL, "--accept-licence")
    assert result.exit_code == 0
    assert "from http://mirror.test" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("sana-9",), "is not a published model"),
        ((MODEL, "--accept-licence", "--endpoint", "nowhere"), "is not the address of a hub"),
        ((MODEL, "--accept-licence", "--revision", "a" * 40, *AT), "answered with commit"),
    ],
)
def test_what_cannot_be_is_one_line_and_a_hint(terminal: Terminal, arguments: tuple[str, ...], complaint: str) -> None:
    result = terminal.run("packs", "fetch", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert complaint in result.stderr
