import pytest

from sana_desktop.engine.published_shapes import shape_of_model
from sana_desktop.system.packs import shipped_catalog
from sana_models.configs import DC_AE_F32C32, SANA_0_6B, SANA_1_6B, DiTConfig


@pytest.mark.parametrize(("name", "config"), [("sana-600m-1024px", SANA_0_6B), ("sana-1600m-1024px", SANA_1_6B)])
def test_a_published_model_has_the_shape_of_its_family(name: str, config: DiTConfig) -> None:
    entry = shipped_catalog().named(name)
    assert entry is not None
    found = shape_of_model(entry).transformer
    assert (found.layers, found.width, found.ffn_width) == (config.layers, config.width, config.ffn_width)


def test_encoder_and_decoder_of_the_published_autoencoder_are_counted_apart() -> None:
    import torch

    from sana_models.dc_ae import DCAutoencoder

    entry = shipped_catalog().named("sana-600m-1024px")
    assert entry is not None
    found = shape_of_model(entry)
    with torch.device("meta"):
        network = DCAutoencoder(DC_AE_F32C32)
    for half, numbers in ((network.encoder, found.encoder_numbers), (network.decoder, found.decoder_numbers)):
        assert numbers == sum(parameter.numel() for parameter in half.parameters())
