"""The operations that Sana's networks are made of, one folder each, `reference.py` being the specification.

Networks call the names below; `dispatch` decides which version runs.
"""

from sana_kernels.channel_norm.reference import channel_rms_norm as _channel_rms_norm
from sana_kernels.conv3x3.lean import conv3x3 as _lean_conv3x3
from sana_kernels.conv3x3.reference import conv3x3 as _conv3x3
from sana_kernels.dispatch import Choice, Operation
from sana_kernels.gated_conv.reference import gated_depthwise_conv as _gated_depthwise_conv
from sana_kernels.gated_residual.reference import gated_residual as _gated_residual
from sana_kernels.linear_attention.lean import relu_linear_attention as _lean_linear_attention
from sana_kernels.linear_attention.reference import relu_linear_attention as _relu_linear_attention
from sana_kernels.modulated_norm.lean import modulated_layer_norm as _lean_modulated_norm
from sana_kernels.modulated_norm.reference import modulated_layer_norm as _modulated_layer_norm
from sana_kernels.pixel_shortcut.reference import add_pixel_shortcut as _add_pixel_shortcut
from sana_kernels.qk_norm_relu.reference import rms_norm_relu as _rms_norm_relu
from sana_kernels.w8a8.lean import w8a8_linear as _lean_w8a8_linear
from sana_kernels.w8a8.reference import w8a8_linear as _w8a8_linear

relu_linear_attention = Operation("linear_attention", _relu_linear_attention, _lean_linear_attention, has_fused=True)
gated_depthwise_conv = Operation("gated_conv", _gated_depthwise_conv, has_fused=True)
modulated_layer_norm = Operation("modulated_norm", _modulated_layer_norm, _lean_modulated_norm, has_fused=True)
gated_residual = Operation("gated_residual", _gated_residual, has_fused=True)
rms_norm_relu = Operation("qk_norm_relu", _rms_norm_relu, has_fused=True)
channel_rms_norm = Operation("channel_norm", _channel_rms_norm, has_fused=True)
conv3x3 = Operation("conv3x3", _conv3x3, _lean_conv3x3)
add_pixel_shortcut = Operation("pixel_shortcut", _add_pixel_shortcut, has_fused=True)
w8a8_linear = Operation("w8a8", _w8a8_linear, _lean_w8a8_linear, has_fused=True)

OPERATIONS: tuple[Operation[...], ...] = (
    relu_linear_attention,
    gated_depthwise_conv,
    modulated_layer_norm,
    gated_residual,
    rms_norm_relu,
    channel_rms_norm,
    conv3x3,
    add_pixel_shortcut,
    w8a8_linear,
)

__all__ = [
    "OPERATIONS",
    "Choice",
    "Operation",
    "add_pixel_shortcut",
    "channel_rms_norm",
    "conv3x3",
    "gated_depthwise_conv",
    "gated_residual",
    "modulated_layer_norm",
    "relu_linear_attention",
    "rms_norm_relu",
    "w8a8_linear",
]
