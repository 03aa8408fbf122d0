#!/bin/sh
# Every scenario against its golden files; see scenarios.py.
exec /usr/bin/python3 "$(dirname "$0")/scenarios.py"
