# A FIFO where crypttab should be.
mkfifo "$root/etc/crypttab"
