/* How GRUB reads a number at the beginning of a text (grub_strtoull, base 0). */
#pragma once

#include <stdint.h>

/*
 * Leading blanks are skipped, 0x means 16, 0 before an octal digit means 8; what follows the digits
 * is not looked at, *ret_end (may be NULL) points there. -EINVAL: no digits; -ERANGE: more than 32
 * bits, where GRUB's platforms disagree.
 */
int grubnumber_parse(const char *text, uint32_t *ret, const char **ret_end);
