"""Every text of the window is German too, whole, fresh, and spoken as the rest of it.

`sh scripts/translate.sh` mends what is not fresh; docs/translation.md says how translations are written.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from sana_desktop.ui.basics.theme import Theme
from sana_desktop.ui.basics.translation import speak
from sana_desktop.ui.window.menus import WindowActions
from support.sources import REPOSITORY

FOLDER = REPOSITORY / "resources" / "translations"
GERMAN = "sana_desktop_de"
TOOLS = Path(sys.executable).parent
ADVICE = "run: sh scripts/translate.sh"
# What has to be the same in both languages: placeholders, words in brackets, kinds of files, tags.
KEPT = re.compile(r"\{\w*\}|\[\w+\]|\*\.\w+|<[^>]+>")
KEYS = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)+(?:Enter|[A-Z0-9]\b)")
# The menus are several in one class.
MENUS = "WindowActions"


@dataclass(frozen=True)
class Text:
    """An entry of the file for translators."""

    context: str
    source: str
    german: str
    done: bool

    def __str__(self) -> str:
        return f"{self.context}: {self.source!r} -> {self.german!r}"


@pytest.fixture(scope="module")
def texts() -> tuple[Text, ...]:
    tree = ElementTree.parse(FOLDER / f"{GERMAN}.ts")
    return tuple(
        Text(
            context.findtext("name", ""),
            message.findtext("source", ""),
            message.findtext("translation", ""),
            "type" not in message.find("translation").attrib,  # pyright: ignore[reportOptionalMemberAccess]
        )
        for context in tree.iter("context")
        for message in context.iter("message")
    )


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[None]:
    """The window speaks German meanwhile."""
    before, owner = QLocale(), QObject()
    speak("de", FOLDER, owner)
    yield
    for translator in owner.findChildren(QTranslator):
        QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)


def test_every_text_has_a_translation(texts: tuple[Text, ...]) -> None:
    assert len(texts) > 400
    assert [str(text) for text in texts if not text.done or not text.german.strip()] == []


@pytest.mark.timeout(300)
@pytest.mark.skipif(os.name == "nt", reason="the script wants a POSIX shell")
@pytest.mark.skipif(not (TOOLS / "pyside6-lupdate").exists(), reason="PySide6's tools for translators are not here")
def test_the_files_are_what_the_translators_tools_make_of_the_sources(tmp_path: Path) -> None:
    shutil.copy(FOLDER / f"{GERMAN}.ts", tmp_path)
    script = ["sh", str(REPOSITORY / "scripts" / "translate.sh"), str(tmp_path)]
    subprocess.run(script, env={**os.environ, "TRANSLATORS": str(TOOLS)}, timeout=240, check=True)
    # Not the bytes: how a tool's version lays the file out does not matter.
    fresh, shipped = (entries(place / f"{GERMAN}.ts") for place in (tmp_path, FOLDER))
    assert {"new": sorted(fresh - shipped), "gone": sorted(shipped - fresh)} == {"new": [], "gone": []}, ADVICE
    assert (tmp_path / f"{GERMAN}.qm").read_bytes() == (FOLDER / f"{GERMAN}.qm").read_bytes(), ADVICE


def test_the_tools_find_every_text_that_the_sources_mark(texts: tuple[Text, ...]) -> None:
    # They overlook a text inside an f-string, and name the wrong class where it is not `self` that translates.
    known = {(text.context, text.source) for text in texts}
    marked = {
        (*found, str(path.relative_to(REPOSITORY)))
        for path in (*(REPOSITORY / "sana_desktop" / "ui").rglob("*.py"), REPOSITORY / "sana_desktop" / "app.py")
        for found in marked_texts(path)
    }
    assert len(marked) > 400
    assert sorted(entry for entry in marked if entry[:2] not in known) == []


def test_placeholders_are_kept(texts: tuple[Text, ...]) -> None:
    def kept(text: str) -> Counter[str]:
        return Counter(KEPT.findall(text))

    assert [str(text) for text in texts if kept(text.source) != kept(text.german)] == []


def test_dots_that_promise_a_dialog_are_kept(texts: tuple[Text, ...]) -> None:
    assert [str(text) for text in texts if text.source.endswith("…") != text.german.endswith("…")] == []


def test_keys_are_called_as_on_a_german_keyboard(texts: tuple[Text, ...]) -> None:
    wrong = [text for text in texts if re.search(r"\b(Ctrl|Del|Delete)\b|(?<!-)\bShift\b", text.german)]
    for text in texts:
        german = [keys.replace("Ctrl", "Strg").replace("Shift", "Umschalt") for keys in KEYS.findall(text.source)]
        wrong += [text for keys in german if keys not in text.german]
    assert [str(text) for text in wrong] == []


def test_quotation_marks_are_german(texts: tuple[Text, ...]) -> None:
    def is_wrong(text: str) -> bool:
        return "”" in text or text.count("„") != text.count("“")

    assert [str(text) for text in texts if is_wrong(text.german)] == []


def test_what_has_a_letter_to_press_has_one_of_its_own(texts: tuple[Text, ...]) -> None:
    assert [str(text) for text in texts if bool(letter(text.source)) != bool(letter(text.german))] == []
    pressed = Counter((text.context, letter(text.german)) for text in texts if text.context != MENUS)
    assert [key for key, count in pressed.items() if key[1] and count > 1] == []


@pytest.mark.usefixtures("german")
def test_no_menu_has_a_letter_twice_in_german(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    WindowActions(window, Theme.DARK)
    menus = (window.menuBar(), *window.findChildren(QMenu))
    assert len(menus) >= 5
    for menu in menus:
        words = [action.text() for action in menu.actions() if action.text()]
        letters = [letter(text) for text in words]
        assert all(letters), words
        assert len(set(letters)) == len(letters), words


def letter(text: str) -> str:
    """The letter that stands for a text on the keyboard; empty without one."""
    found = re.search(r"&(\w)", text.replace("&&", ""))
    return found[1].casefold() if found else ""


def entries(path: Path) -> set[tuple[str, str]]:
    """All (context, text) of a file for translators."""
    contexts = ElementTree.parse(path).iter("context")
    return {
        (context.findtext("name", ""), message.findtext("source", ""))
        for context in contexts
        for message in context.iter("message")
    }


def marked_texts(path: Path) -> Iterator[tuple[str, str]]:
    """(context, text) of everything in a source that is to be translated; what is no plain text is shown as code."""

    def walk(node: ast.AST, around: str) -> Iterator[tuple[str, str]]:
        inside = node.name if isinstance(node, ast.ClassDef) else around
        if isinstance(node, ast.Call):
            match node.func, node.args:
                case ast.Attribute(value=ast.Name("self"), attr="tr"), [ast.Constant(str(text)), *_]:
                    yield inside, text
                case ast.Attribute(attr="tr"), _:
                    yield "not self.tr of one plain text", ast.unparse(node)
                case (
                    ast.Attribute(value=ast.Name("QCoreApplication"), attr="translate") | ast.Name("QT_TRANSLATE_NOOP"),
                    [ast.Constant(str(context)), ast.Constant(str(text)), *_],
                ):
                    yield context, text
                case _:
                    pass
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), "")
