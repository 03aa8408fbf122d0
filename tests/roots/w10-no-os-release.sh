# W10: a system older than os-release, known by /etc/redhat-release.
# base: rhel-7
rm "$root/usr/lib/os-release" "$root/etc/os-release"
echo 'CentOS release 6.10 (Final)' | put etc/redhat-release
