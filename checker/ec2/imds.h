/*
 * The instance metadata service: what a running EC2 instance can learn about itself over HTTP from
 * a link-local address. Version 2 only (a token first), no proxy, no redirects, one second in all.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html ("system")
 *
 * AWS_EC2_METADATA_SERVICE_ENDPOINT in the environment names another address, as for the SDKs.
 */
#pragma once

#include "base/err.h"

#define IMDS_CONNECT_MS 300
#define IMDS_TOTAL_MS   1000
#define IMDS_ANSWER_MAX 4096

struct imds {
        char *instance_type; /* "m4.large" */
        char *system;        /* "xen", "nitro", "xen-on-nitro"; NULL: a service too old to say */
};

/* 1: answered, 0: nobody is there, or an error: refused, too slow, or nonsense. */
int imds_ask(struct imds *ret, struct err *err);
void imds_done(struct imds *i);
#define cleanup_imds _cleanup_(imds_done)
