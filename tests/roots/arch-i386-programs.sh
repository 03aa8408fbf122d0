# A 64-bit kernel somebody put under a 32-bit system.
craft program "$root/usr/lib/systemd/systemd" 3
