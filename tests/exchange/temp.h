#ifndef KIGEN_TESTS_EXCHANGE_TEMP_H
#define KIGEN_TESTS_EXCHANGE_TEMP_H

/* Files in the test's scratch directory (tests/db/scratch.h). */

#include "tests/db/scratch.h"

/* Writes `size` bytes (-1: up to the NUL) as file `name` there and returns its path (own string). */
char *temp_write(const char *name, const char *bytes, gssize size);

#endif
