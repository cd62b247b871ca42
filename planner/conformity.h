#ifndef KIGEN_PLANNER_CONFORMITY_H
#define KIGEN_PLANNER_CONFORMITY_H

/* What an application must name an internal document for: the requirements of 適合性確認通知 1(1)–(6) and
 * 2(1)–(4) (令和5年5月23日 薬生機審発0523第1号; QA Q2), and what annex F of JIS T 81001-5-1 asks of
 * transition health software (QA Q3, QA2 Q8). One table. Pure. */

#include <glib.h>
#include <stdbool.h>

/* What kigen itself can prove of a requirement (bits). */
typedef enum {
  CONFORMITY_PROVES_PLAN = 1,         /* a maintenance plan with the end of support */
  CONFORMITY_PROVES_NOTIFICATION = 2, /* how customers are told of updates */
  CONFORMITY_PROVES_CONTACT = 4       /* the security contact */
} ConformityProof;

typedef struct {
  const char *id;         /* "1(2)c": the notification's number and, where it has several, which of them */
  const char *clause;     /* of JIS T 81001-5-1: "5", "F.3" */
  bool annex_f;           /* asked of transition releases only */
  bool transition_exempt; /* not asked of them (QA2 Q8) */
  bool per_release;       /* named for each version, not for the product (F.3) */
  guint proofs;           /* ConformityProof */
  const char *text_ja;    /* the requirement, as the notification words it */
  const char *text_en;
  const char *source;
} ConformityItem;

#define CONFORMITY_ITEMS_MAX 32 /* an item is a bit of a guint32 */

/* The table in the notification's order, annex F last; *ret_n rows, static. */
const ConformityItem *conformity_table(gsize *ret_n);

/* The place in the table of the requirement with the very id `id`, as the store keeps it; -1: none. */
int conformity_find(const char *id);

/* The requirements that `text` means, as bits by place in the table: "1(2)c" one, "1(2)" all of that number.
 * Full-width, "1-2c", "1.2 C" and 「附属書F.4」 are read too. 0: none. */
guint32 conformity_parse(const char *text);

/* The requirements of the notification that a product must name a document for, as bits: all but the three of
 * clause 5 for a transition release; annex F's own are conformity_annex_f(). */
guint32 conformity_required(bool transition);
/* Those of annex F whose lack is rule TRN-1: the rationale per version, the migration plan. */
guint32 conformity_annex_f(void);

/* True when the requirement is asked of a release (annex F's own: of transition releases only). */
bool conformity_applies(const ConformityItem *item, bool transition);

#endif
