#ifndef KIGEN_PLANNER_NOTICE_KIND_H
#define KIGEN_PLANNER_NOTICE_KIND_H

/* The kinds of notices (domain.md, Notices) and their words. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  NOTICE_PLAN_ANNOUNCEMENT,
  NOTICE_PLAN_CHANGE,
  NOTICE_EOL_REMINDER,
  NOTICE_LIMITED_SUPPORT_BEGINS,
  NOTICE_EOS_REMINDER,
  NOTICE_EOS_REACHED,
  NOTICE_COMPONENT,
  NOTICE_SECURITY_ADVISORY,
  NOTICE_STOP_USE,
  NOTICE_WITHDRAWAL,
  NOTICE_KIND_COUNT
} NoticeKind;

/* The word in store, CLI and template file names: "plan-announcement", "plan-change", "eol-reminder",
 * "limited-support-begins", "eos-reminder", "eos-reached", "component-notice", "security-advisory",
 * "stop-use-recommendation", "withdrawal". */
const char *notice_kind_key(NoticeKind kind);
bool notice_kind_parse(const char *key, NoticeKind *ret_kind) G_GNUC_WARN_UNUSED_RESULT;
const char *notice_kind_name(NoticeKind kind, const char *language);

/* True where somebody may come to harm: it goes at once, begins with what to do, and does not wait long for
 * an answer. */
bool notice_kind_is_urgent(NoticeKind kind);

#endif
