/*
 * SIGINT, SIGTERM and SIGHUP while a transaction is under way: asked for between steps, never acted
 * upon in the middle of one.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

struct interrupt {
        struct sigaction saved[3];
};

void interrupt_begin(struct interrupt *i);
void interrupt_end(struct interrupt *i);
#define cleanup_interrupt _cleanup_(interrupt_end)
/* The signal that came since the beginning, or 0. */
int interrupt_pending(void);
