"""`python -m sana_desktop`: the terminal program."""

from sana_desktop.cli import main

if __name__ == "__main__":
    main()
