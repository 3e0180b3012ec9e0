"""What the packs that ship say of themselves, in the language of the window."""

# ruff: noqa: E501

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


def pack_text(text: str) -> str:
    """A pack's description or notice as the user reads it; what another pack says stays as it is."""
    return QCoreApplication.translate("PackTexts", text) if text else ""


# Only to be found by the translators' tools: word for word as in resources/starter/pack.toml.
# fmt: off
TEXTS = (
    QT_TRANSLATE_NOOP("PackTexts", "A very small Sana, trained for this program on 808 emoji with coloured backgrounds, in three styles."),
    QT_TRANSLATE_NOOP("PackTexts", "The starter pack draws emoji-style pictures at 256 px: one simple thing on a plain background. Faces and simple shapes come out best; install a Sana pack for anything more."),
)
