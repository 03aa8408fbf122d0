# grubenv is not an environment block.
echo garbage | put boot/grub/grubenv
