#ifndef KIGEN_NOTIFIER_EXCHANGE_IMPORT_PROBLEM_H
#define KIGEN_NOTIFIER_EXCHANGE_IMPORT_PROBLEM_H

/* What is wrong (or doubtful) with one cell or row of a file. */

#include <glib.h>
#include <stdbool.h>

typedef struct {
  guint line;       /* first physical line of the row, from 1 */
  char *column;     /* name of the column, or NULL: the whole row */
  char *value;      /* as in the file (cut when long), or NULL */
  char *reason;     /* what is wrong, with the remedy */
  const char *rule; /* "LSP-1", or NULL; static */
  bool warning;     /* accepted all the same */
} ImportProblem;

/* A refusal; the texts are copied (`column`, `value` may be NULL). Set rule and warning yourself. */
ImportProblem *import_problem_new(guint line, const char *column, const char *value, const char *reason);
ImportProblem *import_problem_copy(const ImportProblem *problem);
void import_problem_free(ImportProblem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportProblem, import_problem_free)

/* «devices.csv:1042: serial "SN-0042": already on line 17 …» (own string). `file` is the name to show. */
char *import_problem_format(const ImportProblem *problem, const char *file);

#endif
