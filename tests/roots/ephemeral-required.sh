# Instance store by its label, without nofail; and the word that the line may be changed.
# confirm: fstab-ephemeral-mount
echo 'LABEL=ephemeral0 /scratch auto defaults 0 2' >>"$root/etc/fstab"
