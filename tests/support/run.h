#ifndef KIGEN_TESTS_SUPPORT_RUN_H
#define KIGEN_TESTS_SUPPORT_RUN_H

/* What every unit test's main() calls. */

#include <check.h>
#include <glib.h>

/* Runs `suite` (freed) and prints TAP on standard output. Returns the exit status. */
int run_suite(Suite *suite);

/* The same for a suite that needs `program` (a path) of a Debian package: without it the whole suite is
 * skipped, or fails where KIGEN_TEST_STRICT is set. */
int run_suite_with(Suite *suite, const char *program, const char *package);

/* Path of a file below the source root; free it. */
char *run_source_path(const char *relative);

/* Path of a file below ../shared of the source root, or NULL where that folder is absent: then the test skips
 * and says so. */
char *run_shared_path(const char *relative);

#endif
