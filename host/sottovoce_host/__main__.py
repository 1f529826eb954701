"""`python -m sottovoce_host` is `sottovoce-host`."""

from sottovoce_host.cli import main

main()
