# W30: swap by name: 90 seconds and the swap are lost.
echo '/dev/xvdb none swap sw 0 0' >>"$root/etc/fstab"
