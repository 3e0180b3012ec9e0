import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.system.crash import (
    LOG_LINES,
    CrashReport,
    Private,
    Scrubber,
    job_text,
    log_tail,
    make_report,
    save_report,
)
from support.recipes import recipe

TIME = datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC)
SECRET = "a fox in the snow, golden evening light"


def report(**changes: object) -> CrashReport:
    values: dict[str, object] = {"time": TIME, "error": "E: x", "trace": "t", "facts": (("Python", "3.11"),)}
    return CrashReport(**{**values, **changes})  # pyright: ignore[reportArgumentType]


def test_the_printed_form_of_a_recipe_loses_its_prompts() -> None:
    secret = recipe(prompt='It\'s a "secret" (fox:1.2)\nline two', negative="the boss")
    text = Scrubber().scrub(f"failed on {secret!r}")
    assert "fox" not in text
    assert "line two" not in text
    assert "boss" not in text
    assert "steps=" in text


def test_a_prompt_in_json_is_left_out() -> None:
    assert "fox" not in Scrubber().scrub('{"prompt": "a \\"red\\" fox", "steps": 3}')
    assert "fox" not in Scrubber().scrub("negative_prompt: 'a fox'")


@pytest.mark.parametrize("where", ["{}", "said: {}!", "{!r}", "{!a}", "A FOX IN THE SNOW, GOLDEN EVENING LIGHT"])
def test_a_known_prompt_is_left_out_wherever_it_stands(where: str) -> None:
    assert "fox" not in Scrubber([SECRET]).scrub(where.format(SECRET)).lower()


def test_so_is_a_part_of_it() -> None:
    assert "evening" not in Scrubber([SECRET]).scrub("cannot read 'golden evening light'")


def test_a_short_prompt_does_not_eat_the_report() -> None:
    assert Scrubber(["a", ""]).scrub("a traceback") == "a traceback"


@given(st.text(min_size=4).filter(lambda text: len(text.strip()) >= 4 and text.strip() not in "[left out]"))
def test_no_known_prompt_survives(prompt: str) -> None:
    assert prompt.strip() not in Scrubber([prompt]).scrub(f"before {prompt} after")


@pytest.mark.parametrize(
    "line",
    [
        "saved /home/ada/Pictures/00042-7-a_red_fox.png in 3 s",
        r"saved C:\Pictures\a red fox at home.WEBP today",
        "cannot open 'fox.jpeg'",
    ],
)
def test_names_of_pictures_are_left_out(line: str) -> None:
    text = Scrubber(home=Path("/home/ada")).scrub(line)
    assert "fox" not in text
    assert "[picture]." in text


def test_home_becomes_a_tilde() -> None:
    assert Scrubber(home=Path("/home/ada")).scrub("/home/ada/x.py") == "~/x.py"
    assert Scrubber(home=Path("/")).scrub("/usr/x.py") == "/usr/x.py"


def test_private_parts_are_in_the_text_only_when_they_are_wanted() -> None:
    private = report(job="prompt: a fox", picture="~/fox.png")
    assert "fox" not in private.text()
    assert "prompt: a fox" in private.text(with_job=True)
    assert "~/fox.png" not in private.text(with_job=True)
    assert "~/fox.png" in private.text(with_picture=True)


def test_a_report_is_made_of_scrubbed_parts(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"one\nwent wrong with {SECRET}\n")
    made = make_report(
        f"ValueError: {SECRET}", f"  line\n{SECRET}", (("Device", "CPU"),), log, Private(prompts=(SECRET,)), TIME
    )
    assert "fox" not in made.text()
    assert made.log[0] == "one"
    assert "Device: CPU" in made.text()


def test_what_the_user_ticks_is_kept_to_the_letter() -> None:
    private = Private(prompts=(SECRET,), job=f"prompt: {SECRET}", picture=f"{Path.home()}/fox.png")
    made = make_report("E", "t", (), None, private, TIME)
    assert SECRET in made.text(with_job=True)
    assert "~/fox.png" in made.text(with_picture=True)


def test_the_same_mistake_has_the_same_fingerprint() -> None:
    trace = 'Traceback:\n  File "a.py", line 3, in f\n    g()\n  File "b.py", line 9, in g\n    raise\n'
    one = report(error="ValueError: 1", trace=trace)
    assert one.fingerprint == replace(one, error="ValueError: 2").fingerprint
    assert one.fingerprint != replace(one, trace=trace.replace("line 9", "line 8")).fingerprint
    assert one.fingerprint != replace(one, error="KeyError: 1").fingerprint


def test_the_end_of_a_log_is_short_and_a_missing_one_empty(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"".join(b"line %d\n" % n for n in range(90_000)) + b"\xff end\n")
    tail = log_tail(log)
    assert len(tail) == LOG_LINES
    assert tail[-1] == "\ufffd end"
    assert log_tail(tmp_path / "missing") == ()


def test_a_saved_report_is_for_its_owner(tmp_path: Path) -> None:
    path = save_report(tmp_path / "logs", "text ü", TIME)
    assert path.name == "crash-20261124-030405.txt"
    assert path.read_text(encoding="utf-8") == "text ü"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_text_of_a_job_has_everything_that_changes_its_pixels() -> None:
    drawn = recipe(prompt="a fox", seed=77)
    lines = job_text(drawn).splitlines()
    assert "prompt: a fox" in lines
    assert "seed: 77" in lines
