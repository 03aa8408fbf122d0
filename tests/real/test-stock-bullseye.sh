#!/bin/sh
# Debian 11 as its image for EC2 has it, with what people install: nothing is to be heard of it, but
# that its amazon-ec2-utils (of May 2020) has no rule yet for the time-out that Amazon asks for.
. "$(dirname "$0")/stock.sh"
use_root stock-bullseye
run_stock 'nvme-io-timeout warning fail'
tap_end
