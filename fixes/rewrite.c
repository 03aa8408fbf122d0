#include "fixes/rewrite.h"

#include <stdlib.h>

void rewrite_replace(struct rewrite *w, struct span old, struct span with)
{
        const char *end = w->rest.data + w->rest.len;

        if (old.data < w->rest.data || old.data > end || old.len > (size_t)(end - old.data))
                abort();
        buf_append(&w->out, w->rest.data, (size_t)(old.data - w->rest.data));
        buf_append(&w->out, with.data, with.len);
        w->rest.data = old.data + old.len;
        w->rest.len = (size_t)(end - w->rest.data);
}

void rewrite_finish(struct rewrite *w, struct blob *ret)
{
        buf_append(&w->out, w->rest.data, w->rest.len);
        ret->len = w->out.len;
        ret->data = buf_take(&w->out);
        w->rest = (struct span){ 0 };
}

void rewrite_done(struct rewrite *w)
{
        buf_done(&w->out);
}
