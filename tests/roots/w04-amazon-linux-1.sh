# W04: The last Amazon Linux AMI (2018.03): drivers for Nitro, an image that begins with microcode.
. "$make_root_tools/make-el6-root.sh"
root_amazon1
