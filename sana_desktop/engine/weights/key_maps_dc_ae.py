"""Names in the original DC-AE files of MIT Han Lab (`model.safetensors`, efficientvit's layout), as a table.

Our names are those of diffusers' files; see `key_maps` for the transformer.
"""

import re

CONTAINERS = ("main", "op_list")
"""Parts of an original name that only say how the modules were nested."""

ORIGINAL_BLOCK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("conv1.conv", ("conv1",)),
    ("conv2.conv", ("conv2",)),
    ("conv2.norm", ("norm",)),
    ("conv", ("conv",)),
    ("conv.conv", ("conv",)),
    ("context_module.qkv.conv", ("attn.to_q", "attn.to_k", "attn.to_v")),
    ("context_module.proj.conv", ("attn.to_out",)),
    ("context_module.proj.norm", ("attn.norm_out",)),
    ("context_module.aggreg.0.0", ("attn.to_qkv_multiscale.0.proj_in",)),
    ("context_module.aggreg.0.1", ("attn.to_qkv_multiscale.0.proj_out",)),
    ("local_module.inverted_conv.conv", ("conv_out.conv_inverted",)),
    ("local_module.depth_conv.conv", ("conv_out.conv_depth",)),
    ("local_module.point_conv.conv", ("conv_out.conv_point",)),
    ("local_module.point_conv.norm", ("conv_out.norm",)),
)
"""Module of a block of a stage -> the modules that its first axis is cut into, in order."""

ORIGINAL_ENDS: tuple[tuple[str, str], ...] = (
    ("encoder.project_in.conv", "encoder.conv_in"),
    ("encoder.project_in.conv.conv", "encoder.conv_in.conv"),
    ("encoder.project_out.0.conv", "encoder.conv_out"),
    ("decoder.project_in.conv", "decoder.conv_in"),
    ("decoder.project_out.0", "decoder.norm_out"),
    ("decoder.project_out.2.conv", "decoder.conv_out"),
    ("decoder.project_out.2.conv.conv", "decoder.conv_out.conv"),
)
"""What stands before and after the stages; a doubled `conv` is an end that changes the resolution itself."""

STAGES = {"encoder": "down_blocks", "decoder": "up_blocks"}

_BLOCK = re.compile(r"(encoder|decoder)\.stages\.([0-9]{1,2})\.([0-9]{1,3})\.(.+)")


def rename_original_dc_ae(key: str) -> tuple[str, ...]:
    """Published name(s) of a tensor of an original autoencoder; several mean: cut the first axis evenly.

    Raises KeyError for one that no table knows.
    """
    plain = ".".join(part for part in key.split(".") if part not in CONTAINERS)
    module, _, leaf = plain.rpartition(".")
    block = _BLOCK.fullmatch(module)
    if block is None:
        return (f"{dict(ORIGINAL_ENDS)[module]}.{leaf}",)
    half, stage, number, inside = block.groups()
    targets = dict(ORIGINAL_BLOCK)[inside]
    return tuple(f"{half}.{STAGES[half]}.{stage}.{number}.{target}.{leaf}" for target in targets)
