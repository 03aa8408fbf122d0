/*
 * What somebody is to write so that the first network card comes up under the name it has on Nitro,
 * in the words of what configures the old name, beside which it stands: on Xen it does nothing.
 */
#pragma once

#include "facts.h"

/* /network/advice, from what the network probe has published before. */
void netadvice_publish(struct facts *f);
