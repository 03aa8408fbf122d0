#include "probe/shared.h"

#include "base/xalloc.h"
#include "probe/udevlinks.h"

void shared_done(struct probe_shared *s)
{
        udevlinks_free(s->links);
        for (size_t i = 0; i < s->n; i++) {
                free(s->copies[i].inside);
                free(s->copies[i].place);
                blob_done(&s->copies[i].content);
        }
        free(s->copies);
}

const struct udevlinks *shared_links(struct probe_context *context)
{
        struct probe_shared *s = context->shared;

        if (!s->links)
                s->links = udevlinks_load(context->volume);
        return s->links;
}

void shared_keep(struct probe_context *context, const char *inside, const char *image,
                 struct span content, bool unread)
{
        struct probe_shared *s = context->shared;
        struct image_copy *copy = ARRAY_PUSH(&s->copies, &s->n, &s->cap);

        copy->inside = xstrdup(inside);
        copy->place = xasprintf("%s:/%s", image, inside);
        copy->content = (struct blob){ xmemdup0(content.data, content.len), content.len };
        copy->unread = unread;
}

const struct image_copy *shared_copy(const struct probe_context *context, const char *inside)
{
        const struct probe_shared *s = context->shared;

        for (size_t i = 0; i < s->n; i++)
                if (streq(s->copies[i].inside, inside))
                        return &s->copies[i];
        return NULL;
}
