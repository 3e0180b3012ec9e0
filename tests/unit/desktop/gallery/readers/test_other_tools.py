import json
from html import escape

from sana_desktop.gallery.readers.carried import Carried
from sana_desktop.gallery.readers.other_tools import (
    read_draw_things,
    read_easy_diffusion,
    read_fooocus,
    read_novelai,
    read_swarmui,
)
from sana_desktop.gallery.readers.source import read_carried
from support.foreign_pictures import png_with, with_comment


def test_swarmui_is_read():
    settings = {"prompt": "a fox", "negativeprompt": "blurry", "model": "sana", "seed": "12", "steps": 20,
                "cfgscale": 4.5, "width": 1024, "height": 768, "sampler": "euler", "swarm_version": "0.9"}  # fmt: skip
    comment = json.dumps({"sui_image_params": settings, "sui_extra_data": {}})

    for data in (png_with(parameters=comment), with_comment(comment)):
        found = read_swarmui(read_carried(data))

        assert found is not None
        assert (found.tool, found.prompt, found.negative, found.seed) == ("SwarmUI 0.9", "a fox", "blurry", 12)
        assert (found.steps, found.guidance, found.size) == (20, 4.5, (1024, 768))
        assert (found.sampler, found.model, found.extra) == ("euler", "sana", ())


def test_fooocus_is_read():
    settings = {"prompt": "a fox", "negative_prompt": "blurry", "resolution": "(1152, 896)", "guidance_scale": 4.0,
                "seed": "8", "steps": 30, "base_model": "juggernaut", "sampler": "dpmpp_2m_sde_gpu",
                "scheduler": "karras", "version": "Fooocus v2.5.5"}  # fmt: skip

    found = read_fooocus(read_carried(png_with(parameters=json.dumps(settings), fooocus_scheme="fooocus")))

    assert found is not None
    assert (found.tool, found.prompt, found.negative) == ("Fooocus v2.5.5", "a fox", "blurry")
    assert (found.seed, found.steps, found.guidance, found.size) == (8, 30, 4.0, (1152, 896))
    assert (found.model, found.extra) == ("juggernaut", (("scheduler", "karras"),))


def test_easy_diffusion_is_read_from_texts_and_from_json():
    names = {"prompt": "a fox", "negative_prompt": "blurry", "seed": "3", "num_inference_steps": "25",
             "guidance_scale": "7.5", "width": "512", "height": "512", "sampler_name": "euler_a",
             "use_stable_diffusion_model": "sd-v1-4"}  # fmt: skip

    for data in (png_with(**names), with_comment(json.dumps(names))):
        found = read_easy_diffusion(read_carried(data))

        assert found is not None
        assert (found.prompt, found.negative, found.seed, found.steps) == ("a fox", "blurry", 3, 25)
        assert (found.guidance, found.size, found.model) == (7.5, (512, 512), "sd-v1-4")


def test_draw_things_is_read():
    settings = {"c": "a <red> fox", "uc": "blurry", "seed": 4, "scale": 5.0, "steps": 12, "size": "512x768",
                "sampler": "DPM++ 2M", "model": "sd.ckpt", "v2": {}}  # fmt: skip
    xmp = f"<x><exif:UserComment><rdf:Alt><rdf:li xml:lang='x'>{escape(json.dumps(settings))}</rdf:li></rdf:Alt>"

    found = read_draw_things(Carried(kind="PNG", width=8, height=8, texts={}, xmp=xmp + "</exif:UserComment></x>"))

    assert found is not None
    assert (found.tool, found.prompt, found.negative) == ("Draw Things", "a <red> fox", "blurry")
    assert (found.seed, found.steps, found.guidance, found.size) == (4, 12, 5.0, (512, 768))


def test_novelai_is_read():
    comment = json.dumps({"uc": "blurry", "scale": 11.0, "steps": 28, "seed": 6, "sampler": "k_euler", "width": 640,
                          "height": 640})  # fmt: skip

    found = read_novelai(read_carried(png_with(Software="NovelAI", Description="a fox", Comment=comment)))

    assert found is not None
    assert (found.tool, found.prompt, found.negative) == ("NovelAI", "a fox", "blurry")
    assert (found.seed, found.steps, found.guidance, found.size) == (6, 28, 11.0, (640, 640))


def test_each_leaves_the_pictures_of_the_others_alone():
    readers = (read_swarmui, read_fooocus, read_easy_diffusion, read_draw_things, read_novelai)
    for texts in ({"parameters": "a fox"}, {"parameters": '{"a": 1}', "Comment": "{}"}, {"prompt": "a fox"}):
        carried = read_carried(png_with(**texts))

        assert [read(carried) for read in readers] == [None] * len(readers)
