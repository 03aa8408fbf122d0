# A copy of a machine whose rules name two cards, and whose ifcfg file is for a MAC address.
# base: w34-two-cards
# args: --mode clone
printf 'DEVICE=eth2\nHWADDR="0A:1B:2C:3D:4E:61"\nBOOTPROTO=dhcp\nONBOOT=yes\n' | put etc/sysconfig/network-scripts/ifcfg-eth2
