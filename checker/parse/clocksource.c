#include "parse/clocksource.h"

#include "base/str.h"

static const char *const names[] = {
        "xen",
        "tsc",
        "kvm-clock",
        "hpet",
        "acpi_pm",
        "pit",
        "refined-jiffies",
        "jiffies",
        "hyperv_clocksource_tsc_page",
};

static bool is_name_char(char c)
{
        return ascii_isalnum(c) || c == '-' || c == '_';
}

static bool is_clock_source(struct span word)
{
        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (span_eq(word, names[i]))
                        return true;
        return false;
}

bool clocksource_of_line(struct span line, struct span *ret_name)
{
        size_t i = 0;

        while (i < line.len && ascii_isspace(line.data[i]))
                i++;
        if (i == line.len || line.data[i] == '#' || line.data[i] == ';')
                return false;
        if (!memmem(line.data, line.len, "current_clocksource", strlen("current_clocksource")))
                return false;
        while (i < line.len) {
                size_t start = i;

                while (i < line.len && is_name_char(line.data[i]))
                        i++;
                *ret_name = (struct span){ line.data + start, i - start };
                if (is_clock_source(*ret_name))
                        return true;
                i += i == start;
        }
        return false;
}
