#ifndef KIGEN_PLANNER_ADVISORY_H
#define KIGEN_PLANNER_ADVISORY_H

/* What an advisory says: a notice that a person writes (domain.md, Notices), about one or more releases. Its
 * texts are rows of a table, the same for the store, the command line, the audit trail and the letters. Who
 * said it when is the store's (db/advisory_store.h). */

#include "planner/notice_kind.h"

/* True for security-advisory, stop-use-recommendation and component-notice: what a person writes. */
bool advisory_is_kind(NoticeKind kind);

typedef enum {
  ADVISORY_TITLE_JA,
  ADVISORY_TITLE_EN,
  ADVISORY_ACTION_JA, /* what to do, in a sentence or two: an urgent letter begins with it */
  ADVISORY_ACTION_EN,
  ADVISORY_BODY_JA, /* Markdown */
  ADVISORY_BODY_EN,
  ADVISORY_CSAF_URL, /* where the CSAF document lies */
  ADVISORY_CSAF_REFERENCE,
  ADVISORY_COMPONENT,
  ADVISORY_SUPPLIER, /* of the component */
  ADVISORY_COMPONENT_EOL,
  ADVISORY_COMPONENT_EOS,
  ADVISORY_STAGE,  /* of the device, that results: "support", "limited-support", "end-of-support" */
  ADVISORY_MARKET, /* a country, or "*" */
  ADVISORY_FIELD_COUNT
} AdvisoryField;

/* What a field's text is. */
typedef enum {
  ADVISORY_LINE,     /* one line */
  ADVISORY_MARKDOWN, /* a document */
  ADVISORY_URL,      /* https:// or http:// */
  ADVISORY_DATE,     /* ISO day or "tba" */
  ADVISORY_STAGE_KEY /* stage_key */
} AdvisoryForm;

/* Its column in the store and member in JSON: "title_ja". */
const char *advisory_field_key(AdvisoryField field);
AdvisoryForm advisory_field_form(AdvisoryField field);

typedef struct {
  NoticeKind kind;
  char *text[ADVISORY_FIELD_COUNT]; /* own strings; NULL: nothing is said; never "" */
  GPtrArray *releases;              /* "PRODUCT/RELEASE", own strings, in order */
} Advisory;

/* Nothing said yet, for every market. */
Advisory *advisory_new(NoticeKind kind);
void advisory_free(Advisory *advisory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Advisory, advisory_free)
Advisory *advisory_copy(const Advisory *advisory);
bool advisory_equal(const Advisory *a, const Advisory *b);

/* Sets a field; NULL, and what is nothing but blanks, take it away (of the market: "*"). */
void advisory_set(Advisory *advisory, AdvisoryField field, const char *text);
/* Adds a release, unless it is there; keeps the order. */
void advisory_add_release(Advisory *advisory, const char *release);

/* The text in `language` ("ja", "en") or, where that is not there, in the other one; NULL: in neither. */
const char *advisory_title(const Advisory *advisory, const char *language);
const char *advisory_action(const Advisory *advisory, const char *language);
const char *advisory_body(const Advisory *advisory, const char *language);

/* Why it cannot be kept, one sentence in English, static: no title or text in Japanese, no release, no
 * component. NULL: it can. */
const char *advisory_problem(const Advisory *advisory);

/* What the kind asks for (domain.md, Notices: content that must be there) and the advisory does not seem to
 * say, and what is said in one language only: sentences in English. Stops nothing. An array of own strings.
 */
GPtrArray *advisory_wants(const Advisory *advisory);

#endif
