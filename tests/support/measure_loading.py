"""Load or convert a network in a process of its own, and print what that took in memory, as JSON.

    python measure_loading.py load-transformer FOLDER DTYPE OUTPUT
    python measure_loading.py load-vae FOLDER DTYPE OUTPUT
    python measure_loading.py convert-transformer FILE FOLDER
    python measure_loading.py convert-vae FILE FOLDER

`peak` is by how many bytes the process's resident memory grew at most while it worked (VmHWM of
Linux), everything counted: private memory and pages of mapped files. `private` is by how much the
private part (RssAnon) had grown at the end. OUTPUT receives what the loaded network makes of fixed inputs.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from sana_desktop.engine.weights.checkpoint import read_checkpoint
from sana_desktop.engine.weights.convert import write_autoencoder, write_transformer
from sana_desktop.engine.weights.detect import detect_autoencoder, detect_transformer
from sana_desktop.engine.weights.load import load_autoencoder, load_transformer
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit import SanaTransformer
from support.tiny_models import TINY_DIT, noise

CPU = torch.device("cpu")


def status(field: str) -> int:
    """A line of the process's own memory account, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) * 1024


def measured(work: Callable[[], torch.nn.Module | None]) -> tuple[torch.nn.Module | None, dict[str, int]]:
    """What `work` returns, and the growth of memory."""
    # The first random numbers on the meta device make torch import 80 MB of itself, whatever the network's size.
    with torch.device("meta"):
        SanaTransformer(TINY_DIT)
    # Writing 5 makes the present size the highest so far.
    Path("/proc/self/clear_refs").write_text("5")
    resident, private = status("VmRSS"), status("RssAnon")
    result = work()
    return result, {"peak": status("VmHWM") - resident, "private": status("RssAnon") - private}


def never() -> None:
    """Not cancelled."""


@torch.inference_mode()
def output(network: torch.nn.Module, dtype: torch.dtype) -> dict[str, Tensor]:
    """What a network makes of fixed inputs of the smallest sizes that mean something."""
    if isinstance(network, SanaTransformer):
        text = network.prepare_text(noise(1, 3, network.config.caption_channels).to(dtype), torch.ones(1, 3))
        return {"velocity": network(noise(1, 32, 2, 2).to(dtype), torch.tensor([500.0]), text)}
    assert isinstance(network, DCAutoencoder)
    latents = network.encode(noise(1, 3, 64, 64).to(dtype))
    return {"latents": latents, "image": network.decode(latents)}


def main(verb: str, source: Path, *rest: str) -> None:
    """Do one of the four verbs."""
    if verb.startswith("convert"):

        def convert() -> None:
            weights = read_checkpoint(source)
            if verb == "convert-transformer":
                write_transformer(weights, detect_transformer(weights), Path(rest[0]), check=never)
            else:
                write_autoencoder(weights, detect_autoencoder(weights), Path(rest[0]), check=never)

        _, growth = measured(convert)
    else:
        dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[rest[0]]
        load = load_transformer if verb == "load-transformer" else load_autoencoder
        network, growth = measured(lambda: load(source, dtype=dtype, device=CPU))
        assert network is not None
        growth["weights"] = sum(tensor.nbytes for tensor in network.state_dict().values())
        if len(rest) > 1:
            save_file({name: tensor.contiguous() for name, tensor in output(network, dtype).items()}, rest[1])
    print(json.dumps(growth))  # noqa: T201 - this is what the parent process reads


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
