"""`python -m sottovoce_device` is `sottovoce-device`."""

from sottovoce_device.cli import main

main()
