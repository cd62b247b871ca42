#include "notifier/mail/letter_advisory.h"

#include <string.h>

#include "notifier/mail/letter_json.h"
#include "notifier/mail/letter_subject.h"
#include "notifier/mail/letter_words.h"
#include "notifier/template/markdown.h"
#include "planner/plan.h"

static bool is_english(const LetterNoticeStyle *style)
{
  return strcmp(style->language, "en") == 0;
}

/* "security_advisory": true. A withdrawal of an advisory says other things than that of a plan. */
static void set_kind(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  const char *key = notice_kind_key(notice->kind);
  g_autofree char *flag = notice->kind == NOTICE_WITHDRAWAL ? g_strdup("advisory_withdrawal")
                                                            : g_strdelimit(g_strdup(key), "-", '_');

  letter_json_text(object, "kind", key);
  letter_json_flag(object, flag, true);
  letter_json_flag(object, "is_advisory", true);
  letter_json_flag(object, "is_urgent", notice_kind_is_urgent(notice->kind));
  letter_json_text(object, "kind_name", notice_kind_name(notice->kind, style->language));
}

/* What is withdrawn. */
static json_t *withdrawn_json(const AdvisoryRow *row, const LetterNoticeStyle *style)
{
  json_t *object = json_object();
  g_autofree char *flag = g_strdelimit(g_strdup(notice_kind_key(row->content->kind)), "-", '_');

  letter_json_flag(object, flag, true);
  letter_json_text(object, "kind_name", notice_kind_name(row->content->kind, style->language));
  if (row->withdrawn_on != DAY_NONE)
    letter_json_take(object, "on", letter_words_date(row->withdrawn_on, style->language));
  letter_json_text(object, "reason", row->withdrawn_reason);
  return object;
}

/* A stored date as letters say it; NULL: unknown. Own string. */
static char *date_words(const char *stored, const LetterNoticeStyle *style)
{
  PlanDate date;

  if (stored == NULL || !plan_date_from_store(stored, &date) || date.state == DATE_UNKNOWN)
    return NULL;
  if (date.state == DATE_TBA)
    return g_strdup(is_english(style) ? "not announced" : "未定");
  return letter_words_date(date.day, style->language);
}

/* A stored stage as people read it; NULL: none. */
static const char *stage_words(const char *stored, const LetterNoticeStyle *style)
{
  for (int i = STAGE_SUPPORT; stored != NULL && i <= STAGE_END_OF_SUPPORT; i++)
    if (strcmp(stage_key((Stage)i), stored) == 0)
      return stage_name((Stage)i, style->language);
  return NULL;
}

/* A field as it stands in a letter, own string; NULL: nothing is said. */
static char *field_words(const Advisory *content, AdvisoryField field, const LetterNoticeStyle *style)
{
  const char *text = content->text[field];

  switch (advisory_field_form(field)) {
  case ADVISORY_DATE:
    return date_words(text, style);
  case ADVISORY_STAGE_KEY:
    return g_strdup(stage_words(text, style));
  case ADVISORY_LINE:
  case ADVISORY_URL:
  case ADVISORY_MARKDOWN:
  default:
    return g_strdup(text);
  }
}

static void set_component(json_t *object, const Advisory *content, const LetterNoticeStyle *style)
{
  static const struct {
    AdvisoryField field;
    const char *key;
  } members[] = {
    { ADVISORY_COMPONENT, "name" },
    { ADVISORY_SUPPLIER, "supplier" },
    { ADVISORY_COMPONENT_EOL, "eol" },
    { ADVISORY_COMPONENT_EOS, "eos" },
  };
  json_t *component = json_object();

  for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
    letter_json_take(component, members[i].key, field_words(content, members[i].field, style));
  if (json_object_size(component) > 0)
    json_object_set(object, "component", component);
  json_decref(component);
}

static void set_csaf(json_t *object, const Advisory *content)
{
  json_t *csaf = json_object();

  letter_json_text(csaf, "url", content->text[ADVISORY_CSAF_URL]);
  letter_json_text(csaf, "reference", content->text[ADVISORY_CSAF_REFERENCE]);
  if (json_object_size(csaf) > 0)
    json_object_set(object, "csaf", csaf);
  json_decref(csaf);
}

/* What a correction moves, in the order of the letter; texts that are long stand in it once. */
static const struct {
  AdvisoryField field;
  const char *ja, *en;
  bool localized; /* the field behind it is the same in English */
} changed[] = {
  { ADVISORY_TITLE_JA, "件名", "Title", true },
  { ADVISORY_ACTION_JA, "お願いする対応", "What to do", true },
  { ADVISORY_COMPONENT, "構成部品", "Component", false },
  { ADVISORY_SUPPLIER, "構成部品の供給者", "Supplier of the component", false },
  { ADVISORY_COMPONENT_EOL, "構成部品の製品寿命終了（EOL）", "End of life (EOL) of the component", false },
  { ADVISORY_COMPONENT_EOS, "構成部品のサポート終了（EOS）", "End of support (EOS) of the component", false },
  { ADVISORY_STAGE, "本製品の段階", "Resulting stage of the device", false },
  { ADVISORY_CSAF_URL, "CSAF文書", "CSAF document", false },
  { ADVISORY_CSAF_REFERENCE, "CSAF文書の番号", "CSAF document number", false },
};

static char *words_of(const Advisory *content, gsize row, const LetterNoticeStyle *style)
{
  AdvisoryField field = changed[row].field;

  if (changed[row].localized && is_english(style) && content->text[field + 1] != NULL)
    field = (AdvisoryField)(field + 1);
  return field_words(content, field, style);
}

/* Takes `was` and `now`; NULL: none. */
static void add_change(json_t *changes, const char *name, char *was, char *now,
                       const LetterNoticeStyle *style)
{
  const char *none = is_english(style) ? "none" : "なし";

  if (g_strcmp0(was, now) != 0) {
    json_t *change = json_object();

    letter_json_text(change, "name", name);
    letter_json_text(change, "was", letter_json_choose(was, none));
    letter_json_text(change, "now", letter_json_choose(now, none));
    json_array_append_new(changes, change);
  }
  g_free(was);
  g_free(now);
}

/* "PUMP/1.0, PUMP/2.0": names of all releases, own string. */
static char *release_words(const Advisory *content, const LetterNoticeStyle *style)
{
  g_autoptr(GString) words = g_string_new(NULL);

  for (guint i = 0; i < content->releases->len; i++)
    g_string_append_printf(words, "%s%s",
                           i == 0              ? ""
                           : is_english(style) ? ", "
                                               : "、",
                           (const char *)content->releases->pdata[i]);
  return g_string_free(g_steal_pointer(&words), FALSE);
}

/* { revision, changes [ { name, was, now } ], text_changed } against what this organization was told last. */
static json_t *correction_json(const AdvisoryRow *before, const AdvisoryRow *now,
                               const LetterNoticeStyle *style)
{
  json_t *object = json_object(), *changes = json_array();

  for (gsize i = 0; i < G_N_ELEMENTS(changed); i++)
    add_change(changes, is_english(style) ? changed[i].en : changed[i].ja,
               words_of(before->content, i, style), words_of(now->content, i, style), style);
  add_change(changes, is_english(style) ? "Models and versions concerned" : "対象の型式・バージョン",
             release_words(before->content, style), release_words(now->content, style), style);
  json_object_set_new(object, "revision", json_integer(before->revision));
  json_object_set_new(object, "changes", changes);
  letter_json_flag(object, "text_changed",
                   g_strcmp0(advisory_body(before->content, style->language),
                             advisory_body(now->content, style->language)) != 0);
  if (before->published_on != DAY_NONE)
    letter_json_take(object, "published_on", letter_words_date(before->published_on, style->language));
  letter_json_text(object, "reason", now->reason);
  return object;
}

/* What every letter says of this advisory in the same words: nothing of the customer. */
static json_t *content_json(const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  const AdvisoryRow *row = notice->advisory;
  const Advisory *content = row->content;
  json_t *object = json_object();

  letter_json_text(object, "number", row->number);
  json_object_set_new(object, "revision", json_integer(row->revision));
  letter_json_text(object, "title", advisory_title(content, style->language));
  letter_json_text(object, "action", advisory_action(content, style->language));
  letter_json_take(object, "html", markdown_html(advisory_body(content, style->language)));
  letter_json_take(object, "text", markdown_text(advisory_body(content, style->language), style->language));
  if (row->published_on != DAY_NONE)
    letter_json_take(object, "published_on", letter_words_date(row->published_on, style->language));
  /* While the store had no users, who published it had decided on it. */
  letter_json_text(object, "approved_by", row->approved_by != NULL ? row->approved_by : row->published_by);
  set_csaf(object, content);
  set_component(object, content, style);
  letter_json_text(object, "stage", stage_words(content->text[ADVISORY_STAGE], style));
  return object;
}

static void give_content(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  g_autofree char *key =
      g_strdup_printf("advisory %" G_GINT64_FORMAT " %s", notice->advisory->id, style->language);

  if (!letter_memo_give(style->memo, key, object, style->parts))
    letter_memo_give_new(style->memo, key, content_json(notice, style), object, style->parts);
}

static json_t *advisory_json(const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  json_t *object = json_object();

  give_content(object, notice, style);
  if (notice->kind == NOTICE_WITHDRAWAL)
    json_object_set_new(object, "withdrawn", withdrawn_json(notice->advisory, style));
  else if (notice->advisory_before != NULL)
    json_object_set_new(object, "correction",
                        correction_json(notice->advisory_before, notice->advisory, style));
  return object;
}

static void set_affected(json_t *object, const OutboxNotice *notice, const LetterNoticeStyle *style)
{
  json_t *affected = json_array();

  for (guint i = 0; i < notice->parts->len; i++) {
    json_t *part = json_object();

    letter_subject_set_release(part, notice->parts->pdata[i], style);
    letter_subject_set_devices(part, notice->parts->pdata[i], style);
    json_array_append_new(affected, part);
  }
  json_object_set_new(object, "affected", affected);
}

json_t *letter_advisory_json(const OutboxNotice *notice, int number, const LetterNoticeStyle *style)
{
  json_t *object = json_object();

  json_object_set_new(object, "id", json_integer(notice->id));
  json_object_set_new(object, "number", json_integer(number));
  set_kind(object, notice, style);
  letter_subject_set_organization(object, notice, style);
  json_object_set_new(object, "advisory", advisory_json(notice, style));
  set_affected(object, notice, style);
  letter_subject_set_answer(object, notice);
  return object;
}
