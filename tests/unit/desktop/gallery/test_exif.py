import piexif
import pytest

from sana_desktop.gallery.exif import exif_block


@pytest.mark.parametrize("software", ["Sana Desktop 1.0", "Sana Desktop 1.0.0"])
@pytest.mark.parametrize("comment", ["", "a fox", "狐 \U0001f98a\nSteps: 20"])
def test_readers_of_other_tools_understand_the_block(software: str, comment: str):
    found = piexif.load(exif_block(software, comment))

    main, tags = found["0th"], found["Exif"]
    assert main is not None
    assert tags is not None
    assert main[piexif.ImageIFD.Software].rstrip(b"\0") == software.encode()
    assert tags[piexif.ExifIFD.UserComment] == b"UNICODE\0" + comment.encode("utf-16-be")


def test_nothing_else_is_in_it():
    found = piexif.load(exif_block("Sana Desktop", "a fox"))

    assert {name: len(tags) for name, tags in found.items() if tags} == {"0th": 2, "Exif": 1}
