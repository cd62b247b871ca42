#ifndef KIGEN_NOTIFIER_EXCHANGE_COLUMNS_H
#define KIGEN_NOTIFIER_EXCHANGE_COLUMNS_H

/* The columns of the kinds (architecture.md, «Import columns») as tables. */

#include "notifier/exchange/import_kind.h"
#include "notifier/exchange/values.h"

typedef enum {
  COLUMN_OPTIONAL, /* may be left out: what is stored stays */
  COLUMN_PRESENT,  /* the column must be there, its cells may be empty */
  COLUMN_FILLED    /* every cell must be filled */
} ColumnNeed;

typedef struct {
  const char *name;
  ColumnNeed need;
  int target; /* place of the value in a row: a field of the store, or the kind's own (below) */
  ValueParser parse;
  const void *detail; /* for `parse` */
} ImportColumn;

#define COLUMNS_TARGETS_MAX 32

typedef struct {
  ImportKind kind;
  gsize n;
  const ImportColumn *column;
} ImportColumns;

/* Static. */
const ImportColumns *columns_for(ImportKind kind);

/* The column of that target, which exists. */
const ImportColumn *columns_target(const ImportColumns *columns, int target);

/* "product, release, serial …": all of them (own string). */
char *columns_list(const ImportColumns *columns);

/* The column that kigen adds to a rejects file: skipped in every kind, so that the corrected file goes in. */
#define COLUMNS_REJECT_REASON "reject_reason"

/* Targets of lifecycles: the milestones' are those of planner/plan.h, from 0 on. */
enum {
  LIFECYCLES_PRODUCT = 8,
  LIFECYCLES_NAME,
  LIFECYCLES_RELEASE,
  LIFECYCLES_KIND,
  LIFECYCLES_UDI_DI,
  LIFECYCLES_DOC,
  LIFECYCLES_DUTIES,
  LIFECYCLES_DUTIES_EN,
  LIFECYCLES_LINES,
  LIFECYCLES_TERMS,
  LIFECYCLES_TERMS_EN,
  LIFECYCLES_URL,
  LIFECYCLES_RATIONALE,
  LIFECYCLES_SUCCESSOR,
  LIFECYCLES_ANNOUNCED_ON,
  LIFECYCLES_PRESENTED_ON,
  LIFECYCLES_MARKET
};

/* Of devices, beside the fields of db/device_store.h: the product of software_release. */
#define DEVICES_SOFTWARE_PRODUCT 18

/* Of custody, beside the fields of db/custody_store.h. */
enum { CUSTODY_PRODUCT_CODE = 8, CUSTODY_SERIAL };

/* Targets of presentations. */
enum {
  PRESENTATIONS_PRODUCT,
  PRESENTATIONS_RELEASE,
  PRESENTATIONS_ORGANIZATION,
  PRESENTATIONS_HOW,
  PRESENTATIONS_ON,
  PRESENTATIONS_NOTE
};

/* Targets of relay-reports; the customer's name is for who fills the file in. */
enum {
  RELAY_REPORTS_MESSAGE,
  RELAY_REPORTS_CUSTOMER,
  RELAY_REPORTS_NAME,
  RELAY_REPORTS_TOLD_ON,
  RELAY_REPORTS_BY,
  RELAY_REPORTS_HOW,
  RELAY_REPORTS_NOTE
};

#endif
