"""Measure the preview decoder of the published Sana models on held-out pictures, and put it into resources/.

    python -m training.sana_report build/training/crops --decoder build/training/sana-4 --out resources/preview

Writes the weights, `report.json` and the model card `README.md`. The report has the PSNR in dB of the linear map and
of the tiny decoder against the pictures behind the latents, at the size of the decoder's previews, for each
package. The linear map is enlarged bilinearly, as a window would.
Shapes: V views, K latent channels, h w latent and H W picture height and width.
"""

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from sana_desktop.engine.preview import PreviewDecoder, sana_linear_map
from sana_desktop.engine.weights.load import load_tiny_decoder
from training.pictures import SOURCES
from training.sana_preview import FILE, Crops

Show = Callable[[Tensor], Tensor]
_BATCH = 16


def linear_show(latents_VKhw: Tensor) -> Tensor:
    """The linear map's colours [V, 3, h, w] in [0, 1]."""
    mapping = sana_linear_map()
    return torch.einsum("vkhw,ck->vchw", latents_VKhw, mapping.weight_3K) + mapping.bias_3[:, None, None]


def psnr_of_each(show: Show, crops: Crops, side: int) -> Tensor:
    """PSNR in dB of every view [V], shown by `show` and enlarged to `side` where that is smaller."""
    found: list[Tensor] = []
    for picked in torch.split(torch.arange(len(crops.latents_VKhw)), _BATCH):
        with torch.inference_mode():
            shown = show(crops.latents_VKhw[picked].float()).clamp(0, 1)
        if shown.shape[-1] != side:
            shown = functional.interpolate(shown, size=side, mode="bilinear", align_corners=False)
        error_V = (shown - crops.pictures(picked, side)).square().mean(dim=(1, 2, 3))
        found.append(-10 * error_V.clamp(min=1e-6).log10())
    return torch.cat(found)


def report(crops: Crops, shows: dict[str, Show], side: int) -> dict[str, dict[str, float]]:
    """Mean PSNR by package, and over all views as `all`, of each way to show latents; `views` counts them."""
    groups = {source.package: crops.source_V == number for number, source in enumerate(SOURCES)}
    groups = {"all": torch.ones_like(crops.source_V, dtype=torch.bool)} | groups
    figures = {name: {"views": float(chosen.sum())} for name, chosen in groups.items() if chosen.any()}
    for way, show in shows.items():
        each_V = psnr_of_each(show, crops, side)
        for name, row in figures.items():
            row[way] = round(each_V[groups[name]].mean().item(), 2)
    return figures


_CARD = """# Preview decoder for the published Sana models: model card

Shows latents of `dc-ae-f32c32-sana-1.0` and 1.1 (scaled, as the transformer sees them) while a picture forms: {pixels}
pixels for each latent position. {parameters:,} parameters in bf16, made by `training/sana_preview.py`; licence MIT.

Trained on views of the pictures below and on the latents that the encoder of TAESANA (github.com/madebyollin/taesd,
MIT) gives for them. That encoder is itself a small copy of the published one; latents of the published autoencoder
have not been tried. No picture and no weight of another project is part of the file.

| package | licence of its pictures | share of the views |
|---|---|---|
{sources}

PSNR in dB on held-out pictures (`report.json`), at the size of the previews. `linear` is the program's map of one
colour per latent position, enlarged bilinearly.

| package | views | linear | tiny |
|---|---|---|---|
{figures}
"""


def card(figures: dict[str, dict[str, float]], decoder: PreviewDecoder, pixels: int) -> str:
    """The model card: data and licences from the list of sources, figures as measured."""
    sources: list[str] = []
    for source in SOURCES:
        share = "held out only" if source.only_held_out else f"{source.share:.0%}"
        sources.append(f"| {source.package} | {source.licence} | {share} |")
    rows = [
        f"| {name} | {row['views']:.0f} | {row['linear']:.2f} | {row['tiny']:.2f} |" for name, row in figures.items()
    ]
    parameters = sum(parameter.numel() for parameter in decoder.parameters())
    return _CARD.format(
        pixels=f"{pixels} x {pixels}", parameters=parameters, sources="\n".join(sources), figures="\n".join(rows)
    )


def main() -> None:
    """Read the command line, measure, copy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("crops", type=Path)
    parser.add_argument("--decoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    source = options.decoder / FILE
    decoder = load_tiny_decoder(source, dtype=torch.float32, device=torch.device("cpu"))
    crops = Crops(options.crops, "held-out")
    side = decoder(crops.latents_VKhw[:1].float()).shape[-1]
    figures = report(crops, {"linear": linear_show, "tiny": decoder}, side)
    options.out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, options.out / FILE)
    (options.out / "report.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    pixels = side // crops.latents_VKhw.shape[-1]
    (options.out / "README.md").write_text(card(figures, decoder, pixels), encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
