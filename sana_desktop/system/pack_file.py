"""`pack.toml`, the page on which a pack describes itself (the format is in docs/packs.md)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.recipe import LARGEST_FLOW_SHIFT, LARGEST_GUIDANCE, MOST_STEPS
from sana_desktop.domain.sizes import LARGEST_SIDE, MULTIPLE
from sana_desktop.errors import PackError
from sana_desktop.system.pack_manifest import (
    PackManifest,
    PackPrecisions,
    PackPreview,
    PackText,
    PreviewKind,
    TextSource,
)
from sana_desktop.system.small_files import read_toml
from sana_desktop.system.strict_table import StrictTable

FILE_NAME = "pack.toml"
FORMAT = 1
MOST_TOKENS = 4096
MOST_EXAMPLES, LONGEST_EXAMPLE = 8, 80

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def is_pack_id(text: str) -> bool:
    """Whether `text` may name a pack: lower-case letters, digits, dots, dashes, at most 64."""
    return _ID.fullmatch(text) is not None


def read_pack_file(folder: Path) -> PackManifest:
    """Read `folder`/pack.toml; raises `PackError` naming the key at fault."""
    values = read_toml(folder / FILE_NAME)
    document = StrictTable(values, f"{folder.name}/{FILE_NAME}")
    number = document.whole("format", 1, 10**6)
    # Before anything else: a newer format may have keys that would otherwise look like mistakes.
    if number > FORMAT:
        raise PackError(
            f"{folder.name}/{FILE_NAME} has format {number}; this version of Sana Desktop reads format {FORMAT}.",
            hint="Update Sana Desktop to use this pack.",
        )
    pack_id = document.text("id")
    if not is_pack_id(pack_id):
        document.refuse("id", "lower-case letters, digits, dots and dashes, at most 64", pack_id)
    defaults, precision = document.table("defaults"), document.table("precision")
    text, preview = document.table("text"), document.table("preview")
    manifest = PackManifest(
        folder=folder,
        id=pack_id,
        name=document.text("name"),
        version=document.text("version"),
        family=document.text("family"),
        licence=document.text("licence"),
        description=document.text("description", ""),
        notice=document.text("notice", ""),
        examples=_examples(document),
        base_size=_base_size(document),
        default_steps=defaults.whole("steps", 1, MOST_STEPS),
        default_guidance=defaults.number("guidance", 0, LARGEST_GUIDANCE),
        default_solver=defaults.choice("solver", Solver),
        flow_shift=defaults.number("flow_shift", 0.01, LARGEST_FLOW_SHIFT, 1.0),
        official_flow_shift=_official_shift(defaults),
        precisions=_precisions(precision),
        text=PackText(
            source=text.choice("encoder", TextSource, TextSource.FOLDER),
            instruction=text.flag("instruction", True),
            max_tokens=text.whole("max_tokens", 2, MOST_TOKENS, 300),
        ),
        preview=_preview(preview, folder),
    )
    for table in (defaults, precision, text, preview, document):
        table.finish()
    return manifest


def pack_file_text(manifest: PackManifest) -> str:
    """The pack.toml that reads back as `manifest`."""
    return "\n".join(_lines(manifest)) + "\n"


def _examples(document: StrictTable) -> tuple[str, ...]:
    found = document.texts("examples")
    if len(found) > MOST_EXAMPLES or any(len(text) > LONGEST_EXAMPLE or not text.isprintable() for text in found):
        expected = f"at most {MOST_EXAMPLES} prompts of one line, each of at most {LONGEST_EXAMPLE} characters"
        document.refuse("examples", expected, list(found))
    return found


def _base_size(document: StrictTable) -> int:
    side = document.whole("base_size", MULTIPLE, LARGEST_SIDE)
    if side % MULTIPLE:
        document.refuse("base_size", f"a multiple of {MULTIPLE}", side)
    return side


def _official_shift(defaults: StrictTable) -> float | None:
    key = "official_flow_shift"
    return defaults.number(key, 0.01, LARGEST_FLOW_SHIFT) if defaults.has(key) else None


def _precisions(table: StrictTable) -> PackPrecisions:
    found = PackPrecisions(
        transformer=table.choices("transformer", Precision),
        text_encoder=table.choices("text_encoder", Precision),
        vae=table.choices("vae", Precision),
    )
    for key, value in (("transformer", found.transformer), ("text_encoder", found.text_encoder), ("vae", found.vae)):
        for other in value:
            if other is Precision.AUTO or other.quantizes:
                table.refuse(key, "a list of fp32, bf16 and fp16", other.value)
        if key != "transformer" and Precision.FP16 in value:
            table.refuse(key, "a list of fp32 and bf16 (Gemma and DC-AE overflow in fp16)", "fp16")
    return found


def _preview(table: StrictTable, folder: Path) -> PackPreview:
    kind = table.choice("kind", PreviewKind, PreviewKind.LINEAR)
    file, tiny = _file_in(table, "file", folder), _file_in(table, "tiny", folder)
    if kind is PreviewKind.TINY and file is None:
        table.refuse("file", "the tiny decoder's safetensors file", None)
    return PackPreview(kind=kind, file=file, tiny=tiny)


def _file_in(table: StrictTable, key: str, folder: Path) -> Path | None:
    if not table.has(key):
        return None
    name = table.text(key)
    if not stays_inside(name):
        table.refuse(key, "a path inside the pack", name)
    if not (folder / name).is_file():
        table.refuse(key, "a file of the pack", name)
    return folder / name


def stays_inside(name: str) -> bool:
    """Whether a relative path written by a stranger cannot leave its folder, on any system."""
    windows = PureWindowsPath(name)
    return bool(
        name
        and "\0" not in name
        and not windows.drive
        and not windows.root
        and not PurePosixPath(name).is_absolute()
        and ".." not in windows.parts
    )


def _lines(pack: PackManifest) -> Iterator[str]:
    yield f"format = {FORMAT}"
    for key in ("id", "name", "version", "family", "licence", "description", "notice"):
        value = getattr(pack, key)
        if value:
            yield f"{key} = {_quoted(value)}"
    if pack.examples:
        yield f"examples = {_list(pack.examples)}"
    yield f"base_size = {pack.base_size}"
    yield "\n[defaults]"
    yield f"steps = {pack.default_steps}"
    yield f"guidance = {pack.default_guidance!r}"
    yield f"solver = {_quoted(pack.default_solver)}"
    yield f"flow_shift = {pack.flow_shift!r}"
    if pack.official_flow_shift is not None:
        yield f"official_flow_shift = {pack.official_flow_shift!r}"
    yield "\n[precision]"
    yield f"transformer = {_list(pack.precisions.transformer)}"
    yield f"text_encoder = {_list(pack.precisions.text_encoder)}"
    yield f"vae = {_list(pack.precisions.vae)}"
    yield "\n[text]"
    yield f"encoder = {_quoted(pack.text.source)}"
    yield f"instruction = {str(pack.text.instruction).lower()}"
    yield f"max_tokens = {pack.text.max_tokens}"
    yield "\n[preview]"
    yield f"kind = {_quoted(pack.preview.kind)}"
    for key, file in (("file", pack.preview.file), ("tiny", pack.preview.tiny)):
        if file is not None:
            yield f"{key} = {_quoted(file.relative_to(pack.folder).as_posix())}"


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(_quoted(value) for value in values)}]"


def _quoted(text: str) -> str:
    # JSON escapes all that TOML wants escaped but one character.
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
