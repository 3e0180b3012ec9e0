"""Background colours and the words for them."""

BACKGROUNDS: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "black": (18, 18, 20),
    "red": (214, 48, 49),
    "orange": (243, 146, 55),
    "yellow": (250, 211, 80),
    "green": (76, 175, 80),
    "teal": (38, 166, 154),
    "blue": (66, 133, 244),
    "navy": (28, 44, 92),
    "purple": (142, 68, 173),
    "pink": (248, 165, 194),
    "brown": (121, 85, 72),
    "gray": (158, 158, 158),
    "cream": (250, 240, 220),
}
PLAIN = "white"
