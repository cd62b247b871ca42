#include "planner/correction.h"

#include <string.h>

#define FIELDS_MAX 8

static const struct {
  const char *key;
  bool of_contact;
  const char *fields[FIELDS_MAX];
} kinds[CORRECTION_KIND_COUNT] = {
  [CORRECTION_REMOVED] = { "removed", false, { "status", "disposed_on" } },
  [CORRECTION_MOVED] = { "moved", false, { "department", "location" } },
  [CORRECTION_HANDED_ON] = { "handed-on", false, { "organization" } },
  [CORRECTION_NUMBER] = { "number", false, { "serial", "asset_no" } },
  [CORRECTION_CONTACT_NEW] = { "contact-new",
                               true,
                               { "name", "kana", "department", "title", "email", "phone", "role" } },
  [CORRECTION_CONTACT_LEFT] = { "contact-left", true, { "valid_to" } },
  [CORRECTION_CONTACT_CHANGED] = { "contact-changed", true, { "department", "title", "email", "phone" } },
};

static const char *const states[CORRECTION_STATE_COUNT] = {
  [CORRECTION_WAITING] = "waiting",
  [CORRECTION_APPROVED] = "approved",
  [CORRECTION_REJECTED] = "rejected",
};

const char *correction_kind_key(CorrectionKind kind)
{
  g_assert(kind < CORRECTION_KIND_COUNT);
  return kinds[kind].key;
}

bool correction_kind_parse(const char *key, CorrectionKind *ret_kind)
{
  for (int i = 0; key != NULL && i < CORRECTION_KIND_COUNT; i++) {
    if (strcmp(kinds[i].key, key) == 0) {
      *ret_kind = (CorrectionKind)i;
      return true;
    }
  }
  return false;
}

bool correction_is_of_contact(CorrectionKind kind)
{
  g_assert(kind < CORRECTION_KIND_COUNT);
  return kinds[kind].of_contact;
}

const char *const *correction_fields(CorrectionKind kind)
{
  g_assert(kind < CORRECTION_KIND_COUNT);
  return kinds[kind].fields;
}

const char *correction_state_key(CorrectionState state)
{
  g_assert(state < CORRECTION_STATE_COUNT);
  return states[state];
}

bool correction_state_parse(const char *key, CorrectionState *ret_state)
{
  for (int i = 0; key != NULL && i < CORRECTION_STATE_COUNT; i++) {
    if (strcmp(states[i], key) == 0) {
      *ret_state = (CorrectionState)i;
      return true;
    }
  }
  return false;
}
