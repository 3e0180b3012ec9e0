import torch

from sana_desktop.engine.preview import LinearMap, linear_preview
from training.preview import fit_linear


def test_the_fitted_map_finds_a_map_that_made_the_pictures() -> None:
    torch.manual_seed(0)
    weight, bias = 0.1 * torch.randn(3, 32), torch.tensor([0.4, 0.5, 0.6])
    latents = torch.randn(40, 32, 2, 2)
    colors = torch.einsum("bkhw,ck->bchw", latents, weight) + bias[:, None, None]
    images = colors.repeat_interleave(32, -1).repeat_interleave(32, -2)
    found = fit_linear(latents, images)
    torch.testing.assert_close(found["weight"], weight, atol=1e-4, rtol=0)
    torch.testing.assert_close(found["bias"], bias, atol=1e-4, rtol=0)


def test_the_fitted_map_is_what_the_preview_takes() -> None:
    found = fit_linear(torch.randn(20, 32, 2, 2), torch.rand(20, 3, 64, 64))
    shown = linear_preview(LinearMap(found["weight"], found["bias"]), torch.randn(1, 32, 2, 3))
    assert (shown.width, shown.height) == (3, 2)
