# W29: openSUSE Leap 15 is ready like any other.
# base: sles-15
printf 'NAME="openSUSE Leap"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.4"\nPRETTY_NAME="openSUSE Leap 15.4"\n' |
        put usr/lib/os-release
edit boot/grub2/grub.cfg 's/ net.ifnames=0//; s/SLES 15-SP4/openSUSE Leap 15.4/'
