from pathlib import Path

import torch

from training.kept import AT_ONCE, KeptPictures


def test_kept_pictures_are_made_once_and_dealt_with_their_own_latents(tmp_path: Path) -> None:
    made: list[int] = []

    def make(size: int) -> tuple[torch.Tensor, torch.Tensor]:
        levels = torch.arange(len(made) * size, (len(made) + 1) * size).float()
        made.append(size)
        pictures = (levels / 127.5 - 1)[:, None, None, None].expand(size, 3, 4, 4)
        return pictures, levels[:, None, None, None].expand(size, 32, 1, 1)

    KeptPictures(tmp_path, AT_ONCE + 1, make)
    assert made == [AT_ONCE, AT_ONCE]
    pictures, latents = KeptPictures(tmp_path, AT_ONCE + 1, make).deal(400)
    assert len(made) == 2
    torch.testing.assert_close((pictures[:, 0, 0, 0] + 1) * 127.5, latents[:, 0, 0, 0])
    assert set(latents[:, 0, 0, 0].tolist()) == set(range(2 * AT_ONCE))
    assert [path.name for path in tmp_path.iterdir()] == ["pictures-17.safetensors"]
