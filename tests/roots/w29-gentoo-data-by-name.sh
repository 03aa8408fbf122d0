# W29: a distribution nobody has taught the program is checked all the same: fstab, drivers, image, command line.
printf 'NAME=Gentoo\nID=gentoo\nPRETTY_NAME="Gentoo Linux"\nVERSION_ID="2.15"\n' | put usr/lib/os-release
rm -r "$root/etc/network"
edit boot/grub/grub.cfg 's/ net.ifnames=0 biosdevname=0//'
echo '/dev/xvdf /srv ext4 defaults 0 2' >>"$root/etc/fstab"
