#include <assert.h>
#include <stdint.h>

#include "parse/elfnote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct elfnote note = { .machine = 7777777 };
        struct err err = { 0 };

        if (elfnote_read((struct span){ (const char *)data, len }, &note, &err) < 0) {
                assert(err.text[0] && note.machine == 7777777);
                return 0;
        }
        assert(note.machine <= 0xffff);
        assert(note.level <= 4);
        return 0;
}
