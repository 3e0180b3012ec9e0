"""Pictures of ComfyUI: the settings are values of nodes in a graph, and have to be followed from the sampler."""

from collections import deque
from collections.abc import Collection

from sana_desktop.domain.inspected import Inspected
from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.json_values import (
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

TOOL = "ComfyUI"
# Graphs of people have some hundreds; a graph may also be a circle.
MOST_NODES = 1000

_SEED = ("seed", "noise_seed")
_TEXT = ("text", "string", "prompt", "text_g", "t5xxl", "value")
_MODEL = ("ckpt_name", "unet_name", "model_name", "model_path")
# Where prompts do not come from.
_NO_TEXT = frozenset({"clip", "vae", "image", "pixels", "model", "control_net", "mask"})


def read_comfyui(carried: Carried) -> Inspected | None:
    """The settings of the first sampler that draws from an empty picture, or of any; None without a graph."""
    graph = parsed_object(carried.texts.get("prompt", ""))
    if graph is None or not any("class_type" in as_object(node) for node in graph.values()):
        return None
    sampler = _sampler(graph)
    if sampler is None:
        return Inspected(tool=TOOL, notes=("The graph holds no sampler that is known here.",))
    inputs = _inputs(graph, sampler)
    # The custom sampler takes its prompts through a guider.
    guider = _linked(inputs.get("guider"))
    prompts = _inputs(graph, guider) if guider else inputs
    positive = _linked(prompts.get("positive")) or _linked(prompts.get("conditioning"))
    size = _size(graph, _linked(inputs.get("latent_image")))
    return Inspected(
        tool=TOOL,
        prompt=as_text(_find(graph, positive, _TEXT, _NO_TEXT)),
        negative=as_text(_find(graph, _linked(prompts.get("negative")), _TEXT, _NO_TEXT)),
        seed=as_whole(_near(graph, sampler, _SEED, ("noise", "seed", "noise_seed"))),
        steps=as_whole(_near(graph, sampler, ("steps",), ("sigmas", "steps"))),
        guidance=as_number(_near(graph, sampler, ("cfg", "guidance"), ("guider", "cfg"))),
        size=size,
        sampler=as_text(_near(graph, sampler, ("sampler_name",), ("sampler",))),
        model=as_text(_find(graph, _linked(prompts.get("model")) or guider, _MODEL, frozenset({"clip", "vae"}))),
        extra=other_pairs(inputs, {*_SEED, "steps", "cfg", "sampler_name"}),
    )


def _inputs(graph: Object, node: str) -> Object:
    return as_object(as_object(graph.get(node)).get("inputs"))


def _linked(value: object) -> str:
    """The node that an input takes its value from, empty if it holds the value itself."""
    parts = as_list(value)
    return as_text(parts[0]) if len(parts) == 2 else ""


def _sampler(graph: Object) -> str | None:
    samplers = [
        name
        for name, node in list(graph.items())[:MOST_NODES]
        if "Sampler" in as_text(as_object(node).get("class_type"))
        and ("positive" in _inputs(graph, name) or "guider" in _inputs(graph, name))
    ]
    # One that refines has the latents of another one.
    first = (name for name in samplers if _size(graph, _linked(_inputs(graph, name).get("latent_image"))) is not None)
    return next(first, samplers[0] if samplers else None)


def _size(graph: Object, latents: str) -> tuple[int, int] | None:
    inputs = _inputs(graph, latents)
    values = (_scalar(graph, inputs.get(name)) for name in ("width", "height"))
    return as_size(*values)


def _near(graph: Object, node: str, names: Collection[str], through: Collection[str]) -> object:
    """A value of a node, or of the nodes that it names for it."""
    inputs = _inputs(graph, node)
    for name in names:
        if name in inputs and (value := _scalar(graph, inputs[name])) is not None:
            return value
    for link in through:
        if (other := _linked(inputs.get(link))) and (found := _find(graph, other, (*names, "value"), ())) is not None:
            return found
    return None


def _scalar(graph: Object, value: object) -> object:
    """The value of an input, from a node of one number or text where it is linked to one."""
    for _ in range(8):
        if not (node := _linked(value)):
            return value if isinstance(value, str | int | float) else None
        inputs = _inputs(graph, node)
        value = next((inputs[name] for name in ("value", *_SEED, "int", "number", *_TEXT) if name in inputs), None)
    return None


def _find(graph: Object, start: str, names: Collection[str], avoid: Collection[str]) -> object:
    """The nearest value of one of these names at or before a node, breadth first."""
    waiting, seen = deque([start] if start else []), {start}
    while waiting and len(seen) <= MOST_NODES:
        inputs = _inputs(graph, waiting.popleft())
        for name in names:
            if isinstance(value := inputs.get(name), str | int | float) and value != "":
                return value
        for name, value in inputs.items():
            node = _linked(value)
            if node and name not in avoid and node not in seen:
                seen.add(node)
                waiting.append(node)
    return None
