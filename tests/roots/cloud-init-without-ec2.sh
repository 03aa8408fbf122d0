# A copy of a machine whose cloud-init is told to look for NoCloud only.
# args: --mode clone
put usr/bin/cloud-init </dev/null
put var/lib/cloud/instance/x </dev/null
put etc/cloud/cloud.cfg.d/90_dpkg.cfg <<END
# to update this file, run dpkg-reconfigure cloud-init
datasource_list: [ NoCloud, None ]
END
