#ifndef KIGEN_DB_CHECK_H
#define KIGEN_DB_CHECK_H

/* What `kigen doctor` asks a store: not whether it is as its own rules say, but whether it is as it must be,
 * its triggers and CHECKs dropped or not. Steps are rows of a table; each finding names a row and a remedy.
 */

#include "db/db.h"
#include "planner/day.h"
#include "planner/policy.h"

/* What the steps need to know besides the store. */
typedef struct {
  Day today;
  const char *now; /* UTC instant */
  const Policy *policy;
} CheckTerms;

typedef struct {
  const char *check; /* the step's key */
  char *row;         /* "device 12", a file's name … */
  char *message;     /* what is wrong with it */
  char *remedy;      /* what to do */
} CheckFinding;

typedef struct CheckStep CheckStep;
struct CheckStep {
  const char *key;   /* "integrity" */
  const char *title; /* what it asks */
  /* Appends to `findings` by check_add. */
  bool (*run)(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error);
};

/* Every step, in order; static. */
const CheckStep *check_steps(gsize *ret_n);

/* An empty list for findings. */
GPtrArray *check_findings_new(void);

/* Runs one step; call them all in one read transaction, so that they see one state. A step that the damage
 * itself keeps from running is a finding too. Errors: DB_ERROR_INTERRUPTED and what else is no fault of the
 * store's content. */
bool check_run(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* For the steps: appends a finding, taking over `row` and `message`. */
void check_add(const CheckStep *step, GPtrArray *findings, char *row, char *message, const char *remedy);

/* A query whose rows are findings: column 0 names the row, column 1 (if it is not NULL) what stands there. */
typedef struct {
  DbQuery query;
  const char *message;
  const char *remedy;
  bool today; /* $1 is today */
} CheckQuery;

/* For the steps: runs `n` of them. The first 20 rows of each are findings, the others are counted in one
 * more.
 */
bool check_queries(const CheckStep *step, Db *db, const CheckTerms *terms, const CheckQuery *queries, gsize n,
                   GPtrArray *findings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
