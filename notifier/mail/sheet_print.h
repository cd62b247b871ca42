#ifndef KIGEN_NOTIFIER_MAIL_SHEET_PRINT_H
#define KIGEN_NOTIFIER_MAIL_SHEET_PRINT_H

/* Prints messages: what goes on paper and waits is rendered, frozen and `printed` from then on; what was
 * printed before comes out again as it was, marked as a copy. */

#include "db/audit.h"
#include "notifier/mail/sheet.h"

typedef enum {
  SHEET_PRINTED, /* for the first time, or anew */
  SHEET_COPY,    /* again, as it was */
  SHEET_LEFT     /* not at all; the reason says why */
} SheetOutcome;

/* One message's page. Nothing is owned by who is told. */
typedef struct {
  gint64 id;
  SheetOutcome outcome;
  const char *document_no; /* "KG-000123"; NULL where there is no page */
  const char *page;        /* from sheet_book_page; NULL where there is none */
  const char *begin;       /* sheet_book_begin of it */
  const char *reason;      /* why not; NULL otherwise */
} SheetPage;

/* Takes one page. False with an error: printing ends, and nothing is written to the store. */
typedef bool (*SheetTake)(const SheetPage *page, gpointer data, GError **error);

/* Prints messages `ids` (gint64), each in its state now, with `templates`, dated by `style` and `context`;
 * `take` is told of each in order. A message that goes by no paper, one whose notices are all overtaken, one
 * without an address, and a copy that can no longer be made are left, with the reason; any other error is an
 * error. Inside the open write transaction; one audit row, "outbox.print". */
bool sheet_print(Db *db, const AuditContext *context, const LetterStyle *style, const TemplateSet *templates,
                 const GArray *ids, SheetTake take, gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
