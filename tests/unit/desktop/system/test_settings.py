from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.errors import BugError, KnownError
from sana_desktop.system.settings import Settings, show_value
from sana_desktop.system.settings_file import FILE_NAME
from support.settings import settings_in


def test_without_a_file_everything_is_as_it_ships(tmp_path: Path):
    settings = settings_in(tmp_path)

    assert settings.choice("files.format") == "png"
    assert settings.flag("privacy.offline") is True
    assert settings.number("drawing.preview_budget") == 3.0
    assert settings.text("files.name_pattern") == "[date]/[number]-[seed]-[prompt_words]"
    assert settings.folder("files.pictures_folder") is None
    assert settings.notices == ()
    assert not any(settings.is_changed(key) for key in settings.schema.settings)
    assert list(tmp_path.iterdir()) == []


def test_what_is_saved_is_read_at_the_next_start(tmp_path: Path):
    settings = settings_in(tmp_path)
    settings.set("files.pictures_folder", str(tmp_path))
    settings.set("privacy.offline", False)
    settings.set("drawing.preview_budget", 10)
    settings.save()

    again = settings_in(tmp_path)
    assert again.folder("files.pictures_folder") == tmp_path
    assert again.flag("privacy.offline") is False
    assert again.number("drawing.preview_budget") == 10.0


def test_what_is_as_it_ships_is_not_written_down(tmp_path: Path):
    settings = settings_in(tmp_path, "[look]\ntheme = 'dark'\n[files]\nformat = 'webp'\n")
    settings.reset("look.theme")
    settings.set("files.format", "png")
    settings.save()

    assert "theme" not in (tmp_path / FILE_NAME).read_text()
    assert "format" not in (tmp_path / FILE_NAME).read_text()


def test_saving_keeps_what_another_wrote_meanwhile(tmp_path: Path):
    one, other = settings_in(tmp_path), settings_in(tmp_path)
    one.set("look.theme", "dark")
    one.save()
    other.set("files.format", "jpeg")
    other.save()

    last = settings_in(tmp_path)
    assert (last.choice("look.theme"), last.choice("files.format")) == ("dark", "jpeg")


def test_without_a_change_nothing_is_written(tmp_path: Path):
    settings = settings_in(tmp_path)
    settings.set("look.theme", "dark")
    settings.save()
    (tmp_path / FILE_NAME).unlink()

    settings.save()

    assert not (tmp_path / FILE_NAME).exists()


def test_values_that_are_not_allowed_take_their_default_and_are_told_of(tmp_path: Path):
    settings = settings_in(tmp_path, "[look]\ntheme = 'blue'\nlanguage = 'de'\n[privacy]\noffline = 0\n")

    assert settings.choice("look.theme") == "system"
    assert settings.choice("look.language") == "de"
    assert settings.flag("privacy.offline") is True
    theme, offline = settings.notices
    assert "“look.theme” must be one of system, dark, light, found 'blue'. Using system." in theme
    assert "“privacy.offline” must be true or false, found 0. Using true." in offline


def test_a_wrong_value_stays_in_the_file_until_its_preference_is_changed(tmp_path: Path):
    settings = settings_in(tmp_path, "[look]\ntheme = 'blue'\n")
    settings.set("files.format", "jpeg")
    settings.save()
    assert "blue" in (tmp_path / FILE_NAME).read_text()

    settings.reset("look.theme")
    settings.save()
    assert "blue" not in (tmp_path / FILE_NAME).read_text()


def test_a_misspelled_key_is_told_of_and_one_from_the_future_is_not(tmp_path: Path):
    settings = settings_in(tmp_path, "[look]\nthemes = 'dark'\n[holograms]\nbrightness = 3\n")

    [notice] = settings.notices
    assert "“look.themes” is not a setting. Did you mean “look.theme”?" in notice


def test_asking_wrongly_is_a_mistake_of_ours(tmp_path: Path):
    settings = settings_in(tmp_path)

    with pytest.raises(BugError, match="no setting “look.colour”"):
        settings.value("look.colour")
    with pytest.raises(BugError, match="“look.theme” is a choice, not a flag"):
        settings.flag("look.theme")


def test_a_value_that_is_not_allowed_changes_nothing(tmp_path: Path):
    settings = settings_in(tmp_path)
    settings.set("look.theme", "dark")

    with pytest.raises(KnownError, match="must be one of"):
        settings.set("look.theme", "blue")
    assert settings.choice("look.theme") == "dark"


def test_what_people_name_is_found_or_the_nearest_told(tmp_path: Path):
    settings = settings_in(tmp_path)

    assert settings.require("look.theme").key == "look.theme"
    with pytest.raises(KnownError) as caught:
        settings.require("look.teme")
    assert caught.value.hint == "Did you mean “look.theme”?"


def test_a_disk_that_refuses_is_told_of_and_the_change_is_tried_again(tmp_path: Path):
    (tmp_path / "config").write_text("a file where the folder should be")
    settings = settings_in(tmp_path / "config")
    settings.set("look.theme", "dark")

    with pytest.raises(KnownError, match="cannot be saved"):
        settings.save()
    assert settings.choice("look.theme") == "dark"
    (tmp_path / "config").unlink()
    settings.save()
    assert settings_in(tmp_path / "config").choice("look.theme") == "dark"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(anything)
def test_no_value_of_a_file_gets_past_the_schema(value: object):
    schema = settings_in(Path("/nowhere")).schema
    for setting in schema.settings.values():
        try:
            kept = setting.check(value)
        except KnownError:
            continue
        assert setting.check(kept) == kept
        assert type(kept) is type(setting.default)


def test_values_are_shown_as_they_are_typed():
    assert [show_value(value) for value in (True, False, 3.0, 2.5, "x", "")] == ["true", "false", "3", "2.5", "x", ""]


def test_it_can_be_made_without_a_folder():
    assert Settings(settings_in(Path("/nowhere")).schema, Path("/nowhere/at/all.toml")).notices == ()
