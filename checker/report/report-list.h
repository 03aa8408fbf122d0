/* Every report format: one line each. */
REPORT_FORMAT(text)
REPORT_FORMAT(json)
