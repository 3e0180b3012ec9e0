"""What is being fetched, or was: written beside the files, so that it can be gone on with, checked and repaired."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sana_desktop.errors import PackError
from sana_desktop.system.fetch.remote import RemoteFile, RemoteListing, checked_file, is_commit
from sana_desktop.system.pack_file import is_pack_id
from sana_desktop.system.small_files import read_json_object
from sana_desktop.system.strict_table import StrictTable
from sana_desktop.system.whole_files import write_whole

# In the folder of an installed pack, and in that of an unfinished one.
FILE_NAME = "fetched.json"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """One fetch of a published model: from where, at which commit, on which accepted terms, and every file.

    `pack_id` is also the id of the model in the catalog. `endpoint` is the hub that was asked.
    """

    pack_id: str
    repository: str
    revision: str
    endpoint: str
    terms: tuple[str, ...]
    files: tuple[RemoteFile, ...]

    @property
    def listing(self) -> RemoteListing:
        """Where the files are."""
        return RemoteListing(repository=self.repository, revision=self.revision, files=self.files)

    @property
    def total_bytes(self) -> int:
        """All files together."""
        return sum(file.size for file in self.files)


def write_record(folder: Path, record: FetchRecord) -> None:
    """Put the record into `folder`, whole or not at all. Raises `OSError`."""
    document = {
        "format": FORMAT,
        "pack": record.pack_id,
        "repository": record.repository,
        "revision": record.revision,
        "endpoint": record.endpoint,
        "terms": list(record.terms),
        "files": [
            {"path": file.path, "size": file.size, "sha256" if file.sha256 else "git_sha1": file.hash}
            for file in record.files
        ],
    }
    write_whole(folder / FILE_NAME, (json.dumps(document, indent=1) + "\n").encode())


def read_record(folder: Path) -> FetchRecord | None:
    """The record in `folder`, None if there is none; raises `PackError` for one that is damaged."""
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    document = StrictTable(read_json_object(path), f"{folder.name}/{FILE_NAME}")
    document.whole("format", FORMAT, FORMAT)
    pack_id, revision = document.text("pack"), document.text("revision")
    if not is_pack_id(pack_id):
        document.refuse("pack", "the id of a pack", pack_id)
    if not is_commit(revision):
        document.refuse("revision", "a commit of 40 hexadecimal digits", revision)
    record = FetchRecord(
        pack_id=pack_id,
        repository=document.text("repository"),
        revision=revision,
        endpoint=document.text("endpoint"),
        terms=document.texts("terms"),
        files=tuple(_file(entry, document) for entry in document.list_of("files")),
    )
    document.finish()
    return record


def _file(entry: object, document: StrictTable) -> RemoteFile:
    values = cast(dict[str, object], entry) if isinstance(entry, dict) else {}
    try:
        return checked_file(values.get("path"), values.get("size"), values.get("sha256"), values.get("git_sha1"))
    except ValueError as error:
        raise PackError(f"{document.where}: {error}.") from error
