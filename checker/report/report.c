#include "report/report.h"

#include "base/str.h"

#define REPORT_FORMAT(name) extern const struct report_format report_format_##name;
#include "report/report-list.h"
#undef REPORT_FORMAT

const struct report_format *const report_format_list[] = {
#define REPORT_FORMAT(name) &report_format_##name,
#include "report/report-list.h"
#undef REPORT_FORMAT
        NULL,
};

const struct report_format *report_format_find(const char *name)
{
        for (const struct report_format *const *f = report_format_list; *f; f++)
                if (streq((*f)->name, name))
                        return *f;
        return NULL;
}
