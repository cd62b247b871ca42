#include "planner/conformity.h"

#include <string.h>

#define NOTIFICATION "適合性確認通知 薬生機審発0523第1号 "
#define ANNEX_F "JIS T 81001-5-1 附属書F "

static const ConformityItem items[] = {
  { .id = "1(1)a",
    .clause = "4",
    .text_ja = "サイバーセキュリティの確保に係る活動は、品質マネジメントシステムに基づいて行われていること。",
    .text_en = "Activities that ensure cybersecurity are carried out under the quality management system.",
    .source = NOTIFICATION "1(1)" },
  { .id = "1(1)b",
    .clause = "4",
    .proofs = CONFORMITY_PROVES_NOTIFICATION,
    .text_ja = "規制当局及び顧客に対して脆弱性を適時に通知する活動を確立すること。",
    .text_en =
        "An activity is established that tells regulators and customers of vulnerabilities in good time.",
    .source = NOTIFICATION "1(1)" },
  { .id = "1(1)c",
    .clause = "4",
    .text_ja = "医療機器のリスクマネジメントは、セキュリティの脆弱性、脅威等を考慮したものであること。",
    .text_en = "The device's risk management takes security vulnerabilities and threats into account.",
    .source = NOTIFICATION "1(1)" },
  { .id = "1(2)a",
    .clause = "5",
    .transition_exempt = true,
    .text_ja = "開発計画において、セキュリティ更新や開発環境等のセキュリティについて考慮すること。",
    .text_en = "The development plan considers security updates and the security of the development "
               "environment.",
    .source = NOTIFICATION "1(2); QA2 Q8" },
  { .id = "1(2)b",
    .clause = "5",
    .text_ja = "製品のセキュリティ機能を含むセキュリティ要求事項を特定すること。",
    .text_en = "Security requirements, the product's security functions included, are identified.",
    .source = NOTIFICATION "1(2)" },
  { .id = "1(2)c",
    .clause = "5",
    .transition_exempt = true,
    .text_ja = "意図する使用環境、信頼境界、多層防御等を考慮してアーキテクチャー設計を行うこと。",
    .text_en = "The architecture is designed with the intended environment of use, trust boundaries and "
               "defence in depth in view.",
    .source = NOTIFICATION "1(2); QA2 Q8" },
  { .id = "1(2)d",
    .clause = "5",
    .transition_exempt = true,
    .text_ja = "セキュリティ設計のベストプラクティスを考慮した設計及び実装を行うこと。",
    .text_en = "Design and implementation follow best practices of secure design.",
    .source = NOTIFICATION "1(2); QA2 Q7, Q8" },
  { .id = "1(2)e",
    .clause = "5",
    .text_ja =
        "ソフトウェアシステム試験を行って、セキュリティ要求事項が満たされ、リスクマネジメントプロセスで特定"
        "した脅威に対応する方法が設計に実装され、有効であることを確認すること。",
    .text_en =
        "Software system tests confirm that the security requirements are met, and that the answers to "
        "the threats identified by risk management are implemented in the design and effective.",
    .source = NOTIFICATION "1(2)" },
  { .id = "1(3)",
    .clause = "6",
    .proofs = CONFORMITY_PROVES_PLAN | CONFORMITY_PROVES_NOTIFICATION,
    .text_ja = "ソフトウェア保守計画において、サポート終了等の製品寿命に対して計画し、脆弱性の監視、セキュリ"
               "ティ更新等の将来的な脆弱性対策の実施計画をあらかじめ定めておき、その一環として顧客に対する"
               "セキュリティ更新の通知方法を明確化すること。",
    .text_en = "The software maintenance plan covers the product's lifetime up to the end of support, plans "
               "vulnerability monitoring and security updates in advance, and as a part of it says how "
               "customers are notified of security updates.",
    .source = NOTIFICATION "1(3)" },
  { .id = "1(4)",
    .clause = "7",
    .text_ja =
        "医療機器のリスクマネジメントにおいて、医療機器の意図する使用及び使用環境を考慮して、関連する"
        "脆弱性を特定し、関連する脅威を推定して評価し、リスクコントロール手段によって脅威をコントロール"
        "し、その有効性を監視すること。",
    .text_en = "Risk management identifies vulnerabilities, estimates and evaluates threats for the intended "
               "use and environment, controls them by risk-control measures, and monitors their "
               "effectiveness.",
    .source = NOTIFICATION "1(4)" },
  { .id = "1(5)",
    .clause = "8",
    .text_ja =
        "医療機器の開発、保守及びサポートのための、変更管理及び変更履歴を伴う構成管理プロセスを確立する"
        "こと。",
    .text_en = "A configuration management process with change control and change history is established for "
               "development, maintenance and support.",
    .source = NOTIFICATION "1(5)" },
  { .id = "1(6)",
    .clause = "9",
    .text_ja =
        "セキュリティの脆弱性に関する情報伝達及び処理の手順を定め、セキュリティ問題に対して、情報開示を"
        "含めて手順に従って実施すること。",
    .text_en =
        "Procedures say how information on vulnerabilities is passed on and handled; security problems "
        "are handled by them, disclosure included.",
    .source = NOTIFICATION "1(6)" },
  { .id = "2(1)",
    .clause = "4",
    .proofs = CONFORMITY_PROVES_CONTACT,
    .text_ja =
        "品質マネジメントシステムにおいて、セキュリティに対する対応方針、セキュリティに対する問い合わせ"
        "窓口を明確化し、顧客に対する脆弱性等の開示手順が定められていることによって確認すること。",
    .text_en = "The quality management system states the security policy and the security contact, and has a "
               "procedure to disclose vulnerabilities to customers.",
    .source = NOTIFICATION "2(1); QA Q4" },
  { .id = "2(2)",
    .clause = "5",
    .text_ja = "意図する使用環境をシステム構成図やネットワーク構成図等を用いて明示することで確認すること。",
    .text_en = "The intended environment of use is shown by system and network diagrams.",
    .source = NOTIFICATION "2(2); QA2 Q1" },
  { .id = "2(3)",
    .clause = "6",
    .proofs = CONFORMITY_PROVES_NOTIFICATION,
    .text_ja = "顧客に対するセキュリティ更新の通知方針について定めておくこと。",
    .text_en = "A policy says how customers are notified of security updates.",
    .source = NOTIFICATION "2(3)" },
  { .id = "2(4)",
    .clause = "8",
    .text_ja =
        "構成管理プロセスは、当該医療機器のソフトウェア部品表（SBOM）を適切に作成することによって確認する"
        "こと。",
    .text_en = "The configuration management process is confirmed by a proper software bill of materials "
               "(SBOM).",
    .source = NOTIFICATION "2(4); QA Q5, Q6" },
  { .id = "F.2",
    .clause = "F.2",
    .annex_f = true,
    .text_ja = "開発の評価及びギャップ解消アクティビティ（箇条4の実施、5.2、5.7及び7.1～7.3とのギャップ分析を"
               "含む。）を実施し、全体の残留リスクを評価して、継続使用の適切性を判断すること。",
    .text_en =
        "Development is assessed and gaps are closed (clause 4, and the gap analysis with 5.2, 5.7 and "
        "7.1 to 7.3); overall residual risk is evaluated and continued use judged.",
    .source = ANNEX_F "F.2; QA2 Q8" },
  { .id = "F.3a",
    .clause = "F.3",
    .annex_f = true,
    .per_release = true,
    .text_ja = "トランジションヘルスソフトウェアの継続使用の根拠を、そのバージョンとともに文書化すること。",
    .text_en = "The rationale for the continued use of the transition health software is documented together "
               "with its version.",
    .source = ANNEX_F "F.3; QA2 Q8" },
  { .id = "F.3b",
    .clause = "F.3",
    .annex_f = true,
    .text_ja = "箇条6から箇条9までの要求事項に適合させる移行計画を確立し、利用可能にすること。",
    .text_en = "A migration plan to the requirements of clauses 6 to 9 is established and available.",
    .source = ANNEX_F "F.3; QA2 Q8" },
  { .id = "F.4",
    .clause = "F.4",
    .annex_f = true,
    .text_ja = "箇条6から箇条9までに規定するリリース後のアクティビティを履行すること。",
    .text_en = "The activities after release of clauses 6 to 9 are carried out.",
    .source = ANNEX_F "F.4; QA2 Q8" },
};

G_STATIC_ASSERT(G_N_ELEMENTS(items) <= CONFORMITY_ITEMS_MAX);

const ConformityItem *conformity_table(gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS(items);
  return items;
}

int conformity_find(const char *id)
{
  for (guint i = 0; id != NULL && i < G_N_ELEMENTS(items); i++) {
    if (strcmp(items[i].id, id) == 0)
      return (int)i;
  }
  return -1;
}

/* Digits and letters of `text` in lower case ("1(2)c" → "12c"), without a leading 「附属書」; own string, ""
 * when there is anything else in it. */
static char *key_of(const char *text)
{
  g_autofree char *folded = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
  const char *at = folded != NULL ? folded : "";
  GString *key = g_string_new(NULL);

  if (g_str_has_prefix(at, "附属書"))
    at += strlen("附属書");
  for (; *at != '\0'; at += g_utf8_skip[(guchar)*at]) {
    if (g_ascii_isalnum(*at))
      g_string_append_c(key, g_ascii_tolower(*at));
    else if (g_utf8_strchr("().-_ の", -1, g_utf8_get_char(at)) == NULL)
      return g_string_free(g_string_assign(key, ""), FALSE);
  }
  return g_string_free(key, FALSE);
}

/* True when `key` is the whole of `of`, or all of it but the letter that tells requirements of one number
 * apart. */
static bool is_meant(const char *key, const char *of)
{
  gsize length = strlen(key);

  return g_str_has_prefix(of, key) && (of[length] == '\0' || (length == 2 && g_ascii_isalpha(of[length])));
}

guint32 conformity_parse(const char *text)
{
  g_autofree char *key = key_of(text);
  guint32 found = 0;

  for (guint i = 0; *key != '\0' && i < G_N_ELEMENTS(items); i++) {
    g_autofree char *of = key_of(items[i].id);

    if (is_meant(key, of))
      found |= 1u << i;
  }
  return found;
}

bool conformity_applies(const ConformityItem *item, bool transition)
{
  return transition ? !item->transition_exempt : !item->annex_f;
}

guint32 conformity_required(bool transition)
{
  guint32 required = 0;

  for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
    if (!items[i].annex_f && conformity_applies(&items[i], transition))
      required |= 1u << i;
  }
  return required;
}

guint32 conformity_annex_f(void)
{
  guint32 needed = 0;

  for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
    if (strcmp(items[i].clause, "F.3") == 0)
      needed |= 1u << i;
  }
  return needed;
}
