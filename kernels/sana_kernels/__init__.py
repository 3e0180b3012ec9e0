"""The operations that Sana's networks are made of, one folder each, `reference.py` being the specification."""

from sana_kernels.gated_conv.reference import gated_depthwise_conv
from sana_kernels.linear_attention.reference import relu_linear_attention
from sana_kernels.modulated_norm.reference import modulated_layer_norm

__all__ = ["gated_depthwise_conv", "modulated_layer_norm", "relu_linear_attention"]
