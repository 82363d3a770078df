"""`python -m simcrisis`: the command line."""

from simcrisis.cli import main

if __name__ == "__main__":
    main()
