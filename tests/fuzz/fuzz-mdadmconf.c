#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "parse/mdadmconf.h"

/* Words lie in the text in order, and each belongs to one entry. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        cleanup_mdadmconf struct mdadmconf c = { 0 };
        const char *at = text.data;
        struct err err = { 0 };
        size_t words = 0;

        if (mdadmconf_parse(text, &c, &err) < 0) {
                assert(c.n == 0 && err.text[0]);
                return 0;
        }
        for (size_t i = 0; i < c.n; i++) {
                assert(c.v[i].first == words && c.v[i].line > 0);
                words += c.v[i].n;
                mdadmconf_value(&c, &c.v[i], "devices", NULL);
        }
        assert(words == c.n_words);
        for (size_t i = 0; i < words; i++) {
                const struct mdadmconf_word *w = &c.words[i];

                assert(w->raw.data >= at && w->raw.len > 0 && strlen(w->text) <= w->raw.len);
                at = w->raw.data + w->raw.len;
                assert(at <= text.data + len);
        }
        return 0;
}
