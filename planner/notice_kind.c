#include "planner/notice_kind.h"

#include <string.h>

static const struct {
  const char *key, *ja, *en;
} kinds[NOTICE_KIND_COUNT] = {
  [NOTICE_PLAN_ANNOUNCEMENT] = { "plan-announcement", "サポート計画のご案内", "Support plan announcement" },
  [NOTICE_PLAN_CHANGE] = { "plan-change", "サポート計画変更のお知らせ", "Change of the support plan" },
  [NOTICE_EOL_REMINDER] = { "eol-reminder", "製品寿命終了（EOL）のご案内", "End of life (EOL) reminder" },
  [NOTICE_LIMITED_SUPPORT_BEGINS] = { "limited-support-begins", "限定的サポート開始のお知らせ",
                                      "Limited support begins" },
  [NOTICE_EOS_REMINDER] = { "eos-reminder", "サポート終了（EOS）のご案内", "End of support (EOS) reminder" },
  [NOTICE_EOS_REACHED] = { "eos-reached", "サポート終了（EOS）のお知らせ", "End of support (EOS) reached" },
  [NOTICE_COMPONENT] = { "component-notice", "構成部品のサポート終了に関するお知らせ", "Component notice" },
  [NOTICE_SECURITY_ADVISORY] = { "security-advisory", "セキュリティに関するお知らせ", "Security advisory" },
  [NOTICE_STOP_USE] = { "stop-use-recommendation", "使用中止の勧告", "Recommendation to stop use" },
  [NOTICE_WITHDRAWAL] = { "withdrawal", "通知取消しのお知らせ", "Withdrawal" },
};

const char *notice_kind_key(NoticeKind kind)
{
  g_assert(kind < NOTICE_KIND_COUNT);
  return kinds[kind].key;
}

bool notice_kind_parse(const char *key, NoticeKind *ret_kind)
{
  for (int i = 0; key != NULL && i < NOTICE_KIND_COUNT; i++) {
    if (strcmp(kinds[i].key, key) == 0) {
      *ret_kind = (NoticeKind)i;
      return true;
    }
  }
  return false;
}

const char *notice_kind_name(NoticeKind kind, const char *language)
{
  g_assert(kind < NOTICE_KIND_COUNT);
  return strcmp(language, "ja") == 0 ? kinds[kind].ja : kinds[kind].en;
}

bool notice_kind_is_urgent(NoticeKind kind)
{
  return kind == NOTICE_SECURITY_ADVISORY || kind == NOTICE_STOP_USE;
}
