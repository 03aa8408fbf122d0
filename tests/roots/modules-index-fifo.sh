# A FIFO where an index should be.
rm "$modules/modules.alias.bin"
mkfifo "$modules/modules.alias.bin"
