"""`python -m jianbao.pipeline` is the command `jianbao`."""

from .command import main

if __name__ == "__main__":
    main(prog_name="jianbao")
