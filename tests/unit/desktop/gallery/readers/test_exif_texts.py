import io
import struct

import piexif
import pytest
from PIL import Image

from sana_desktop.gallery.exif import exif_block
from sana_desktop.gallery.readers.carried import Collector
from sana_desktop.gallery.readers.exif_texts import add_exif, decoded_comment


def texts(block: bytes) -> dict[str, str]:
    found = Collector()
    add_exif(found, block)
    return found.texts


def test_our_own_block_is_read():
    assert texts(exif_block("Sana Desktop 1", "ein Fuchs 狐")) == {
        "Software": "Sana Desktop 1",
        "parameters": "ein Fuchs 狐",
    }


def test_blocks_that_another_library_writes_are_read():
    block = piexif.dump(
        {
            "0th": {piexif.ImageIFD.Software: b"Fooocus", piexif.ImageIFD.ImageDescription: b"words"},
            "Exif": {
                piexif.ExifIFD.UserComment: b"UNICODE\0" + "a fox".encode("utf-16-be"),
                piexif.ExifIFD.MakerNote: b"fooocus",
            },
        }
    )

    assert texts(block) == {
        "Software": "Fooocus",
        "Description": "words",
        "parameters": "a fox",
        "fooocus_scheme": "fooocus",
    }


def test_the_graphs_of_comfyui_are_found_by_the_names_before_them():
    image = Image.new("RGB", (8, 8))
    exif = image.getexif()
    exif[0x0110] = 'prompt:{"1": {}}'
    exif[0x010F] = 'workflow:{"2": {}}'
    file = io.BytesIO()
    image.save(file, "WEBP", exif=exif.tobytes())

    assert texts(exif.tobytes()) == {"prompt": '{"1": {}}', "workflow": '{"2": {}}'}


@pytest.mark.parametrize(
    "value",
    [
        b"UNICODE\0" + "a fox 狐".encode("utf-16-be"),
        b"UNICODE\0" + "a fox 狐".encode("utf-16-le"),
        b"UNICODE\0" + "a fox 狐".encode("utf-16"),
        b"ASCII\0\0\0" + "a fox 狐".encode(),
        bytes(8) + "a fox 狐\0".encode(),
        "a fox 狐".encode(),
    ],
)
def test_comments_are_decoded_by_what_they_are(value: bytes):
    assert decoded_comment(value) == "a fox 狐"


def test_damaged_blocks_give_what_they_can_and_never_crash():
    block = exif_block("Sana Desktop 1", "ein Fuchs 狐")
    for place in range(6, len(block)):
        texts(block[:place])
        texts(block[:place] + bytes([block[place] ^ 0xFF]) + block[place + 1 :])

    circle = b"MM\0*\0\0\0\x08" + struct.pack(">HHHII", 1, 0x8769, 4, 1, 8)
    assert texts(circle) == {}
