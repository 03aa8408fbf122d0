#!/bin/sh
# What a line of fstab does at boot, compared with systemd's own generator; see generator.py.
exec /usr/bin/python3 "$(dirname "$0")/generator.py"
