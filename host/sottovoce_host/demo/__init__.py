"""The demo: the whole product on one computer without audio hardware, told as it happens."""
