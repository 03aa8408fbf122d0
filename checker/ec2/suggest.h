/*
 * Which Nitro types are nearest to a type, and what a move to each changes: of every family that
 * runs x86_64 virtual machines the smallest size with as many virtual CPUs and as much memory, the
 * successors of the same family first.
 */
#pragma once

#include "ec2/ec2.h"

#define EC2_SUGGESTIONS_MAX 8

struct ec2_suggestion {
        const struct ec2_type *type; /* one of the types given */
        struct strv changes;         /* clauses for people, what is lost first */
        unsigned distance;
};

struct ec2_suggestions {
        struct ec2_suggestion v[EC2_SUGGESTIONS_MAX];
        size_t n;
};

/* The nearest first. */
void ec2_suggest(const struct ec2_types *types, const struct ec2_type *from,
                 struct ec2_suggestions *ret);
void ec2_suggestions_done(struct ec2_suggestions *l);
#define cleanup_ec2_suggestions _cleanup_(ec2_suggestions_done)
