#ifndef KIGEN_NOTIFIER_MAIL_SHEET_PRINT_H
#define KIGEN_NOTIFIER_MAIL_SHEET_PRINT_H

/* Prints messages: what goes on paper and waits is rendered, frozen and `printed` from then on; what was
 * printed before comes out again as it was, marked as a copy. Batch by batch, and paper first: the sheets of
 * a batch are rendered without the write lock and lie safely where they belong before the store says that
 * they are printed. Whenever the program dies, a message that is `printed` has its sheet; one whose sheet is
 * there as well may still wait, and is printed once more: told twice rather than not at all. */

#include "db/audit.h"
#include "notifier/mail/sheet.h"

/* Messages that are one transaction: the write lock is held no longer than that many need. */
#define SHEET_PRINT_BATCH 20

typedef enum {
  SHEET_PRINTED, /* for the first time, or anew */
  SHEET_COPY,    /* again, as it was */
  SHEET_LEFT     /* not at all; the reason says why */
} SheetOutcome;

/* One message's page. Everything belongs to it. */
typedef struct {
  gint64 id;
  SheetOutcome outcome;
  char *document_no; /* "KG-000123"; NULL where there is no page */
  char *page;        /* from sheet_book_page; NULL where there is none */
  char *begin;       /* sheet_book_begin of it */
  char *reason;      /* why not; NULL otherwise */
} SheetPage;

/* Where pages go; `pages` is a GPtrArray of SheetPage, in order. */
typedef struct {
  /* Writes what they hold, so that it outlives a crash; all of it or, with an error, nothing. */
  bool (*put)(const GPtrArray *pages, gpointer data, GError **error);
  /* Removes what the last put has written. */
  void (*take_back)(gpointer data);
  /* The store has them: they stay. */
  void (*keep)(const GPtrArray *pages, gpointer data);
} SheetSink;

/* Prints messages `ids` (gint64), each in its state now, with `templates`, dated by `style` and `context`,
 * into `sink`. A message that goes by no paper, one whose notices are all overtaken, one without an address,
 * and a copy that can no longer be made are left, with the reason; any other error is an error, and what was
 * kept until then stands. Outside a transaction: each batch is one, with an audit row, "outbox.print". */
bool sheet_print(Db *db, const AuditContext *context, const LetterStyle *style, const TemplateSet *templates,
                 const GArray *ids, const SheetSink *sink, gpointer data, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
