import json
import random
from typing import Any

from sana_desktop.domain.inspected import Inspected
from sana_desktop.gallery.readers.comfyui import read_comfyui
from sana_desktop.gallery.readers.source import read_carried
from support.foreign_pictures import png_with

PLAIN: dict[str, dict[str, Any]] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 156680208700286, "steps": 20, "cfg": 8, "sampler_name": "euler", "scheduler": "normal",
            "denoise": 1, "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd15.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 768, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a red fox", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
}  # fmt: skip

CUSTOM = {
    "13": {
        "class_type": "SamplerCustomAdvanced",
        "inputs": {
            "noise": ["25", 0], "guider": ["22", 0], "sampler": ["16", 0], "sigmas": ["17", 0],
            "latent_image": ["27", 0],
        },
    },
    "25": {"class_type": "RandomNoise", "inputs": {"noise_seed": 99}},
    "22": {"class_type": "BasicGuider", "inputs": {"model": ["12", 0], "conditioning": ["26", 0]}},
    "26": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["6", 0]}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["50", 0], "clip": ["11", 0]}},
    "50": {"class_type": "PrimitiveString", "inputs": {"value": "a fox in words from elsewhere"}},
    "16": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "dpmpp_2m"}},
    "17": {"class_type": "BasicScheduler", "inputs": {"steps": 28, "model": ["12", 0]}},
    "12": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux.safetensors"}},
    "27": {"class_type": "EmptySD3LatentImage", "inputs": {"width": ["51", 0], "height": 1024}},
    "51": {"class_type": "PrimitiveInt", "inputs": {"value": 832}},
}  # fmt: skip


def read(graph: object) -> Inspected | None:
    return read_comfyui(read_carried(png_with(prompt=json.dumps(graph))))


def test_a_plain_graph_is_followed():
    found = read(PLAIN)

    assert found is not None
    assert (found.prompt, found.negative) == ("a red fox", "blurry")
    assert (found.seed, found.steps, found.guidance) == (156680208700286, 20, 8)
    assert (found.size, found.sampler, found.model) == ((512, 768), "euler", "sd15.safetensors")
    assert found.extra == (("scheduler", "normal"), ("denoise", "1"))


def test_a_graph_of_many_small_nodes_is_followed():
    found = read(CUSTOM)

    assert found is not None
    assert (found.prompt, found.negative) == ("a fox in words from elsewhere", "")
    assert (found.seed, found.steps, found.guidance) == (99, 28, 3.5)
    assert (found.size, found.sampler, found.model) == ((832, 1024), "dpmpp_2m", "flux.safetensors")


def test_the_sampler_that_begins_is_taken_before_one_that_refines():
    refiner = {"class_type": "KSampler", "inputs": PLAIN["3"]["inputs"] | {"seed": 1, "latent_image": ["3", 0]}}

    found = read({"1": refiner} | PLAIN)

    assert found is not None
    assert found.seed == 156680208700286


def test_circles_come_to_an_end():
    circle = {
        "1": {"class_type": "KSampler", "inputs": {"positive": ["2", 0], "model": ["2", 0], "seed": ["2", 0]}},
        "2": {"class_type": "Loop", "inputs": {"conditioning": ["3", 0], "model": ["3", 0], "value": ["2", 0]}},
        "3": {"class_type": "Loop", "inputs": {"conditioning": ["2", 0], "model": ["2", 0]}},
    }

    found = read(circle)

    assert found is not None
    assert found.is_empty


def test_a_graph_without_a_sampler_says_so():
    found = read({"1": {"class_type": "LoadImage", "inputs": {}}})

    assert found is not None
    assert "no sampler" in found.notes[0]


def test_graphs_of_nonsense_are_read_or_not_but_never_crash():
    chance = random.Random(5)
    values = [None, [], {}, "6", ["6", 0], ["6"], [[], {}], True, 1e308, "x", ["none", 0]]
    for _ in range(300):
        graph = json.loads(json.dumps(chance.choice([PLAIN, CUSTOM])))
        for _ in range(4):
            node = chance.choice(list(graph.values()))
            inputs = node.get("inputs") if isinstance(node, dict) else None
            if isinstance(inputs, dict) and inputs:
                inputs[chance.choice(list(inputs))] = chance.choice(values)
            graph[chance.choice(list(graph))] = chance.choice([node, None, {"inputs": []}, {"class_type": []}])
        read(graph)


def test_a_prompt_in_words_is_no_graph():
    assert read_comfyui(read_carried(png_with(prompt="a fox"))) is None
    assert read({"a": 1}) is None
