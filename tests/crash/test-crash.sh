#!/bin/sh
# A fix and its rollback, stopped anywhere: all old or all new.
exec /usr/bin/python3 "$(dirname "$0")/crash.py"
