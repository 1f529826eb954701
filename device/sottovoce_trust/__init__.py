"""What glasses and host need to trust each other: the code's key agreement, certificates, TLS, MQTT, private files.

Sense never imports it: the process with the sensors knows nothing of keys.
"""
