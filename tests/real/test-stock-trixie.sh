#!/bin/sh
# Debian 13 as its image for EC2 has it, with what people install: nothing is to be heard of it.
. "$(dirname "$0")/stock.sh"
use_root stock-trixie
run_stock
tap_end
