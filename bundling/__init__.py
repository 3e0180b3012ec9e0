"""How the program becomes one folder that just runs; nothing of this ships."""
