# W38: the largest number there is.
nvme_core_takes io_timeout:uint
