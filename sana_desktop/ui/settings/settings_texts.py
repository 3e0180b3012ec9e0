"""The words of the preferences in the language of the window.

Made by `python -m sana_desktop.system.settings_doc` from resources/settings.toml. Do not edit.
"""

# ruff: noqa: E501

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


def setting_text(text: str) -> str:
    """A text of the schema as the user reads it."""
    return QCoreApplication.translate("Settings", text) if text else ""


# Only to be found by the translators' tools.
# fmt: off
TEXTS = (
    QT_TRANSLATE_NOOP("Settings", "Files"),
    QT_TRANSLATE_NOOP("Settings", "Where pictures go and what they are called."),
    QT_TRANSLATE_NOOP("Settings", "Pictures folder"),
    QT_TRANSLATE_NOOP("Settings", "New pictures are saved here. Pictures that exist stay where they are."),
    QT_TRANSLATE_NOOP("Settings", "“Sana Desktop” in your own pictures folder"),
    QT_TRANSLATE_NOOP("Settings", "Names of pictures"),
    QT_TRANSLATE_NOOP("Settings", "Words in brackets are filled in: [number] [seed] [date] [time] [datetime] [prompt_words] [pack] [width] [height] [steps] [cfg] [sampler]. A slash makes a folder."),
    QT_TRANSLATE_NOOP("Settings", "File format"),
    QT_TRANSLATE_NOOP("Settings", "Every format carries the prompt and all settings inside the file."),
    QT_TRANSLATE_NOOP("Settings", "PNG (keeps every bit)"),
    QT_TRANSLATE_NOOP("Settings", "JPEG (small)"),
    QT_TRANSLATE_NOOP("Settings", "WebP (smaller)"),
    QT_TRANSLATE_NOOP("Settings", "AVIF (smallest)"),
    QT_TRANSLATE_NOOP("Settings", "Keep latents beside pictures"),
    QT_TRANSLATE_NOOP("Settings", "64 KB for a picture of 1024 pixels, from which “sana-desktop gallery decode” makes its pixels again."),
    QT_TRANSLATE_NOOP("Settings", "Extra packs folder"),
    QT_TRANSLATE_NOOP("Settings", "Packs are also looked for here, for example on another disk. Nothing is changed in it."),
    QT_TRANSLATE_NOOP("Settings", "No extra folder"),
    QT_TRANSLATE_NOOP("Settings", "Drawing"),
    QT_TRANSLATE_NOOP("Settings", "How pictures are made, and what you see meanwhile."),
    QT_TRANSLATE_NOOP("Settings", "Precision"),
    QT_TRANSLATE_NOOP("Settings", "Automatic follows the pack and this machine. float32 is exact and slow; the others are fast where the machine supports them."),
    QT_TRANSLATE_NOOP("Settings", "Automatic"),
    QT_TRANSLATE_NOOP("Settings", "bfloat16"),
    QT_TRANSLATE_NOOP("Settings", "float16"),
    QT_TRANSLATE_NOOP("Settings", "float32"),
    QT_TRANSLATE_NOOP("Settings", "Memory"),
    QT_TRANSLATE_NOOP("Settings", "Automatic takes the fastest way that fits. The ways further down need less memory and more time; the picture is the same."),
    QT_TRANSLATE_NOOP("Settings", "All networks stay in memory"),
    QT_TRANSLATE_NOOP("Settings", "One network at a time"),
    QT_TRANSLATE_NOOP("Settings", "One at a time, decoded in tiles of 512 px"),
    QT_TRANSLATE_NOOP("Settings", "One at a time, decoded in tiles of 256 px"),
    QT_TRANSLATE_NOOP("Settings", "One at a time, decoded in tiles of 128 px"),
    QT_TRANSLATE_NOOP("Settings", "Preview while drawing"),
    QT_TRANSLATE_NOOP("Settings", "Automatic shows the best preview that stays within the time below."),
    QT_TRANSLATE_NOOP("Settings", "Coarse and free"),
    QT_TRANSLATE_NOOP("Settings", "Small decoder"),
    QT_TRANSLATE_NOOP("Settings", "Off"),
    QT_TRANSLATE_NOOP("Settings", "Time for previews"),
    QT_TRANSLATE_NOOP("Settings", "The part of the drawing time that previews may take. Fewer steps are shown when there is not enough."),
    QT_TRANSLATE_NOOP("Settings", "Get ready when the window opens"),
    QT_TRANSLATE_NOOP("Settings", "Loads the pack in the background, so that the first picture comes sooner. Off saves memory until you draw."),
    QT_TRANSLATE_NOOP("Settings", "Keep the machine awake while drawing"),
    QT_TRANSLATE_NOOP("Settings", "Holds off sleep until the queue is empty. The screen may still turn off."),
    QT_TRANSLATE_NOOP("Settings", "Bring back the queue"),
    QT_TRANSLATE_NOOP("Settings", "Orders that were left when the program ended wait in the queue again, paused until you go on."),
    QT_TRANSLATE_NOOP("Settings", "Look"),
    QT_TRANSLATE_NOOP("Settings", "Colours, language and movement. The size of everything follows your desktop's scaling."),
    QT_TRANSLATE_NOOP("Settings", "Theme"),
    QT_TRANSLATE_NOOP("Settings", "The surroundings are neutral grey in both, so that they do not tint what you see."),
    QT_TRANSLATE_NOOP("Settings", "Like the desktop"),
    QT_TRANSLATE_NOOP("Settings", "Dark"),
    QT_TRANSLATE_NOOP("Settings", "Light"),
    QT_TRANSLATE_NOOP("Settings", "Language"),
    QT_TRANSLATE_NOOP("Settings", "The language of the window. Prompts may be written in any language that the pack understands."),
    QT_TRANSLATE_NOOP("Settings", "English"),
    QT_TRANSLATE_NOOP("Settings", "Deutsch"),
    QT_TRANSLATE_NOOP("Settings", "Animations"),
    QT_TRANSLATE_NOOP("Settings", "Soft movements, such as panels that slide open. Off shows every change at once."),
    QT_TRANSLATE_NOOP("Settings", "Notifications"),
    QT_TRANSLATE_NOOP("Settings", "How the program tells you that it is done while you do something else."),
    QT_TRANSLATE_NOOP("Settings", "Say when pictures are ready"),
    QT_TRANSLATE_NOOP("Settings", "Only while you look at another window. The message never shows your prompt, and makes no sound."),
    QT_TRANSLATE_NOOP("Settings", "Progress in the taskbar"),
    QT_TRANSLATE_NOOP("Settings", "Shows how far drawing has come on the program's icon, on desktops that can."),
    QT_TRANSLATE_NOOP("Settings", "Privacy"),
    QT_TRANSLATE_NOOP("Settings", "Your prompts and pictures stay on this machine."),
    QT_TRANSLATE_NOOP("Settings", "Stay offline"),
    QT_TRANSLATE_NOOP("Settings", "Refuses every connection that this program tries to make, except to fetch a pack when you ask for it, and to a page that you name below."),
    QT_TRANSLATE_NOOP("Settings", "Where packs are fetched"),
    QT_TRANSLATE_NOOP("Settings", "The address of a mirror of Hugging Face, such as https://hub.example.com. Empty means HF_ENDPOINT, or else huggingface.co."),
    QT_TRANSLATE_NOOP("Settings", "Proxy for fetching packs"),
    QT_TRANSLATE_NOOP("Settings", "Such as http://proxy.example.com:8080. Empty means the one that your system names, if any."),
    QT_TRANSLATE_NOOP("Settings", "Page that names the newest version"),
    QT_TRANSLATE_NOOP("Settings", "Asked once a day when the window opens, and you are told if its first line names a newer version. Nothing is downloaded. Empty asks nobody."),
)
