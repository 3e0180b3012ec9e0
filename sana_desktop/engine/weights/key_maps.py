"""Names of tensors in published files and in our networks, as tables.

Our parameter names are those of diffusers' files, so a diffusers file needs only `POINTWISE` and
`DROPPED`. Original checkpoints of NVlabs are renamed, and their fused projections cut, by `ORIGINAL`.
"""

import re
from collections.abc import Iterable

POINTWISE = ("patch_embed.proj.weight", ".ff.conv_inverted.weight", ".ff.conv_point.weight")
"""Ends of the names of convolutions with a 1x1 kernel: [out, in, 1, 1] in files, [out, in] in our networks."""

DROPPED = ("patch_embed.pos_embed", "pos_embed", "y_embedder.y_embedding", "logvar_linear.weight", "logvar_linear.bias")
"""Tensors of published files that drawing does not need: positions are computed, the rest is for training."""

ORIGINAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("x_embedder.proj", ("patch_embed.proj",)),
    ("y_embedder.y_proj.fc1", ("caption_projection.linear_1",)),
    ("y_embedder.y_proj.fc2", ("caption_projection.linear_2",)),
    ("attention_y_norm", ("caption_norm",)),
    ("t_embedder.mlp.0", ("time_embed.emb.timestep_embedder.linear_1",)),
    ("t_embedder.mlp.2", ("time_embed.emb.timestep_embedder.linear_2",)),
    ("t_block.1", ("time_embed.linear",)),
    ("blocks.*.attn.qkv", ("attn1.to_q", "attn1.to_k", "attn1.to_v")),
    ("blocks.*.attn.q_norm", ("attn1.norm_q",)),
    ("blocks.*.attn.k_norm", ("attn1.norm_k",)),
    ("blocks.*.attn.proj", ("attn1.to_out.0",)),
    ("blocks.*.cross_attn.q_linear", ("attn2.to_q",)),
    ("blocks.*.cross_attn.kv_linear", ("attn2.to_k", "attn2.to_v")),
    ("blocks.*.cross_attn.q_norm", ("attn2.norm_q",)),
    ("blocks.*.cross_attn.k_norm", ("attn2.norm_k",)),
    ("blocks.*.cross_attn.proj", ("attn2.to_out.0",)),
    ("blocks.*.mlp.inverted_conv.conv", ("ff.conv_inverted",)),
    ("blocks.*.mlp.depth_conv.conv", ("ff.conv_depth",)),
    ("blocks.*.mlp.point_conv.conv", ("ff.conv_point",)),
    ("final_layer.linear", ("proj_out",)),
)
"""Module of an original checkpoint -> the modules that its first axis is cut into, in order.

`blocks.*.` stands for every block; the names on the right then follow `transformer_blocks.*.`.
"""

ORIGINAL_SPRINT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("t_embedder.mlp.0", ("time_embed.timestep_embedder.linear_1",)),
    ("t_embedder.mlp.2", ("time_embed.timestep_embedder.linear_2",)),
    ("cfg_embedder.mlp.0", ("time_embed.guidance_embedder.linear_1",)),
    ("cfg_embedder.mlp.2", ("time_embed.guidance_embedder.linear_2",)),
)
"""What a checkpoint with embedded guidance calls otherwise; its entries win over `ORIGINAL`."""

BLOCK = "blocks"
OUR_BLOCK = "transformer_blocks"

_NUMBER = re.compile(r"[0-9]{1,4}")


def is_pointwise(name: str) -> bool:
    """Whether our network keeps the published [out, in, 1, 1] weight `name` as [out, in]."""
    return name.endswith(POINTWISE)


def rename_original(key: str, *, sprint: bool) -> tuple[str, ...] | None:
    """Published name(s) of a tensor of an original checkpoint; several mean: cut the first axis evenly.

    None for a tensor that is dropped. Raises KeyError for one that no table knows.
    """
    if key in DROPPED:
        return None
    block, inside = _split_block(key)
    start = "" if block is None else f"{OUR_BLOCK}.{block}."
    # The two tables of modulation are parameters of their own, not a module's weight or bias.
    if (inside == "scale_shift_table" and block is not None) or key == "final_layer.scale_shift_table":
        return (f"{start}scale_shift_table",)
    module, _, leaf = inside.rpartition(".")
    table = dict(ORIGINAL) | (dict(ORIGINAL_SPRINT) if sprint else {})
    pattern = module if block is None else f"{BLOCK}.*.{module}"
    if leaf not in ("weight", "bias") or pattern not in table:
        raise KeyError(key)
    return tuple(f"{start}{target}.{leaf}" for target in table[pattern])


def count_blocks(keys: Iterable[str]) -> int:
    """Number of blocks in an original checkpoint: one more than the highest number."""
    return 1 + max((int(block) for block, _ in map(_split_block, keys) if block is not None), default=-1)


def _split_block(key: str) -> tuple[str | None, str]:
    """("3", "attn.qkv.weight") for a tensor of block 3; (None, key) for any other."""
    parts = key.split(".", 2)
    if len(parts) == 3 and parts[0] == BLOCK and _NUMBER.fullmatch(parts[1]):
        return parts[1], parts[2]
    return None, key
