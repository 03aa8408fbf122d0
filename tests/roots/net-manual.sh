# Nothing brings the interface up at boot.
edit etc/network/interfaces '/auto eth0/d'
