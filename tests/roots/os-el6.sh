# A release from before os-release(5).
rm "$root/etc/os-release" "$root/usr/lib/os-release"
echo 'CentOS release 6.10 (Final)' | put etc/redhat-release
ln -s redhat-release "$root/etc/system-release"
