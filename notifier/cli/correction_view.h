#ifndef KIGEN_CLI_CORRECTION_VIEW_H
#define KIGEN_CLI_CORRECTION_VIEW_H

/* How `kigen correction` shows what customers want corrected. */

#include "db/correction_store.h"
#include "notifier/cli/cli.h"

/* One object. A new reference. */
Json *correction_view_json(const CorrectionRow *row);

/* Prints a list (of CorrectionRow), or one of them whole, as text or JSON. */
void correction_view_list(const Cli *cli, const GPtrArray *rows);
void correction_view_one(const Cli *cli, const CorrectionRow *row);

#endif
