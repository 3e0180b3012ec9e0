"""Checkpoints as strangers write them: diffusers pipeline folders, and the originals of NVlabs and MIT Han Lab.

The names of the originals are written out here a second time, by hand and in the other direction, so
that a mistake in the product's tables is not made here too.
"""

import math
import os
import pickle
import re
import struct
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer
from support.tiny_models import diffusers_dcae, diffusers_dit, in_file_layout


def write_pipeline_folder(
    folder: Path,
    transformer: SanaTransformer,
    autoencoder: DCAutoencoder,
    *,
    flow_shift: float = 3.0,
    text_encoder: Any = None,
    tokenizer: Any = None,
    **save_options: Any,
) -> Path:
    """Let diffusers save a `SanaPipeline` (or a `SanaSprintPipeline`, for a network with guidance) into `folder`.

    Without text parts the folder has none, and index entries for none. `save_options` go to
    `save_pretrained` (`variant`, `max_shard_size`).
    """
    from diffusers.pipelines.sana.pipeline_sana import SanaPipeline
    from diffusers.pipelines.sana.pipeline_sana_sprint import SanaSprintPipeline
    from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
    from diffusers.schedulers.scheduling_scm import SCMScheduler

    parts = {"transformer": diffusers_dit(transformer), "vae": diffusers_dcae(autoencoder)}
    parts |= {"text_encoder": text_encoder, "tokenizer": tokenizer}
    scheduler: Any
    if transformer.config.guidance_embeds:
        scheduler, kind = SCMScheduler(), SanaSprintPipeline
    else:
        scheduler = DPMSolverMultistepScheduler(
            flow_shift=flow_shift, use_flow_sigmas=True, prediction_type="flow_prediction"
        )
        kind = SanaPipeline
    pipeline: Any = kind(scheduler=scheduler, **parts)
    pipeline.save_pretrained(folder, **save_options)
    return folder


def original_transformer(transformer: SanaTransformer) -> dict[str, Tensor]:
    """The weights of a transformer as NVlabs' checkpoints name them, with what only training needs."""
    state = in_file_layout(transformer)
    sprint = transformer.config.guidance_embeds
    time = "time_embed.timestep_embedder" if sprint else "time_embed.emb.timestep_embedder"
    found: dict[str, Tensor] = {
        "pos_embed": torch.zeros(1, transformer.config.sample_size**2, transformer.config.width),
        "y_embedder.y_embedding": torch.zeros(300, transformer.config.caption_channels),
        "attention_y_norm.weight": state["caption_norm.weight"],
        "final_layer.scale_shift_table": state["scale_shift_table"],
    }

    def put(original: str, ours: str, *leaves: str) -> None:
        for leaf in leaves:
            found[f"{original}.{leaf}"] = state[f"{ours}.{leaf}"]

    both = ("weight", "bias")
    put("x_embedder.proj", "patch_embed.proj", *both)
    put("y_embedder.y_proj.fc1", "caption_projection.linear_1", *both)
    put("y_embedder.y_proj.fc2", "caption_projection.linear_2", *both)
    put("t_embedder.mlp.0", f"{time}.linear_1", *both)
    put("t_embedder.mlp.2", f"{time}.linear_2", *both)
    put("t_block.1", "time_embed.linear", *both)
    put("final_layer.linear", "proj_out", *both)
    if sprint:
        put("cfg_embedder.mlp.0", "time_embed.guidance_embedder.linear_1", *both)
        put("cfg_embedder.mlp.2", "time_embed.guidance_embedder.linear_2", *both)
        found["logvar_linear.weight"] = torch.zeros(1, transformer.config.width)
        found["logvar_linear.bias"] = torch.zeros(1)
    for block in range(transformer.config.layers):
        old, new = f"blocks.{block}", f"transformer_blocks.{block}"
        found[f"{old}.scale_shift_table"] = state[f"{new}.scale_shift_table"]
        found[f"{old}.attn.qkv.weight"] = torch.cat([state[f"{new}.attn1.to_{part}.weight"] for part in "qkv"])
        for leaf in both:
            keys_values = [state[f"{new}.attn2.to_{part}.{leaf}"] for part in "kv"]
            found[f"{old}.cross_attn.kv_linear.{leaf}"] = torch.cat(keys_values)
        put(f"{old}.attn.proj", f"{new}.attn1.to_out.0", *both)
        put(f"{old}.cross_attn.q_linear", f"{new}.attn2.to_q", *both)
        put(f"{old}.cross_attn.proj", f"{new}.attn2.to_out.0", *both)
        put(f"{old}.mlp.inverted_conv.conv", f"{new}.ff.conv_inverted", *both)
        put(f"{old}.mlp.depth_conv.conv", f"{new}.ff.conv_depth", *both)
        put(f"{old}.mlp.point_conv.conv", f"{new}.ff.conv_point", "weight")
        if transformer.config.qk_norm:
            put(f"{old}.attn.q_norm", f"{new}.attn1.norm_q", "weight")
            put(f"{old}.attn.k_norm", f"{new}.attn1.norm_k", "weight")
            put(f"{old}.cross_attn.q_norm", f"{new}.attn2.norm_q", "weight")
            put(f"{old}.cross_attn.k_norm", f"{new}.attn2.norm_k", "weight")
    return found


def original_autoencoder(autoencoder: DCAutoencoder) -> dict[str, Tensor]:
    """The weights of a DC-AE as MIT Han Lab's file names them."""
    found: dict[str, Tensor] = {}
    state = autoencoder.state_dict()
    for name, tensor in state.items():
        if name.endswith((".to_k.weight", ".to_v.weight")):
            continue
        if name.endswith(".to_q.weight"):
            tensor = torch.cat([tensor, *(state[name.replace("to_q", other)] for other in ("to_k", "to_v"))])
        if name.endswith((".to_q.weight", ".to_out.weight")):
            tensor = tensor[:, :, None, None]
        found[_original_autoencoder_name(name)] = tensor
    return found


def _original_autoencoder_name(name: str) -> str:
    block = re.fullmatch(r"(\w+)\.(?:down|up)_blocks\.(\d+)\.(\d+)\.(.+)", name)
    if block is None:
        for ours, original in (
            ("encoder.conv_in.conv.", "encoder.project_in.main.conv.conv."),
            ("encoder.conv_in.", "encoder.project_in.conv."),
            ("encoder.conv_out.", "encoder.project_out.main.op_list.0.conv."),
            ("decoder.conv_in.", "decoder.project_in.main.conv."),
            ("decoder.norm_out.", "decoder.project_out.op_list.0."),
            ("decoder.conv_out.conv.", "decoder.project_out.op_list.2.conv.conv."),
            ("decoder.conv_out.", "decoder.project_out.op_list.2.conv."),
        ):
            if name.startswith(ours):
                return name.replace(ours, original)
        raise AssertionError(name)
    half, stage, number, inside = block.groups()
    for ours, original in (
        ("attn.to_q.", "context_module.main.qkv.conv."),
        ("attn.to_out.", "context_module.main.proj.conv."),
        ("attn.norm_out.", "context_module.main.proj.norm."),
        ("attn.to_qkv_multiscale.0.proj_in.", "context_module.main.aggreg.0.0."),
        ("attn.to_qkv_multiscale.0.proj_out.", "context_module.main.aggreg.0.1."),
        ("conv_out.conv_inverted.", "local_module.main.inverted_conv.conv."),
        ("conv_out.conv_depth.", "local_module.main.depth_conv.conv."),
        ("conv_out.conv_point.", "local_module.main.point_conv.conv."),
        ("conv_out.norm.", "local_module.main.point_conv.norm."),
        ("conv1.", "main.conv1.conv."),
        ("conv2.", "main.conv2.conv."),
        ("norm.", "main.conv2.norm."),
        # Stages narrow by a plain convolution and widen by one inside an interpolating layer.
        ("conv.", "main.conv." if half == "encoder" else "main.conv.conv."),
    ):
        if inside.startswith(ours):
            return f"{half}.stages.{stage}.op_list.{number}.{inside.replace(ours, original)}"
    raise AssertionError(name)


def write_pth(path: Path, weights: dict[str, Tensor], *, key: str | None = "state_dict", prefix: str = "") -> Path:
    """Save `weights` as NVlabs does: a pickle with the table under `state_dict`, or bare for `key` None."""
    table = {f"{prefix}{name}": tensor.contiguous() for name, tensor in weights.items()}
    torch.save(table if key is None else {key: table, "epoch": 1}, path)
    return path


def write_booby_trap(path: Path, victim: Path, *, zipped: bool = True) -> Path:
    """Save a checkpoint that creates the folder `victim` when it is unpickled without care."""
    torch.save(
        {"state_dict": {"weight": torch.zeros(1)}, "extra": _Trap(victim)}, path, _use_new_zipfile_serialization=zipped
    )
    return path


def write_plain_booby_trap(path: Path, victim: Path) -> Path:
    """The same trap as Python's own pickle module writes it, without any of torch's forms."""
    path.write_bytes(pickle.dumps({"state_dict": _Trap(victim)}))
    return path


def random_like(shapes: dict[str, tuple[int, ...]], dtype: torch.dtype) -> dict[str, Tensor]:
    """Random weights for a large network in seconds: pieces of one long row of noise, elsewhere for each tensor."""
    row = torch.randn(2**21, generator=torch.Generator().manual_seed(0))
    weights: dict[str, Tensor] = {}
    for number, (name, shape) in enumerate(shapes.items()):
        count = math.prod(shape)
        scale = (count / shape[0]) ** -0.5 if len(shape) > 1 else 0.3
        piece = (row.roll(number * 7919) * scale).to(dtype)
        weights[name] = piece.repeat(-(-count // len(row)))[:count].view(shape)
    return weights


class _Trap:
    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.victim),))


def safetensors_with_header(path: Path, header: bytes, data: bytes = b"") -> Path:
    """Write a safetensors file with any header at all."""
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)
    return path
