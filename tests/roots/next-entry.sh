# next_entry beats the default, once. The second kernel has no NVMe in its image, the first is in order.
two_kernels
grubenv 'next_entry=1>2'
