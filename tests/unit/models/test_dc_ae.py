from dataclasses import asdict, replace

import pytest
import torch
from torch import nn

from sana_desktop.errors import JobCancelledError
from sana_models.configs import DC_AE_F32C32, DC_AE_LITE_F32C32, DC_AE_STARTER, DCAEConfig
from sana_models.dc_ae import DCAutoencoder
from support.tiny_models import (
    SHALLOW_DCAE,
    TINY_DCAE,
    TINY_DCAE_LITE,
    TINY_DCAE_RESIDUAL,
    cancel_at_call,
    diffusers_dcae,
    largest_error,
    random_dcae,
)

TOLERANCE = 1e-4
KINDS = {
    "attention": TINY_DCAE,
    "lite": TINY_DCAE_LITE,
    "residual": TINY_DCAE_RESIDUAL,
    "no-shortcuts": replace(TINY_DCAE_RESIDUAL, encoder_out_shortcut=False, decoder_in_shortcut=False),
    "empty-ends": replace(
        TINY_DCAE_LITE,
        encoder_layers_per_block=(0, 1, 1, 1, 1, 0),
        decoder_layers_per_block=(0, 1, 1, 1, 1, 0),
        upsample_block_type="interpolate",
    ),
    "named-per-stage": replace(
        TINY_DCAE,
        decoder_norm_types=("rms_norm",) * 6,
        decoder_act_fns=("relu", "silu", "relu", "silu", "relu", "silu"),
    ),
}


def _pictures(height: int, width: int, batch: int = 2) -> torch.Tensor:
    return torch.rand(batch, 3, height, width, generator=torch.Generator().manual_seed(height * width)) * 2 - 1


@torch.inference_mode()
def _worst_errors(config: DCAEConfig, height: int, width: int) -> tuple[float, float]:
    ours = random_dcae(config)
    oracle = diffusers_dcae(ours)
    images = _pictures(height, width)
    expected_latents = oracle.encode(images).latent
    expected_images = oracle.decode(expected_latents).sample
    assert expected_images.shape == images.shape
    return (
        largest_error(ours.encode(images), expected_latents),
        largest_error(ours.decode(expected_latents), expected_images),
    )


@pytest.mark.parametrize(("height", "width"), [(32, 32), (64, 96), (160, 64)])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_encodes_and_decodes_as_diffusers_does(kind: str, height: int, width: int):
    encode_error, decode_error = _worst_errors(KINDS[kind], height, width)
    assert encode_error <= TOLERANCE
    assert decode_error <= TOLERANCE


# Positions of the deepest stage: 1, 15, 31, 32 (the full score matrix up to here), 33, 36.
@pytest.mark.parametrize(("height", "width"), [(4, 4), (12, 20), (4, 124), (16, 32), (12, 44), (24, 24)])
def test_stages_around_32_positions_match_diffusers(height: int, width: int):
    encode_error, decode_error = _worst_errors(SHALLOW_DCAE, height, width)
    assert encode_error <= TOLERANCE
    assert decode_error <= TOLERANCE


@pytest.mark.parametrize(
    ("config", "tensors", "parameters"),
    [(DC_AE_F32C32, 375, 312_250_275), (DC_AE_LITE_F32C32, 293, 421_181_228), (DC_AE_STARTER, 121, 20_466_468)],
    ids=["f32c32", "lite", "starter"],
)
def test_names_and_shapes_of_the_true_networks_are_those_of_diffusers(
    config: DCAEConfig, tensors: int, parameters: int
):
    from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC

    with torch.device("meta"):
        ours = DCAutoencoder(config)
        oracle = AutoencoderDC(**asdict(config))
    found = {name: tuple(tensor.shape) for name, tensor in ours.state_dict().items()}
    assert found == {name: tuple(tensor.shape) for name, tensor in oracle.state_dict().items()}
    assert len(found) == tensors
    assert sum(parameter.numel() for parameter in ours.parameters()) == parameters


@torch.inference_mode()
def test_half_precision_stays_as_close_to_the_truth_as_diffusers():
    ours = random_dcae(TINY_DCAE)
    oracle = diffusers_dcae(ours)
    latents = torch.randn(1, 32, 6, 5, generator=torch.Generator().manual_seed(0))
    truth = oracle.decode(latents).sample
    found = ours.bfloat16().decode(latents.bfloat16())
    expected = oracle.bfloat16().decode(latents.bfloat16()).sample
    assert found.dtype is torch.bfloat16
    assert (found.float() - truth).abs().mean() <= 1.2 * (expected.float() - truth).abs().mean()


@torch.inference_mode()
def test_memory_layout_does_not_change_the_picture():
    ours = random_dcae(TINY_DCAE)
    images = _pictures(64, 96)
    plain = ours.encode(images)
    rows = ours.encode(images.contiguous(memory_format=torch.channels_last))
    assert largest_error(rows, plain) <= TOLERANCE


def test_the_residual_kind_is_one_graph_for_the_compiler():
    network = random_dcae(TINY_DCAE_RESIDUAL)
    images = _pictures(64, 64)
    compiled = torch.compile(network, backend="eager", fullgraph=True)
    latents, decoded = compiled(images)
    expected_latents, expected_decoded = network(images)
    assert torch.equal(latents, expected_latents)
    assert torch.equal(decoded, expected_decoded)


def _note_convolutions(network: DCAutoencoder, notes: list[str]) -> None:
    """Let `network` write down the convolutions (those of 1x1 as "point") that it runs."""

    def note(module: nn.Module, _: object) -> None:
        notes.append("point" if module.kernel_size == (1, 1) else "wide")

    for module in network.decoder.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_pre_hook(note)


@torch.inference_mode()
@pytest.mark.parametrize("config", KINDS.values(), ids=KINDS.keys())
def test_decoding_asks_before_every_convolution_and_stops_where_told(config: DCAEConfig):
    network = random_dcae(config)
    latents = torch.randn(1, 32, 1, 2, generator=torch.Generator().manual_seed(3))
    notes: list[str] = []
    plain = network.decode(latents)
    _note_convolutions(network, notes)
    assert torch.equal(network.decode(latents, lambda: notes.append("ask")), plain)
    # A convolution cannot be interrupted: whoever cancels must not wait for two.
    before = [notes[index - 1] for index, note in enumerate(notes) if note == "wide"]
    assert before
    assert set(before) == {"ask"}

    asked = [index for index, note in enumerate(notes) if note == "ask"]
    layers = [index - patience for patience, index in enumerate(asked)]
    for patience, ran in enumerate(layers):
        notes.clear()
        with pytest.raises(JobCancelledError):
            network.decode(latents, cancel_at_call(patience))
        assert len(notes) == ran


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decoder_norm_types": "batch_norm"}, "decoder_norm_types: expected rms_norm, found batch_norm"),
        ({"encoder_block_types": "Block"}, "encoder_block_types: expected EfficientViTBlock or ResBlock, found Block"),
        ({"decoder_conv_act_fn": "gelu"}, "decoder_conv_act_fn: expected relu or silu, found gelu"),
        ({"encoder_layers_per_block": (1, 1)}, "encoder_layers_per_block: expected one value for each of 6 stages"),
        ({"decoder_layers_per_block": (1, 0, 1, 1, 1, 1)}, "expected empty stages at the ends only"),
        ({"encoder_block_out_channels": (4, 8, 8, 16, 32, 63)}, "expected four times each to divide by the next"),
        ({"decoder_block_out_channels": (4, 8, 8, 16, 32, 16)}, "multiple of the 32 latent channels, found 16"),
        (
            {"downsample_block_type": "pixel_unshuffle", "encoder_block_out_channels": (2, 2, 2, 8, 32, 32)},
            "multiples of 4",
        ),
        ({"decoder_qkv_multiscales": ((), (), (), (5,), (4,), (5,))}, "expected odd kernel sizes"),
        ({"upsample_block_type": "bicubic"}, "upsample_block_type: expected interpolate or pixel_shuffle"),
    ],
)
def test_a_config_that_cannot_be_built_is_refused_by_name(change: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        replace(TINY_DCAE, **change)


def test_compression_is_two_to_the_number_of_halvings():
    assert DC_AE_F32C32.compression == 32
    assert SHALLOW_DCAE.compression == 4
