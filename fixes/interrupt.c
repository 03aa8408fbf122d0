#include "interrupt.h"

#include "base/macro.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
static volatile sig_atomic_t pending;

static void note(int signal)
{
        pending = signal;
}

void interrupt_begin(struct interrupt *i)
{
        const struct sigaction action = { .sa_handler = note };

        pending = 0;
        for (size_t k = 0; k < ARRAY_SIZE(signals); k++) {
                sigaction(signals[k], NULL, &i->saved[k]);
                /* nohup(1) and the like are respected. */
                if (i->saved[k].sa_handler != SIG_IGN)
                        sigaction(signals[k], &action, NULL);
        }
}

void interrupt_end(struct interrupt *i)
{
        for (size_t k = 0; k < ARRAY_SIZE(signals); k++)
                sigaction(signals[k], &i->saved[k], NULL);
}

int interrupt_pending(void)
{
        return pending;
}
