from pathlib import Path

import pytest

from sana_desktop.errors import KnownError, PackError
from sana_desktop.system.settings_schema import Effect, Kind, Setting, Value, read_schema, shipped_schema

SECTION = '[sections.look]\nlabel = "Look"\nhelp = "How."\n'
SETTING = """
[settings."look.size"]
kind = "whole"
default = 2
smallest = 1
largest = 9
effect = "at once"
label = "Size"
help = "How large."
"""


def schema_file(folder: Path, text: str) -> Path:
    path = folder / "schema.toml"
    path.write_text(f"format = 1\n{text}", encoding="utf-8")
    return path


def setting(kind: Kind, default: Value, **more: object) -> Setting:
    return Setting(key="look.x", kind=kind, default=default, effect=Effect.AT_ONCE, label="X", help="An x.", **more)  # pyright: ignore[reportArgumentType]


FLAG = setting(Kind.FLAG, True)
WHOLE = setting(Kind.WHOLE, 2, smallest=1, largest=9)
NUMBER = setting(Kind.NUMBER, 2.0, smallest=0, largest=9)
TEXT = setting(Kind.TEXT, "a", longest=5)
CHOICE = setting(Kind.CHOICE, "dark", choices=("dark", "light"), names=("Dark", "Light"))
FOLDER = setting(Kind.FOLDER, "", empty="None")


def test_what_ships_can_be_read_and_every_preference_is_explained():
    schema = shipped_schema()

    assert [section.key for section in schema.sections] == ["files", "drawing", "look", "notifications", "privacy"]
    assert len(schema.settings) == sum(len(schema.of(section)) for section in schema.sections)
    for shipped in schema.settings.values():
        assert shipped.help.endswith(".")
        assert shipped.check(shipped.default) == shipped.default
        assert bool(shipped.empty) == (shipped.kind is Kind.FOLDER)
        assert bool(shipped.choices) == (shipped.kind is Kind.CHOICE)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (FLAG, False, False),
        (WHOLE, 9, 9),
        (NUMBER, 3, 3.0),
        (NUMBER, 0.5, 0.5),
        (TEXT, "", ""),
        (TEXT, "äöü日本", "äöü日本"),
        (CHOICE, "light", "light"),
        (FOLDER, "", ""),
        (FOLDER, "/a folder", "/a folder"),
    ],
)
def test_allowed_values_are_kept(kind: Setting, value: object, kept: Value):
    assert kind.check(value) == kept
    assert type(kind.check(value)) is type(kept)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (FLAG, 1, "true or false, found 1"),
        (FLAG, "true", "true or false, found 'true'"),
        (WHOLE, True, "a whole number from 1 to 9, found True"),
        (WHOLE, 10, "a whole number from 1 to 9, found 10"),
        (WHOLE, 2.0, "a whole number from 1 to 9, found 2.0"),
        (NUMBER, float("nan"), "a number from 0 to 9, found nan"),
        (NUMBER, float("inf"), "a number from 0 to 9, found inf"),
        (NUMBER, False, "a number from 0 to 9, found False"),
        (TEXT, "longer", "at most 5 characters on one line, found 'longer'"),
        (TEXT, "a\nb", "at most 5 characters on one line"),
        (TEXT, 5, "at most 5 characters on one line, found 5"),
        (CHOICE, "drak", "one of dark, light, found 'drak'"),
        (CHOICE, None, "one of dark, light, found None"),
        (FOLDER, "pictures", "the full path of a folder, or nothing, found 'pictures'"),
        (FOLDER, "/a\0b", "the full path of a folder"),
        (FOLDER, "/" + "x" * 5000, "the full path of a folder"),
    ],
)
def test_other_values_are_refused_with_what_was_expected_and_found(kind: Setting, value: object, expected: str):
    with pytest.raises(KnownError) as caught:
        kind.check(value)
    assert f"“look.x” must be {expected}" in str(caught.value) or expected in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_choice_that_is_nearly_right_gets_a_hint():
    with pytest.raises(KnownError) as caught:
        CHOICE.check("drak")
    assert caught.value.hint == "Did you mean “dark”?"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FLAG, "ON", True),
        (FLAG, "no", False),
        (WHOLE, " 3 ", 3),
        (NUMBER, "0.25", 0.25),
        (TEXT, "Aa", "Aa"),
        (CHOICE, "Light", "light"),
        (FOLDER, "/Some Where", "/Some Where"),
    ],
)
def test_what_people_type_is_understood(kind: Setting, text: str, value: Value):
    assert kind.parse(text) == value


@pytest.mark.parametrize(("kind", "text"), [(FLAG, "maybe"), (WHOLE, "3.5"), (NUMBER, "many"), (NUMBER, "nan")])
def test_what_cannot_be_understood_is_refused(kind: Setting, text: str):
    with pytest.raises(KnownError, match=r"must be .*, found"):
        kind.parse(text)


def test_a_small_schema_can_be_read(tmp_path: Path):
    schema = read_schema(schema_file(tmp_path, SECTION + SETTING))

    assert schema.settings["look.size"].expected == "a whole number from 1 to 9"
    assert schema.of(schema.sections[0]) == (schema.settings["look.size"],)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (SETTING.replace("default = 2", "default = 20"), "“default” must be a whole number from 1 to 9"),
        (SETTING.replace("look.size", "feel.size"), "a section"),
        (SETTING.replace("look.size", "look.size.x"), "a section"),
        (SETTING.replace('"whole"', '"colour"'), "“kind” must be one of flag"),
        (SETTING.replace('"at once"', '"soon"'), "“effect” must be one of at once"),
        (SETTING + 'choices = ["a"]\n', "as many as choices"),
        (SETTING + "colour = 1\n", "“colour” is not a known key"),
        (SETTING.replace('help = "How large."', ""), "“help” is missing"),
    ],
)
def test_a_schema_that_contradicts_itself_is_refused(tmp_path: Path, wrong: str, complaint: str):
    with pytest.raises(PackError, match=complaint):
        read_schema(schema_file(tmp_path, SECTION + wrong))
