#include <assert.h>
#include <stdint.h>

#include "parse/debconf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        struct debconf_answer a;
        struct span choice;
        size_t choices = 0;

        if (!debconf_find(text, "grub-pc/install_devices", &a))
                return 0;
        assert(a.line >= 2 && a.value.len > 0);
        assert(a.text.data >= text.data && a.text.data + a.text.len <= text.data + len);
        while (debconf_next_choice(&a.value, &choice)) {
                assert(choice.data >= a.text.data &&
                       choice.data + choice.len <= a.text.data + a.text.len);
                choices++;
        }
        assert(choices > 0 && choices <= a.text.len);
        return 0;
}
