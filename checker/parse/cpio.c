#include "parse/cpio.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define HEADER_SIZE 110

enum field {
        FIELD_INO = 0,
        FIELD_MODE = 1,
        FIELD_NLINK = 4,
        FIELD_SIZE = 6,
        FIELD_MAJOR = 7,
        FIELD_MINOR = 8,
        FIELD_NAME_SIZE = 11,
};

void cpio_init(struct cpio *c, const struct cpio_events *events)
{
        *c = (struct cpio){ .events = events };
}

static struct span take(struct cpio *c, struct span *in, uint64_t n)
{
        struct span piece = { in->data, n < in->len ? (size_t)n : in->len };

        in->data += piece.len;
        in->len -= piece.len;
        c->offset += piece.len;
        return piece;
}

static void enter(struct cpio *c, enum cpio_state state, uint64_t bytes)
{
        c->state = state;
        c->left = bytes;
        c->collected = 0;
}

void cpio_begin(struct cpio *c, uint64_t offset)
{
        enter(c, CPIO_BETWEEN, 0);
        c->offset = offset;
        c->trailer = false;
}

/* True when all of this state's bytes are in c->text. */
static bool collect(struct cpio *c, struct span *in)
{
        struct span piece = take(c, in, c->left);

        memcpy(c->text + c->collected, piece.data, piece.len);
        c->collected += piece.len;
        c->left -= piece.len;
        return c->left == 0;
}

/* What follows a header of 110 bytes so that the content begins at a multiple of 4. */
static uint64_t padded_name(uint64_t size)
{
        return ((HEADER_SIZE + size + 3) & ~UINT64_C(3)) - HEADER_SIZE;
}

static uint64_t padding(uint64_t size)
{
        return -size & 3;
}

static int hex_field(const char *text, uint32_t *ret)
{
        uint32_t value = 0;

        for (int i = 0; i < 8; i++) {
                char c = text[i];

                if (c >= '0' && c <= '9')
                        value = value << 4 | (uint32_t)(c - '0');
                else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
                        value = value << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
                else
                        return -EBADMSG;
        }
        *ret = value;
        return 0;
}

static int between(struct cpio *c, struct span *in, struct err *err)
{
        size_t zeros = 0;

        while (zeros < in->len && in->data[zeros] == '\0')
                zeros++;
        take(c, in, zeros);
        if (in->len == 0)
                return 1;
        if (c->offset & 3)
                return err_set(err, -EBADMSG, "the padding between cpio members is broken");
        if (*in->data != '0' || c->trailer) {
                c->trailer = false;
                return 0;
        }
        enter(c, CPIO_HEADER, HEADER_SIZE);
        return 1;
}

static int header(struct cpio *c, struct span *in, struct err *err)
{
        uint32_t mode;
        uint64_t name_size, size;

        if (!collect(c, in))
                return 1;
        if (memcmp(c->text, "070701", 6) != 0 && memcmp(c->text, "070702", 6) != 0)
                return err_set(err, -EBADMSG, "no cpio header where one should be");
        for (int i = 0; i < 13; i++)
                if (hex_field(c->text + 6 + 8 * i, &c->field[i]) < 0)
                        return err_set(err, -EBADMSG, "a cpio header is not hexadecimal");
        mode = c->field[FIELD_MODE];
        size = c->field[FIELD_SIZE];
        name_size = c->field[FIELD_NAME_SIZE];
        /* What the kernel passes over without a word. */
        if (name_size == 0 || name_size > CPIO_NAME_MAX ||
            (S_ISLNK(mode) ? size > CPIO_NAME_MAX : !S_ISREG(mode) && size > 0))
                enter(c, CPIO_PADDING, padded_name(name_size) + size + padding(size));
        else
                enter(c, CPIO_NAME, padded_name(name_size));
        return 1;
}

static int name(struct cpio *c, struct span *in, struct err *err)
{
        struct cpio_member m = {
                .name = c->text,
                .mode = c->field[FIELD_MODE],
                .nlink = c->field[FIELD_NLINK],
                .size = c->field[FIELD_SIZE],
                .ino = c->field[FIELD_INO],
                .major = c->field[FIELD_MAJOR],
                .minor = c->field[FIELD_MINOR],
                .archive = c->archive,
        };

        if (!collect(c, in))
                return 1;
        if (!memchr(c->text, '\0', c->field[FIELD_NAME_SIZE]))
                return err_set(err, -EBADMSG, "a cpio member's name has no end");
        c->wanted = false;
        c->trailer = strcmp(c->text, "TRAILER!!!") == 0;
        if (c->trailer) {
                c->archive++;
        } else {
                c->members++;
                c->wanted = c->events->member(c->events->context, &m);
        }
        enter(c, CPIO_CONTENT, m.size);
        return 1;
}

static void content(struct cpio *c, struct span *in)
{
        struct span piece = take(c, in, c->left);

        c->left -= piece.len;
        if (c->wanted && piece.len > 0)
                c->events->content(c->events->context, piece);
        if (c->left > 0)
                return;
        if (c->wanted)
                c->events->content(c->events->context, SPAN(""));
        enter(c, CPIO_PADDING, padding(c->field[FIELD_SIZE]));
}

static void pad(struct cpio *c, struct span *in)
{
        c->left -= take(c, in, c->left).len;
        if (c->left == 0)
                enter(c, CPIO_BETWEEN, 0);
}

int cpio_feed(struct cpio *c, struct span *in, struct err *err)
{
        int r = 1;

        /* States without bytes of their own (an empty file's content) pass before input is needed.
         */
        while (r > 0 && (in->len > 0 || (c->state >= CPIO_CONTENT && c->left == 0)))
                switch (c->state) {
                case CPIO_BETWEEN:
                        r = between(c, in, err);
                        break;
                case CPIO_HEADER:
                        r = header(c, in, err);
                        break;
                case CPIO_NAME:
                        r = name(c, in, err);
                        break;
                case CPIO_CONTENT:
                        content(c, in);
                        break;
                case CPIO_PADDING:
                        pad(c, in);
                        break;
                }
        return r;
}

int cpio_finish(const struct cpio *c, struct err *err)
{
        switch (c->state) {
        case CPIO_BETWEEN:
                return 0;
        case CPIO_PADDING:
                /* Nothing of any file is lost. */
                if (c->left <= 3)
                        return 0;
                return err_set(err, -EBADMSG, "the archive is cut off within a member");
        case CPIO_CONTENT:
                return err_set(err, -EBADMSG, "the archive is cut off within %s", c->text);
        default:
                return err_set(err, -EBADMSG, "the archive is cut off within a header");
        }
}
