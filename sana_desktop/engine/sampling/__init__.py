"""Solvers as pure functions from noise to latents: no clock, no device decisions, no progress bar.

Every solver starts from plain N(0, 1) noise and ends with latents in the scale that the autoencoder's
scaling factor expects, so the caller treats them all alike.
"""

from collections.abc import Callable

from torch import Tensor

# Noisy latents and their noise level (sigma; Sprint: s) to the network's output, both [B, K, h, w].
Denoise = Callable[[Tensor, float], Tensor]
# Step, counted from 1, and the clean latents that this step predicts, in the scale of the final ones.
OnStep = Callable[[int, Tensor], None]
