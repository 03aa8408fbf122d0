# Only the target has an instance store: empty disks beside the others.
# args: --source m4.large --target m5d.large
