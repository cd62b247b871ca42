#ifndef KIGEN_PLANNER_LIMITED_SUPPORT_H
#define KIGEN_PLANNER_LIMITED_SUPPORT_H

/* The limited-support plan (限定的サポート計画) as a record, not a tick-box (domain.md): its document, the
 * service lines that go on after EOL, each until when and on which terms, the successor product, what
 * customers must do, and what it rests on. To whom it was presented is the store's business. */

#include "planner/plan_date.h"

typedef enum {
  SERVICE_SECURITY_UPDATES,
  SERVICE_PARTS,
  SERVICE_ON_SITE_REPAIR,
  SERVICE_TELEPHONE,
  SERVICE_COMPENSATING_CONTROLS,
  SERVICE_MIGRATION_PATH,
  SERVICE_COUNT
} ServiceKind;

/* The word in CSV and store: "security-updates", "parts", "on-site-repair", "telephone",
 * "compensating-controls", "migration-path". */
const char *service_kind_key(ServiceKind kind);
bool service_kind_parse(const char *key, ServiceKind *ret_kind) G_GNUC_WARN_UNUSED_RESULT;
/* All the words, "security-updates, parts, …", for an error. Own string. */
char *service_kind_list(void);
/* As letters and pages name it; `language` is "ja" or "en". */
const char *service_kind_name(ServiceKind kind, const char *language);

typedef struct {
  Day until;      /* last day of the line; DAY_NONE: this line does not go on */
  char *terms_ja; /* or NULL */
  char *terms_en; /* or NULL */
} ServiceLine;

typedef struct {
  char *doc;       /* document number as given, or NULL */
  char *url;       /* where customers read the document, or NULL */
  char *duties_ja; /* what customers must do, or NULL */
  char *duties_en;
  char *successor; /* product code or free text; NULL: the product's own successor */
  char *rationale; /* why EOL = EOS, or whatever the plan rests on; for the maker's records; or NULL */
  ServiceLine line[SERVICE_COUNT]; /* by kind */
} LimitedSupport;

/* Frees every text and makes *plan an empty record. */
void limited_support_clear(LimitedSupport *plan);
/* *ret_copy gets own texts; what it held before is overwritten, not freed. */
void limited_support_copy(LimitedSupport *ret_copy, const LimitedSupport *plan);
/* Every field and every line with its terms. */
bool limited_support_equal(const LimitedSupport *a, const LimitedSupport *b);

/* True when `doc` is a document number: not empty after NFKC and trimming, and none of -, なし, 未定, 調整中,
 * 予定, N/A, TBD. */
bool limited_support_doc_counts(const char *doc);

/* Declared (domain.md): a document number that counts, customer duties, and at least one line with its last
 * day. */
bool limited_support_is_declared(const LimitedSupport *plan);

/* What it lacks to be declared, by column names ("limited_support_doc, limited_support_lines"); NULL when it
 * is declared. Own string. */
char *limited_support_missing(const LimitedSupport *plan);

/* Reads "security-updates:2033-03-31;parts:2031-03-31" into *plan's lines (the others are cleared). Any date
 * form of date_text.h. On error *plan is unchanged; the message names the part and the known kinds. Errors:
 * DATE_TEXT_ERROR. */
bool limited_support_parse_lines(const char *text, LimitedSupport *plan, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The inverse, own string; "" when there is no line. */
char *limited_support_format_lines(const LimitedSupport *plan);

#endif
