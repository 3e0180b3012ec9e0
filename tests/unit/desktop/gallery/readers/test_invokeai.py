import json

from sana_desktop.gallery.readers.invokeai import read_invokeai
from sana_desktop.gallery.readers.source import read_carried
from support.foreign_pictures import png_with

CURRENT = {
    "app_version": "5.0.0",
    "generation_mode": "sdxl_txt2img",
    "positive_prompt": "a red fox",
    "negative_prompt": "blurry",
    "width": 832,
    "height": 1216,
    "seed": 2957,
    "rand_device": "cpu",
    "cfg_scale": 5.5,
    "steps": 30,
    "scheduler": "euler_k",
    "model": {"key": "1", "name": "juggernaut", "hash": "blake3:0"},
    "loras": [],
}


def test_the_current_form_is_read():
    found = read_invokeai(read_carried(png_with(invokeai_metadata=json.dumps(CURRENT))))

    assert found is not None
    assert (found.tool, found.prompt, found.negative) == ("InvokeAI 5.0.0", "a red fox", "blurry")
    assert (found.seed, found.steps, found.guidance, found.size) == (2957, 30, 5.5, (832, 1216))
    assert (found.sampler, found.model) == ("euler_k", "juggernaut")
    assert found.extra == (("generation_mode", "sdxl_txt2img"), ("rand_device", "cpu"))


def test_the_form_of_version_two_is_read():
    image = {"prompt": [{"prompt": "a fox", "weight": 1}], "seed": 5, "steps": 50, "cfg_scale": 7.5,
             "width": 512, "height": 768, "sampler": "k_lms"}  # fmt: skip
    data = {"app_version": "2.3.5", "model_weights": "sd-1.5", "image": image}

    found = read_invokeai(read_carried(png_with(sd__metadata=json.dumps(data))))

    assert found is not None
    assert (found.prompt, found.seed, found.steps, found.size) == ("a fox", 5, 50, (512, 768))
    assert (found.sampler, found.model, found.guidance) == ("k_lms", "sd-1.5", 7.5)


def test_the_command_line_of_version_one_is_read():
    line = '"a "red" fox" -s50 -S1234 -W512 -H768 -C7.5 -A k_lms'

    found = read_invokeai(read_carried(png_with(Dream=line)))

    assert found is not None
    assert (found.prompt, found.seed, found.steps, found.size) == ('a "red" fox', 1234, 50, (512, 768))
    assert (found.guidance, found.sampler) == (7.5, "k_lms")


def test_what_stands_in_brackets_was_not_wanted():
    image = {"prompt": [{"prompt": "a fox [blurry] in snow, [text, frame]", "weight": 1}]}
    for texts in (
        {"sd__metadata": json.dumps({"image": image})},
        {"Dream": '"a fox [blurry] in snow, [text, frame]" -s50'},
    ):
        found = read_invokeai(read_carried(png_with(**texts)))

        assert found is not None
        assert (found.prompt, found.negative) == ("a fox in snow,", "blurry text, frame")
    empty = read_invokeai(read_carried(png_with(Dream='"a  fox [] [" -s50')))
    assert empty is not None
    assert (empty.prompt, empty.negative) == ("a  fox [] [", "")


def test_values_of_any_shape_do_not_matter():
    strange = {key: [{}] for key in CURRENT} | {"model": "x", "seed": "nine"}
    for texts in (
        {"invokeai_metadata": json.dumps(strange)},
        {"sd__metadata": '{"image": 5}'},
        {"sd__metadata": '{"image": {"prompt": []}}'},
        {"sd__metadata": '{"image": {"prompt": [3]}}'},
        {"Dream": "-S"},
    ):
        found = read_invokeai(read_carried(png_with(**texts)))

        assert found is not None
        assert found.is_empty


def test_pictures_of_others_are_none():
    assert read_invokeai(read_carried(png_with(parameters="a fox", invokeai_metadata="{"))) is None
