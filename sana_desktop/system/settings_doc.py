"""What is made from the schema, the page for people and the list for translators.

`python -m sana_desktop.system.settings_doc` writes both; a test says when that was forgotten.
"""

import json
from pathlib import Path

from sana_desktop.system.settings import show_value
from sana_desktop.system.settings_schema import Effect, Kind, Schema, Setting, shipped_schema

_ROOT = Path(__file__).resolve().parents[2]
PAGE = _ROOT / "docs" / "settings.md"
TEXTS = _ROOT / "sana_desktop" / "ui" / "settings" / "settings_texts.py"

_HEAD = """# Settings

<!-- Made by `python -m sana_desktop.system.settings_doc` from resources/settings.toml. Do not edit. -->

In the window: Ctrl+, (comma). In the terminal: `sana-desktop settings list`, `get`, `set` and `reset`. What is not as
it ships stands in `settings.toml` in the configuration folder (`~/.config/sana-desktop` on Linux), one table for each
section; comments in that file stay, and a value that is not allowed counts as absent and is told of.
"""

_CONTEXT = '"Settings"'
_MODULE = '''"""The words of the preferences in the language of the window.

Made by `python -m sana_desktop.system.settings_doc` from resources/settings.toml. Do not edit.
"""

# ruff: noqa: E501

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


def setting_text(text: str) -> str:
    """A text of the schema as the user reads it."""
    return QCoreApplication.translate({context}, text) if text else ""


# Only to be found by the translators' tools.
# fmt: off
TEXTS = (
{lines}
)
'''

_EFFECTS = {
    Effect.AT_ONCE: "at once",
    Effect.NEXT_PICTURE: "with the next picture",
    Effect.NEXT_START: "at the next start",
}


def settings_page(schema: Schema) -> str:
    """The whole page as Markdown, ending in a line break."""
    parts = [_HEAD]
    for section in schema.sections:
        parts.append(f"## {section.label}\n\n{section.help}\n")
        parts += [_entry(setting) for setting in schema.of(section)]
    return "\n".join(parts)


def _entry(setting: Setting) -> str:
    lines = [f"### `{setting.key}`", "", f"**{setting.label}.** {setting.help}", ""]
    default = show_value(setting.default)
    lines.append(f"- Default: `{default}`" if default else f"- Without a choice: {setting.empty}")
    if setting.kind is Kind.CHOICE:
        lines += [f"- `{choice}`: {name}" for choice, name in zip(setting.choices, setting.names, strict=True)]
    elif setting.kind is not Kind.FLAG:
        unit = f" ({setting.unit})" if setting.unit else ""
        lines.append(f"- Takes {setting.expected}{unit}")
    lines += [f"- Counts {_EFFECTS[setting.effect]}", ""]
    return "\n".join(lines)


def texts_module(schema: Schema) -> str:
    """The Python module by which the translators' tools find what the schema says to people."""
    texts: dict[str, None] = {}
    for section in schema.sections:
        texts |= dict.fromkeys((section.label, section.help))
        for setting in schema.of(section):
            texts |= dict.fromkeys((setting.label, setting.help, *setting.names))
            texts |= dict.fromkeys(text for text in (setting.empty,) if text)
    lines = [f"    QT_TRANSLATE_NOOP({_CONTEXT}, {json.dumps(text, ensure_ascii=False)})," for text in texts]
    return _MODULE.format(context=_CONTEXT, lines="\n".join(lines))


if __name__ == "__main__":
    _shipped = shipped_schema()
    PAGE.write_text(settings_page(_shipped), encoding="utf-8")
    TEXTS.write_text(texts_module(_shipped), encoding="utf-8")
