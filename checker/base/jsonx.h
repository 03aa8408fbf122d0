/*
 * The one wrapper over json-c: parsing with limits, printing, reading members without surprises.
 * json-c's own ownership stays: `add` and `put` take over, everything read is borrowed.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define JSONX_DEPTH_MAX 32

static inline void jsonx_putp(struct json_object **o)
{
        json_object_put(*o);
}
#define cleanup_json _cleanup_(jsonx_putp)

/* One JSON value and nothing after it but blanks, strict syntax, valid UTF-8. The caller puts it.
 */
int jsonx_parse(struct span text, struct json_object **ret, struct err *err);
/* Appends it indented, with a newline at the end. */
void jsonx_print(struct json_object *o, struct buf *out);

/* Member of an object when it has that type, else NULL; `o` may be anything, also NULL. */
struct json_object *jsonx_member(struct json_object *o, const char *key, enum json_type type);
const char *jsonx_str(struct json_object *o, const char *key);
bool jsonx_is(struct json_object *o, const char *key); /* true only for a boolean true */

/* Add a string, or null for NULL. */
void jsonx_add_str(struct json_object *o, const char *key, const char *value);
void jsonx_add_int(struct json_object *o, const char *key, int64_t value);
