#include "notifier/cli/conformity_proof.h"

#include "planner/conformity.h"
#include "planner/limited_support.h"

static bool has_end_of_support(const PlanRow *row)
{
  return row->plan != 0 && row->dates->date[MILESTONE_EOS].state == DATE_KNOWN;
}

static Json *proof_new(bool ok, char *text)
{
  Json *proof = json_pack("{s:s, s:b}", "text", text, "ok", ok);

  g_free(text);
  return proof;
}

static void add_plan(Json *list, const ReportProduct *product, const GPtrArray *releases, bool japanese)
{
  g_autoptr(GString) without = g_string_new(NULL);
  guint with = 0;

  for (guint i = 0; i < releases->len; i++) {
    const PlanRow *row = releases->pdata[i];

    if (has_end_of_support(row))
      with++;
    else
      g_string_append_printf(without, "%s%s", without->len > 0 ? ", " : "", row->name);
  }
  json_array_append_new(
      list, proof_new(with == releases->len && with > 0,
                      g_strdup_printf(
                          japanese ? "サポート終了日を定めた公開済みの計画: %u／%uリリース%s%s"
                                   : "published plans that set the end of support: %u of %u releases%s%s",
                          with, releases->len,
                          without->len == 0 ? ""
                          : japanese        ? "。なし: "
                                            : "; none for ",
                          without->str)));
}

static void add_notification(Json *list, const ReportProduct *product, const GPtrArray *releases,
                             bool japanese)
{
  bool named = limited_support_doc_counts(product->update_policy_doc);
  const char *none = japanese ? "記録なし" : "not recorded";

  json_array_append_new(list, proof_new(named, g_strdup_printf(japanese ? "更新通知の方針: %s"
                                                                        : "update notification policy: %s",
                                                               named ? product->update_policy_doc : none)));
  json_array_append_new(
      list, proof_new(product->mail + product->other + product->feeds > 0,
                      g_strdup_printf(
                          japanese ? "通知の実績: メール%" G_GINT64_FORMAT "機関、その他%" G_GINT64_FORMAT
                                     "機関、カレンダー配信%" G_GINT64_FORMAT "件"
                                   : "customers told: %" G_GINT64_FORMAT " by mail, %" G_GINT64_FORMAT
                                     " in other ways; %" G_GINT64_FORMAT " calendar feeds",
                          product->mail, product->other, product->feeds)));
}

static void add_contact(Json *list, const ReportProduct *product, const GPtrArray *releases, bool japanese)
{
  bool known = limited_support_doc_counts(product->security_contact);
  const char *none = japanese ? "記録なし" : "not recorded";

  json_array_append_new(
      list, proof_new(known, g_strdup_printf(japanese ? "セキュリティの窓口: %s" : "security contact: %s",
                                             known ? product->security_contact : none)));
}

Json *conformity_proof_list(guint proofs, const ReportProduct *product, const GPtrArray *releases,
                            const char *language)
{
  static const struct {
    ConformityProof proof;
    void (*add)(Json *list, const ReportProduct *product, const GPtrArray *releases, bool japanese);
  } table[] = {
    { CONFORMITY_PROVES_PLAN, add_plan },
    { CONFORMITY_PROVES_NOTIFICATION, add_notification },
    { CONFORMITY_PROVES_CONTACT, add_contact },
  };
  Json *list = json_array();

  for (guint i = 0; i < G_N_ELEMENTS(table); i++)
    if ((proofs & table[i].proof) != 0)
      table[i].add(list, product, releases, *language == 'j');
  return list;
}
