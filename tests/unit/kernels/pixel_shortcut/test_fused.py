import pytest
import torch

from support.kernels import DTYPES, assert_no_worse, need_triton
from support.tiny_models import noise

need_triton()

from sana_kernels.pixel_shortcut.fused import add_pixel_shortcut  # noqa: E402
from sana_kernels.pixel_shortcut.reference import add_pixel_shortcut as reference  # noqa: E402


@pytest.mark.usefixtures("poison")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("deep", "shallow"), [(8, 2), (6, 3), (12, 6), (5, 5)])
def test_it_is_no_worse_than_the_reference(deep: int, shallow: int, dtype: torch.dtype):
    out, x = noise(2, shallow, 6, 34).to(dtype), noise(2, deep, 3, 17).to(dtype)
    assert_no_worse(add_pixel_shortcut(out, x), reference(out, x), reference(out.double(), x.double()))


@pytest.mark.usefixtures("poison")
def test_the_layouts_of_the_inputs_do_not_matter():
    out, x = noise(2, 4, 6, 10).to(memory_format=torch.channels_last), noise(2, 8, 3, 5)
    found = add_pixel_shortcut(out, x)
    assert found.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(found, reference(out, x))
