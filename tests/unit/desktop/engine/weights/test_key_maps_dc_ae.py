import pytest

from sana_desktop.engine.weights.key_maps_dc_ae import rename_original_dc_ae
from support.tiny_checkpoints import original_autoencoder
from support.tiny_models import TINY_DCAE, TINY_DCAE_LITE, random_dcae


@pytest.mark.parametrize("config", [TINY_DCAE, TINY_DCAE_LITE], ids=["full", "lite"])
def test_every_tensor_of_an_original_finds_its_place(config: object):
    network = random_dcae(TINY_DCAE if config is TINY_DCAE else TINY_DCAE_LITE)
    renamed = [name for key in original_autoencoder(network) for name in rename_original_dc_ae(key)]
    assert sorted(renamed) == sorted(network.state_dict())


@pytest.mark.parametrize(
    ("original", "ours"),
    [
        ("encoder.project_in.conv.bias", ("encoder.conv_in.bias",)),
        ("decoder.project_out.op_list.2.conv.weight", ("decoder.conv_out.weight",)),
        ("decoder.stages.4.op_list.0.main.conv.conv.weight", ("decoder.up_blocks.4.0.conv.weight",)),
        ("encoder.stages.0.op_list.1.main.conv2.norm.bias", ("encoder.down_blocks.0.1.norm.bias",)),
        (
            "encoder.stages.3.op_list.0.context_module.main.qkv.conv.weight",
            tuple(f"encoder.down_blocks.3.0.attn.to_{part}.weight" for part in "qkv"),
        ),
        (
            "decoder.stages.5.op_list.2.local_module.main.point_conv.norm.weight",
            ("decoder.up_blocks.5.2.conv_out.norm.weight",),
        ),
    ],
)
def test_original_names_become_the_published_ones(original: str, ours: tuple[str, ...]):
    assert rename_original_dc_ae(original) == ours


@pytest.mark.parametrize(
    "name", ["", "encoder.weight", "quantizer.codebook", "encoder.stages.0.op_list.0.main.conv9.conv.weight"]
)
def test_a_tensor_that_no_table_knows_is_an_error(name: str):
    with pytest.raises(KeyError):
        rename_original_dc_ae(name)
