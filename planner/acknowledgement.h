#ifndef KIGEN_PLANNER_ACKNOWLEDGEMENT_H
#define KIGEN_PLANNER_ACKNOWLEDGEMENT_H

/* The two acknowledgements, never mixed (domain.md, Notices): receipt (受領確認), by anybody there, and
 * transfer (責任移転の確認), by a named responsible person. And the ways that one can reach the maker. */

#include "planner/notice_kind.h"

typedef enum {
  ACKNOWLEDGEMENT_RECEIPT,
  ACKNOWLEDGEMENT_TRANSFER,
  ACKNOWLEDGEMENT_KIND_COUNT
} AcknowledgementKind;

/* The word in store and CLI: "receipt", "transfer". */
const char *acknowledgement_kind_key(AcknowledgementKind kind);
bool acknowledgement_kind_parse(const char *key, AcknowledgementKind *ret_kind) G_GNUC_WARN_UNUSED_RESULT;

/* True where a notice of that kind asks for it: the plan's announcement, its change and advisories for
 * receipt, notices of EOS for transfer. */
bool acknowledgement_is_asked(AcknowledgementKind kind, NoticeKind notice);

/* By hand, NULL-terminated: "phone", "letter", "hand" (in person), "mail", "link". */
extern const char *const acknowledgement_ways[];
/* True when `how` is one of them. */
bool acknowledgement_is_way(const char *how);

#endif
