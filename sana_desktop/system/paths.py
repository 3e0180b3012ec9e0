"""Where the program keeps things."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sana_desktop.system.bundle import portable_home

HOME_VARIABLE = "SANA_DESKTOP_HOME"
_FOLDER_NAME = "sana-desktop"
_PICTURES_NAME = "Sana Desktop"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPaths:
    """The folders of one person's program. Naming them creates nothing.

    `config` holds what the user may edit, `data` is what must not be lost, `cache` is what can be made again,
    `packs` holds installed packs, `pictures` is where pictures go by default, `journal` keeps latents until
    their picture is saved.
    """

    config: Path
    data: Path
    cache: Path
    packs: Path
    pictures: Path
    journal: Path
    logs: Path

    @classmethod
    def find(cls, environment: Mapping[str, str] = os.environ, program: Path | None = None) -> "AppPaths":
        """The system's own places, or everything below one folder.

        That is the folder that SANA_DESKTOP_HOME names; else, for a bundle whose executable `program` has
        portable.txt beside it, the folder `home` there.
        """
        home = environment.get(HOME_VARIABLE)
        if home:
            return cls.below(Path(home).expanduser().absolute())
        portable = portable_home(program)
        if portable is not None:
            return cls.below(portable)
        data = platformdirs.user_data_path(_FOLDER_NAME, appauthor=False)
        config = platformdirs.user_config_path(_FOLDER_NAME, appauthor=False)
        return cls(
            # Windows and macOS have one place for both.
            config=data / "config" if config == data else config,
            data=data,
            cache=platformdirs.user_cache_path(_FOLDER_NAME, appauthor=False),
            packs=data / "packs",
            pictures=platformdirs.user_pictures_path() / _PICTURES_NAME,
            journal=data / "journal",
            logs=platformdirs.user_log_path(_FOLDER_NAME, appauthor=False),
        )

    @classmethod
    def below(cls, home: Path) -> "AppPaths":
        """Everything in one folder, for a portable installation or a test."""
        return cls(
            config=home / "config",
            data=home / "data",
            cache=home / "cache",
            packs=home / "packs",
            pictures=home / "pictures",
            journal=home / "journal",
            logs=home / "logs",
        )


def quantized_folder(cache_folder: Path, pack_id: str) -> Path:
    """Where a pack's weights of 8 and 4 bit are kept: not in the pack, which may be shared, shipped or read-only."""
    return cache_folder / "quantized" / pack_id
