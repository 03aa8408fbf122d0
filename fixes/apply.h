/* From a plan to the volume: the operations of the plan as one transaction. */
#pragma once

#include "fixes/plan.h"
#include "fixes/txn.h"

/* As txn_check(). */
int plan_check(const struct plan *p, const struct volume *volume, bool chroot, struct err *err);
/* As txn_apply(). `chroot`: commands run with the volume as their root. */
int plan_apply(const struct plan *p, const struct volume *volume, bool chroot,
               struct txn_result *ret, struct err *err);
