"""Pictures of programs that write their settings under plain names: a table of names each."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from html import unescape

from sana_desktop.domain.inspected import Inspected
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.json_values import (
    Object,
    as_number,
    as_object,
    as_size,
    as_text,
    as_whole,
    other_pairs,
    parsed_object,
)

_TWO_NUMBERS = re.compile(r"\D{0,3}(\d{1,6})\D{1,5}(\d{1,6})\D{0,3}")
_XMP_COMMENT = ("<exif:UserComment>", "</exif:UserComment>")


def read_swarmui(carried: Carried) -> Inspected | None:
    """SwarmUI: JSON where others have A1111's text."""
    data = as_object((parsed_object(carried.texts.get("parameters", "")) or {}).get("sui_image_params"))
    names = {"negative": "negativeprompt", "guidance": "cfgscale"}
    version = as_text(data.get("swarm_version"))
    return _named(f"SwarmUI {version}".strip(), data, names, {"swarm_version"}) if data else None


def read_fooocus(carried: Carried) -> Inspected | None:
    """Fooocus, where it was set to write JSON; its other way of writing is A1111's text."""
    data = parsed_object(carried.texts.get("parameters", ""))
    scheme = carried.texts.get("fooocus_scheme", "")
    if data is None or not (scheme == "fooocus" or as_text(data.get("version")).startswith("Fooocus")):
        return None
    names = {"guidance": "guidance_scale", "model": "base_model", "size": "resolution"}
    return _named(as_text(data.get("version")) or "Fooocus", data, names, {"version"})


def read_easy_diffusion(carried: Carried) -> Inspected | None:
    """Easy Diffusion: one text for each value in PNG files, JSON in the others."""
    data: Object = carried.texts
    if not any(name in data for name in ("num_inference_steps", "Num Inference Steps", "Stable Diffusion model")):
        data = parsed_object(carried.texts.get("parameters", "")) or {}
        if "num_inference_steps" not in data:
            return None
    lower = {name.lower().replace(" ", "_"): value for name, value in data.items()}
    names = {"guidance": "guidance_scale"}
    # Version 2 wrote the names of its window.
    new = {"steps": "num_inference_steps", "sampler": "sampler_name", "model": "use_stable_diffusion_model"}
    names |= {"model": "stable_diffusion_model"} if "stable_diffusion_model" in lower else new
    return _named("Easy Diffusion", lower, names, {"parameters"})


def read_draw_things(carried: Carried) -> Inspected | None:
    """Draw Things: JSON as EXIF's user comment in the XMP packet."""
    # Not an XML parser: one property is wanted, and a packet from a stranger may hold entity bombs.
    comment = carried.xmp.partition(_XMP_COMMENT[0])[2].partition(_XMP_COMMENT[1])[0]
    data = parsed_object(unescape(comment[comment.find("{") : comment.rfind("}") + 1]))
    if data is None or "c" not in data:
        return None
    return _named("Draw Things", data, {"prompt": "c", "negative": "uc", "guidance": "scale"}, {"v2"})


def read_novelai(carried: Carried) -> Inspected | None:
    """NovelAI: the prompt as description, the rest as JSON in the comment."""
    data = parsed_object(carried.texts.get("Comment", ""))
    if data is None or carried.texts.get("Software") != "NovelAI":
        return None
    data = {"prompt": carried.texts.get("Description", ""), **data}
    return _named("NovelAI", data, {"negative": "uc", "guidance": "scale"})


def read_stability_matrix(carried: Carried) -> Inspected | None:
    """Stability Matrix: JSON beside A1111's text and ComfyUI's graph."""
    data = parsed_object(carried.texts.get("parameters-json", ""))
    if data is None:
        return None
    names = {
        "prompt": "PositivePrompt",
        "negative": "NegativePrompt",
        "seed": "Seed",
        "steps": "Steps",
        "guidance": "CfgScale",
        "sampler": "Sampler",
        "model": "ModelName",
        "width": "Width",
        "height": "Height",
    }
    return _named("Stability Matrix", data, names)


def _named(tool: str, data: Object, names: Mapping[str, str], known: AbstractSet[str] = frozenset()) -> Inspected:
    """Settings by the names that this program has for them, the usual ones where it has no other."""

    def at(name: str) -> object:
        return data.get(names.get(name, name))

    usual = ("prompt", "negative", "seed", "steps", "guidance", "sampler", "model", "size", "width", "height")
    used = {names.get(name, name) for name in usual}
    negative = at("negative") if "negative" in names else data.get("negative_prompt")
    match = _TWO_NUMBERS.fullmatch(as_text(at("size")))
    return Inspected(
        tool=tool,
        prompt=as_text(at("prompt")),
        negative=as_text(negative),
        seed=as_whole(at("seed")),
        steps=as_whole(at("steps")),
        guidance=as_number(at("guidance")),
        size=as_size(match[1], match[2]) if match else as_size(at("width"), at("height")),
        sampler=as_text(at("sampler")),
        model=as_text(at("model")),
        extra=other_pairs(data, used | known | {"negative_prompt"}),
    )
