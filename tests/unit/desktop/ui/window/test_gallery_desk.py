from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from sana_desktop.errors import KnownError
from sana_desktop.gallery.records import PictureRow
from sana_desktop.gallery.search import parse_search
from sana_desktop.ui.gallery.gallery_page import GalleryPage
from support.gallery import write_own
from support.window_stage import CONTROL, SHIFT, Key, OpenStage, WindowStage

# The offscreen platform has no windows to raise.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def known(stage: WindowStage, query: str = "") -> tuple[PictureRow, ...]:
    """What the gallery holds, once all that was asked of it is done."""
    stage.parts.library.save_album("asked").result()
    with stage.parts.library.reader() as reader:
        return reader.rows(reader.search(parse_search(query)))


def test_every_picture_that_is_drawn_is_in_the_gallery(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("a red apple")
    stage.draw("a blue fish")
    assert [row.facts.prompt for row in known(stage)] == ["a blue fish", "a red apple"]
    assert {row.path for row in known(stage)} == {path.resolve() for path in stage.pictures()}


def test_pictures_of_before_are_taken_in_behind_the_windows_back(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.close()
    for number in range(3):
        write_own(stage.paths.pictures / "2026-01-02" / f"{number}.png", prompt=f"old {number}")
    # As on a machine where the gallery is new.
    for file in stage.paths.data.glob("gallery.sqlite*"):
        file.unlink()
    again = open_stage()
    again.until(lambda: len(known(again, "old")) == 3)


def test_a_picture_that_is_thrown_out_of_the_strip_leaves_the_gallery(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("a red apple")
    stage.window.strip.trashed.emit(stage.pictures()[0])
    stage.until(lambda: known(stage) == ())


def test_what_is_wrong_with_the_gallery_is_said_and_costs_no_picture(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.parts.library_bridge.trouble.emit(KnownError("The gallery is odd."))
    assert stage.window._messages.text.startswith("The gallery is odd.")
    stage.draw("a red apple")
    assert len(stage.pictures()) == 1


def test_the_gallery_opens_over_the_drawing_and_goes_again(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("a red apple")
    stage.draw("a blue fish")
    before = stage.focus()
    stage.press(Key.Key_B, CONTROL)
    page = stage.window._gallery.page
    assert page is not None
    stage.until(lambda: len(page.pictures.pictures) == 2)
    assert page.isVisible()
    assert stage.window._actions._gallery.isChecked()
    stage.press(Key.Key_F, CONTROL)
    stage.type("fish")
    stage.until(lambda: len(page.pictures.pictures) == 1)
    stage.press(Key.Key_Escape)
    stage.press(Key.Key_Escape)
    assert stage.focus() is page.grid
    stage.press(Key.Key_Escape)
    assert not page.isVisible()
    assert not stage.window._actions._gallery.isChecked()
    assert stage.focus() is before


def test_a_picture_of_the_gallery_is_seen_large_on_the_canvas(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.draw("a red apple")
    stage.draw("a blue fish")
    stage.press(Key.Key_B, CONTROL)
    page = stage.window._gallery.page
    assert page is not None
    stage.until(lambda: len(page.pictures.pictures) == 2)
    stage.press(Key.Key_End)
    stage.press(Key.Key_Return)
    older = stage.pictures()[0]
    stage.until(lambda: stage.window.stage.shown is not None and stage.window.stage.shown.path == older.resolve())
    assert not page.isVisible()


def test_what_is_drawn_while_the_gallery_is_open_appears_there(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.order("a red apple")
    stage.press(Key.Key_B, CONTROL)
    page = stage.window._gallery.page
    assert page is not None
    stage.until(lambda: len(page.pictures.pictures) == 1)
    side = page.grid.side
    stage.press(Key.Key_Plus, CONTROL)
    assert page.grid.side > side
    stage.press(Key.Key_L, CONTROL)
    assert not page.isVisible()


def opened(stage: WindowStage, *prompts: str) -> GalleryPage:
    """The gallery with pictures of these prompts, the last one current."""
    for prompt in prompts:
        stage.draw(prompt)
    stage.press(Key.Key_B, CONTROL)
    page = stage.window._gallery.page
    assert page is not None
    stage.until(lambda: len(page.pictures.pictures) == len(prompts))
    page.grid.go_to(0)
    return page


def test_settings_of_a_picture_go_into_the_prompts_panel(open_stage: OpenStage) -> None:
    stage = open_stage()
    opened(stage, "a red apple", "a blue fish")
    stage.press(Key.Key_Right)
    stage.press(Key.Key_P)
    assert stage.window.panel.draft()["prompt"] == "a red apple"
    assert stage.window._messages.text == "The prompt is taken over."
    stage.press(Key.Key_Left)
    stage.press(Key.Key_A)
    assert stage.window.panel.draft()["prompt"] == "a blue fish"
    assert stage.window.panel.draft()["seed_locked"] is True


def test_two_pictures_of_the_gallery_are_compared_at_one_place_on_the_canvas(open_stage: OpenStage) -> None:
    stage = open_stage()
    page = opened(stage, "a red apple", "a blue fish")
    page.grid.selectAll()
    stage.press(Key.Key_C)
    # Beside each other first; at one place on the canvas.
    stage.press(Key.Key_M)
    stage.until(lambda: stage.window.stage.is_comparing)
    pair = stage.window.stage.compare_panel.pair
    assert pair is not None
    assert [shown.path.name for shown in pair] == [path.name for path in reversed(stage.pictures())]
    assert not page.isVisible()


def test_what_was_thrown_away_in_the_gallery_is_gone_when_the_window_is(open_stage: OpenStage) -> None:
    stage = open_stage()
    page = opened(stage, "a red apple", "a blue fish")
    # The trash of whoever runs this is not to be touched.
    page._keeper._trash = Path.unlink
    stage.press(Key.Key_Delete)
    assert "Ctrl+Z takes it back" in stage.window._messages.text
    assert len(stage.pictures()) == 2
    stage.close()
    assert len(stage.pictures()) == 1


def test_a_folder_of_pictures_is_taken_in_and_seen(open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = open_stage()
    foreign = stage.paths.data / "foreign"
    for number in range(3):
        write_own(foreign / f"{number}.png", seed=number)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *given: str(foreign))
    stage.press(Key.Key_I, CONTROL | SHIFT)
    page = stage.window._gallery.page
    assert page is not None
    stage.until(lambda: len(page.pictures.pictures) == 3)
    stage.until(lambda: stage.window._messages.text == "3 pictures are new in the gallery.")


def test_pictures_are_exported_and_drawn_again_from_the_gallery(
    open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stage = open_stage()
    page = opened(stage, "a red apple", "a blue fish")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    messages = stage.window._messages
    page.grid.selectAll()
    stage.press(Key.Key_E, CONTROL)
    stage.until(lambda: messages.text == "2 files were written.")
    assert len(list((tmp_path / "out").iterdir())) == 2
    page.verbs.verifyRequested.emit(page.grid.chosen())
    stage.until(lambda: messages.text == "2 of 2 pictures come out the same, bit for bit.")


def test_pictures_that_look_alike_stand_in_stacks_that_open_and_close(open_stage: OpenStage) -> None:
    stage = open_stage()
    page = opened(stage, "a red apple")
    foreign = stage.paths.data / "foreign"
    foreign.mkdir()
    # Two that nearly look the same, and one that does not; none of them was ever looked at.
    drawing = Image.radial_gradient("L").crop((0, 0, 96, 160))
    drawing.save(foreign / "near.png")
    drawing.point([level * 9 // 10 for level in range(256)]).save(foreign / "nearer.png")
    drawing.transpose(Image.Transpose.ROTATE_90).save(foreign / "other.png")
    stage.parts.library.import_folder(foreign).result()
    stage.until(lambda: len(page.pictures.pictures) == 4)

    page.bar._stacks.click()
    stage.until(lambda: len(page.pictures.pictures) == 3)
    assert stage.window._messages.text == "3 pictures were looked at."
    sizes = {picture: page.pictures.stack_size(picture) for picture in page.pictures.pictures}
    (first,) = (picture for picture, size in sizes.items() if size == 2)
    assert sorted(sizes.values()) == [1, 1, 2]

    page.grid.setFocus()
    page.grid.go_to_picture(first)
    stage.press(Key.Key_G)
    stage.until(lambda: len(page.pictures.pictures) == 2)
    assert {row.path.stem for row in page.read_now(page.pictures.pictures)} == {"near", "nearer"}
    page.look_for("")
    stage.until(lambda: len(page.pictures.pictures) == 3)
    page.bar._stacks.click()
    stage.until(lambda: len(page.pictures.pictures) == 4)
