/*
 * Names of disks that stand as one word in a line of some file: the word is replaced by the
 * fix_value of the facts (the lists of names.h in checker/probe), and no other byte changes.
 */
#pragma once

#include "fixes/fix.h"

/*
 * For every finding of the fix: plans the line that its evidence shows, in a file of the volume or
 * of the initramfs ("IMAGE:/FILE"), which is made anew where that may be; or leaves it. `subject`
 * is the member of the list's elements that the rule has as its subject.
 */
void names_plan(struct fix_context *context, const char *list, const char *subject);
