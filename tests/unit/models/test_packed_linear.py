import torch
from torch import nn

from sana_models.packed_linear import PackedLinear, pack_linears
from support.tiny_models import TINY_DIT, noise, random_dit


class Adapted(nn.Linear):
    """As a quantizer or an adapter would put one there."""


def test_a_packed_layer_gives_what_the_plain_one_gave():
    for bias in (True, False):
        plain = nn.Linear(77, 33, bias=bias)
        packed = PackedLinear(plain, 64)
        for shape in [(1, 77), (5, 77), (2, 33, 77), (1, 200, 77)]:
            torch.testing.assert_close(packed(noise(*shape)), plain(noise(*shape)), rtol=1e-4, atol=1e-5)
        views = noise(77, 9).T
        torch.testing.assert_close(packed(views), plain(views), rtol=1e-4, atol=1e-5)


def test_plain_layers_are_replaced_and_others_stay():
    network = nn.Sequential(
        nn.Linear(4, 4), nn.Sequential(nn.Linear(4, 4), nn.ReLU()), Adapted(4, 4), nn.Conv2d(4, 4, 1)
    )
    assert pack_linears(network, 8) == 2
    assert [type(module).__name__ for module in network] == ["PackedLinear", "Sequential", "Adapted", "Conv2d"]


def test_dtypes_that_onednn_does_not_run_stay_plain():
    assert pack_linears(nn.Sequential(nn.Linear(4, 4).double()), 8) == 0
    with torch.device("meta"):
        assert pack_linears(nn.Sequential(nn.Linear(4, 4)), 8) == 0


def test_bf16_is_packed_where_the_processor_runs_it(monkeypatch):
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)
    assert pack_linears(nn.Sequential(nn.Linear(4, 4).bfloat16()), 8) == 0


@torch.inference_mode()
def test_a_transformer_draws_the_same_with_packed_blocks():
    network = random_dit(TINY_DIT)
    latents, time = noise(2, TINY_DIT.in_channels, 3, 5), torch.tensor([500.0])
    text = network.prepare_text(noise(2, 4, TINY_DIT.caption_channels), torch.ones(2, 4))
    before = network(latents, time, text)
    assert pack_linears(network.transformer_blocks, 30) == TINY_DIT.layers * 10
    torch.testing.assert_close(network(latents, time, text), before, rtol=1e-4, atol=1e-5)
    again = network.prepare_text(noise(2, 4, TINY_DIT.caption_channels), torch.ones(2, 4))
    torch.testing.assert_close(network(latents, time, again), before, rtol=1e-4, atol=1e-5)
