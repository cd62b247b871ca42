#ifndef KIGEN_CLI_POLICY_VIEW_H
#define KIGEN_CLI_POLICY_VIEW_H

/* A policy profile as people and programs read it, its rules' severities apart. */

#include "notifier/cli/cli.h"

/* Its name, what it rests on, lead times, periods and signers. */
Json *policy_view_json(const Policy *policy);
/* The same as lines on standard output. */
void policy_view_print(const Policy *policy);

#endif
