#ifndef KIGEN_NOTIFIER_EXCHANGE_IMPORT_JOB_H
#define KIGEN_NOTIFIER_EXCHANGE_IMPORT_JOB_H

/* One running import: what the kinds share, and what each must do. Only the files import*.c use this. */

#include "db/upsert.h"
#include "notifier/exchange/import.h"
#include "notifier/exchange/key_set.h"
#include "notifier/exchange/lookup.h"
#include "notifier/exchange/rejects.h"
#include "notifier/exchange/row_stream.h"

typedef struct ImportJob ImportJob;

/* What a kind does. Every function runs inside the write transaction; a false is an error of the store, a bad
 * row is refused by import_job_refuse. */
typedef struct {
  const char *scope;         /* of change_bump */
  const char *const *tables; /* written to: what a bulk load looks over at the end (NULL: never bulk) */
  /* True when the store has nothing of this kind yet. NULL: never. */
  bool (*is_first_load)(Db *db, bool *ret_first, GError **error);
  bool (*begin)(ImportJob *job, GError **error);               /* sets job->state */
  bool (*put)(ImportJob *job, ImportRow *row, GError **error); /* a row that was not refused so far */
  bool (*check)(ImportJob *job, GError **error);  /* after the last row: those kept. NULL: nothing */
  bool (*finish)(ImportJob *job, GError **error); /* before a commit. NULL: nothing */
  void (*end)(ImportJob *job);                    /* frees job->state */
} ImportHandler;

struct ImportJob {
  Db *db;
  const ImportOptions *options;
  const char *path;
  const ColumnMap *map;
  const ImportHandler *handler;
  bool first_load;
  gpointer state;
  Lookup *lookup;   /* set by the kind, freed with the job */
  KeySet *seen;     /* the file's natural keys */
  Rejects *rejects; /* or NULL */
  ImportReport *report;
  int searches; /* for a nearest candidate: costly, so bounded */
};

/* Refuses `row` for what stands in the column of `target` (-1: for the row as a whole). `rule` is static, or
 * NULL. */
void import_job_refuse(ImportJob *job, ImportRow *row, int target, const char *rule, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
/* Accepts it all the same. */
void import_job_warn(ImportJob *job, ImportRow *row, int target, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* The entries that the row's cells name; NULL when the row was refused for it: unknown, with the nearest
 * candidate. */
const LookupEntry *import_job_product(ImportJob *job, ImportRow *row, int target);
const LookupEntry *import_job_release(ImportJob *job, ImportRow *row, int target, const LookupEntry *product,
                                      const char *product_code);
const LookupEntry *import_job_organization(ImportJob *job, ImportRow *row, int target);

/* Refuses the row when one of the file had its natural key (the texts, joined) before; false then. */
bool import_job_once(ImportJob *job, ImportRow *row, int target, const char *first,
                     ...) G_GNUC_NULL_TERMINATED;

/* Counts what became of a row that was put. */
void import_job_count(ImportJob *job, UpsertResult result);

/* Passes on what is wrong with the row, and writes it to the rejects when it was refused. Once a row;
 * import.c does it, except for rows with `kept` set. */
bool import_job_settle(ImportJob *job, const ImportRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when `target` has a column. */
bool import_job_given(const ImportJob *job, int target);

extern const ImportHandler import_products_handler;
extern const ImportHandler import_lifecycles_handler;
extern const ImportHandler import_organizations_handler;
extern const ImportHandler import_contacts_handler;
extern const ImportHandler import_devices_handler;
extern const ImportHandler import_custody_handler;
extern const ImportHandler import_presentations_handler;
extern const ImportHandler import_relay_reports_handler;

#endif
