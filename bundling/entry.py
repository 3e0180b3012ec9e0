"""The start of the frozen program. PyInstaller puts it, and all that it imports, into the executable."""

import multiprocessing
import os
import sys

# Read by libraries when they are imported. torch.compile would start this program again as its worker, and it
# wants a compiler; nothing else here may be left to what the person's shell happens to say.
os.environ["TORCHDYNAMO_DISABLE"] = "1"

if __name__ == "__main__":
    # Child processes are this program too, and end in here.
    multiprocessing.freeze_support()

    from sana_desktop.cli.bundled import main

    main(sys.argv)
