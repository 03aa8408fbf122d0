# cloud-init as Debian's images have it: a list with Ec2 in it, after one without.
put usr/bin/cloud-init </dev/null
put var/lib/cloud/instance/x </dev/null
printf 'datasource_list: [ None ]\n' | put etc/cloud/cloud.cfg
printf 'datasource_list:\n  - NoCloud\n  - Ec2\n' | put etc/cloud/cloud.cfg.d/90_dpkg.cfg
