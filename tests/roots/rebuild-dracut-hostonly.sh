# The image is right today, and dracut is told to keep to what is in use on Xen.
# base: al2023
put usr/bin/dracut </dev/null
echo 'hostonly="yes"' | put usr/lib/dracut/dracut.conf.d/01-dist.conf
