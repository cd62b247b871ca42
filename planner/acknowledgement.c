#include "planner/acknowledgement.h"

#include <string.h>

static const char *const kinds[ACKNOWLEDGEMENT_KIND_COUNT] = {
  [ACKNOWLEDGEMENT_RECEIPT] = "receipt", [ACKNOWLEDGEMENT_TRANSFER] = "transfer"
};

static const bool asked[ACKNOWLEDGEMENT_KIND_COUNT][NOTICE_KIND_COUNT] = {
  [ACKNOWLEDGEMENT_RECEIPT] = { [NOTICE_PLAN_ANNOUNCEMENT] = true,
                                [NOTICE_PLAN_CHANGE] = true,
                                [NOTICE_COMPONENT] = true,
                                [NOTICE_SECURITY_ADVISORY] = true,
                                [NOTICE_STOP_USE] = true },
  [ACKNOWLEDGEMENT_TRANSFER] = { [NOTICE_EOS_REMINDER] = true, [NOTICE_EOS_REACHED] = true },
};

const char *const acknowledgement_ways[] = { "phone", "letter", "hand", "mail", "link", NULL };

const char *acknowledgement_kind_key(AcknowledgementKind kind)
{
  g_assert(kind < ACKNOWLEDGEMENT_KIND_COUNT);
  return kinds[kind];
}

bool acknowledgement_kind_parse(const char *key, AcknowledgementKind *ret_kind)
{
  for (int i = 0; key != NULL && i < ACKNOWLEDGEMENT_KIND_COUNT; i++) {
    if (strcmp(kinds[i], key) == 0) {
      *ret_kind = (AcknowledgementKind)i;
      return true;
    }
  }
  return false;
}

bool acknowledgement_is_asked(AcknowledgementKind kind, NoticeKind notice)
{
  g_assert(kind < ACKNOWLEDGEMENT_KIND_COUNT && notice < NOTICE_KIND_COUNT);
  return asked[kind][notice];
}

bool acknowledgement_is_way(const char *how)
{
  for (guint i = 0; how != NULL && acknowledgement_ways[i] != NULL; i++) {
    if (strcmp(acknowledgement_ways[i], how) == 0)
      return true;
  }
  return false;
}
