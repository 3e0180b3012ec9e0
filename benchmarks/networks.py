"""Sana's networks at their true shapes with random weights, and diffusers' equal ones, sharing the same weights.

diffusers is imported inside the functions that build its networks, so machines without it measure the rest.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.quantize.linear import make_linear, quantize
from sana_desktop.engine.quantize.rules import transformer_layers
from sana_desktop.engine.text_features import TextFeatures
from sana_models.configs import SANA_0_6B, DCAEConfig, DiTConfig
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer

POSITIONS = 300

Network = TypeVar("Network", SanaTransformer, DCAutoencoder)


def random_dit(config: DiTConfig, dtype: torch.dtype, device: torch.device) -> SanaTransformer:
    """Our transformer; weights keep the size of activations as they are from layer to layer."""
    return _random(lambda: SanaTransformer(config), dtype, device)


def random_dcae(config: DCAEConfig, dtype: torch.dtype, device: torch.device) -> DCAutoencoder:
    """Our autoencoder."""
    return _random(lambda: DCAutoencoder(config), dtype, device)


def channels_last(network: Network) -> Network:
    """The same network, laid out as the product lays it out."""
    # torch declares no such call.
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return network


def _random(build: Callable[[], Network], dtype: torch.dtype, device: torch.device) -> Network:
    with torch.device("meta"):
        network = build()
    network = network.to(dtype).to_empty(device=device).eval().requires_grad_(requires_grad=False)
    generator = torch.Generator(device).manual_seed(0)
    for name, parameter in network.named_parameters():
        if parameter.ndim > 1:
            parameter.normal_(0, parameter[0].numel() ** -0.5, generator=generator)
        else:
            parameter.normal_(1.0 if name.endswith("weight") else 0.0, 0.1, generator=generator)
    return network


def diffusers_dit(ours: SanaTransformer) -> Any:
    """diffusers' transformer on the very tensors of ours; nothing is copied."""
    from diffusers.models.transformers.sana_transformer import SanaTransformer2DModel

    config = ours.config
    with torch.device("meta"):
        peer = SanaTransformer2DModel(
            in_channels=config.in_channels,
            out_channels=config.out_channels,
            num_attention_heads=config.heads,
            attention_head_dim=config.head_channels,
            num_layers=config.layers,
            num_cross_attention_heads=config.cross_heads,
            cross_attention_head_dim=config.cross_head_channels,
            cross_attention_dim=config.width,
            caption_channels=config.caption_channels,
            mlp_ratio=config.mlp_ratio,
            norm_eps=config.norm_eps,
            sample_size=config.sample_size,
            # Declared as whole numbers there; the published config has none or a fraction.
            interpolation_scale=config.interpolation_scale,  # pyright: ignore[reportArgumentType]
            qk_norm="rms_norm_across_heads" if config.qk_norm else None,
        )
    state = ours.state_dict()
    for name, tensor in state.items():
        if name.endswith(("patch_embed.proj.weight", "conv_inverted.weight", "conv_point.weight")):
            state[name] = tensor[:, :, None, None]
    peer.load_state_dict(state, strict=True, assign=True)
    return peer.eval()


def diffusers_dcae(ours: DCAutoencoder) -> Any:
    """diffusers' autoencoder on the very tensors of ours; nothing is copied."""
    from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC

    with torch.device("meta"):
        peer = AutoencoderDC(**asdict(ours.config))
    peer.load_state_dict(ours.state_dict(), strict=True, assign=True)
    return peer.eval()


def copy_of(network: Network, dtype: torch.dtype) -> Network:
    """The same weights in another precision, tensors of their own only where it is another one."""
    with torch.device("meta"):
        kind: Any = type(network)
        copy: Network = kind(network.config)
    copy.load_state_dict({name: tensor.to(dtype) for name, tensor in network.state_dict().items()}, assign=True)
    return copy.eval().requires_grad_(requires_grad=False)


def own_copy(network: SanaTransformer, dtype: torch.dtype) -> SanaTransformer:
    """The same weights in `dtype`, every tensor a new one."""
    with torch.device("meta"):
        copy = SanaTransformer(network.config)
    state = {name: tensor.to(dtype, copy=True) for name, tensor in network.state_dict().items()}
    copy.load_state_dict(state, assign=True)
    return copy.eval().requires_grad_(requires_grad=False)


def few_bits(network: SanaTransformer, kind: Precision) -> SanaTransformer:
    """The same weights as the product stores them in few bits, every tensor a new one; made where they are."""
    copy = own_copy(network, next(network.parameters()).dtype)
    for name, own_kind in transformer_layers(copy, kind).items():
        layer = cast(nn.Linear, copy.get_submodule(name))
        bias = {} if layer.bias is None else {"bias": layer.bias.detach()}  # pyright: ignore[reportUnnecessaryComparison]
        copy.set_submodule(name, make_linear(own_kind, quantize(own_kind, layer.weight.detach()) | bias))
    return copy


def diffusers_pipeline(transformer: Any, autoencoder: Any, shift: float) -> Any:
    """diffusers' pipeline of its own networks, without a text encoder."""
    from diffusers.pipelines.sana.pipeline_sana import SanaPipeline
    from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler

    kind: Any = SanaPipeline
    scheduler: Any = DPMSolverMultistepScheduler
    pipeline = kind(
        tokenizer=None,
        text_encoder=None,
        vae=autoencoder,
        transformer=transformer,
        scheduler=scheduler(
            use_flow_sigmas=True, prediction_type="flow_prediction", flow_shift=shift, algorithm_type="dpmsolver++"
        ),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def fast_dtype(device: torch.device) -> torch.dtype:
    """What the product would draw with on this device: bf16 where there are instructions for it, else fp32."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.get_device_capability(device)[0] >= 8 else torch.float16
    capabilities = torch.cpu.get_capabilities()
    return torch.bfloat16 if capabilities.get("amx_bf16") or capabilities.get("avx512_bf16") else torch.float32


def padded_text(tokens: int, seed: int) -> TextFeatures:
    """Random states of a prompt of so many tokens, padded to what the text encoder reads."""
    states = torch.randn(1, POSITIONS, SANA_0_6B.caption_channels, generator=torch.Generator().manual_seed(seed))
    return TextFeatures(states, (torch.arange(POSITIONS) < tokens)[None].long())


def worst_error(found: Tensor, truth: Tensor) -> float:
    """Largest difference as a part of the largest true value; infinite where something is not a number."""
    error = (found.double() - truth.double()).abs().max() / truth.double().abs().max()
    return float(error) if bool(error.isfinite()) else float("inf")
