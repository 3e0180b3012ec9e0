"""Pictures of InvokeAI: version 3 and later, version 2, and the command line of version 1."""

import re

from sana_desktop.domain.inspected import Inspected
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.json_values import (
    LONGEST_VALUE,
    Object,
    as_list,
    as_number,
    as_object,
    as_size,
    as_text,
    as_whole,
    other_pairs,
    parsed_object,
)

TOOL = "InvokeAI"

_USED = frozenset(
    {"positive_prompt", "negative_prompt", "width", "height", "seed", "steps", "cfg_scale", "scheduler", "model"}
)
# What versions 1 and 2 should stay away from stands inside the prompt.
_UNWANTED = re.compile(r"\[([^\[\]]*)\]")
_FLAG = re.compile(r" -([sSWHCA]) ?([\w.]{1,40})(?= |$)")


def read_invokeai(carried: Carried) -> Inspected | None:
    """The settings that InvokeAI wrote, None if it wrote none."""
    texts = carried.texts
    if (data := parsed_object(texts.get("invokeai_metadata", ""))) is not None:
        return _current(data)
    if (data := parsed_object(texts.get("sd-metadata", ""))) is not None:
        return _second(data)
    if line := texts.get("Dream", ""):
        return _first(line)
    return None


def _current(data: Object) -> Inspected:
    model = as_object(data.get("model"))
    return Inspected(
        tool=f"{TOOL} {as_text(data.get('app_version'))}".strip(),
        prompt=as_text(data.get("positive_prompt")),
        negative=as_text(data.get("negative_prompt")),
        seed=as_whole(data.get("seed")),
        steps=as_whole(data.get("steps")),
        guidance=as_number(data.get("cfg_scale")),
        size=as_size(data.get("width"), data.get("height")),
        sampler=as_text(data.get("scheduler")),
        model=as_text(model.get("name")) or as_text(model.get("model_name")),
        extra=other_pairs(data, _USED | {"app_version"}),
    )


def _second(data: Object) -> Inspected:
    image = as_object(data.get("image"))
    prompt = image.get("prompt")
    if parts := as_list(prompt):
        prompt = as_object(parts[0]).get("prompt")
    wanted, unwanted = _parted(as_text(prompt))
    return Inspected(
        tool=f"{TOOL} {as_text(data.get('app_version'))}".strip(),
        prompt=wanted,
        negative=as_text(image.get("negative_prompt")) or unwanted,
        seed=as_whole(image.get("seed")),
        steps=as_whole(image.get("steps")),
        guidance=as_number(image.get("cfg_scale")),
        size=as_size(image.get("width"), image.get("height")),
        sampler=as_text(image.get("sampler")),
        model=as_text(data.get("model_weights")),
        extra=other_pairs(image, _USED | {"prompt", "sampler"}),
    )


def _first(line: str) -> Inspected:
    """A prompt in quotes and letters with values: "a fox" -s50 -S123 -W512 -H512 -C7.5 -Ak_lms."""
    _, _, quoted = line.partition('"')
    prompt, _, flags = quoted.rpartition('"')
    wanted, unwanted = _parted(prompt)
    values = dict(_FLAG.findall(flags[:LONGEST_VALUE]))
    return Inspected(
        tool=TOOL,
        prompt=wanted,
        negative=unwanted,
        seed=as_whole(values.get("S")),
        steps=as_whole(values.get("s")),
        guidance=as_number(values.get("C")),
        size=as_size(values.get("W"), values.get("H")),
        sampler=values.get("A", ""),
    )


def _parted(prompt: str) -> tuple[str, str]:
    """A prompt without its brackets, and what stood in them."""
    unwanted = " ".join(part.strip() for part in _UNWANTED.findall(prompt) if part.strip())
    return (" ".join(_UNWANTED.sub(" ", prompt).split()), unwanted) if unwanted else (prompt, "")
