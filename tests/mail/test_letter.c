#include "notifier/mail/letter.h"

#include <string.h>

#include "db/acknowledgement_link.h"
#include "db/maker_store.h"
#include "notifier/mail/letter_devices.h"
#include "notifier/mail/letter_json.h"
#include "tests/db/outbox_base.h"
#include "tests/db/scratch.h"
#include "tests/mail/mail_fixture.h"
#include "tests/support/run.h"

static Db *db;
static TemplateSet *templates;
static GHashTable *maker;

static void setup(void)
{
  scratch_setup();
  db = outbox_base_store();
  assert_done(db_begin(db, ERR));
  assert_done(maker_store_set(db, "name_ja", "期限メディカル株式会社", ERR));
  assert_done(maker_store_set(db, "name_en", "Kigen Medical Inc.", ERR));
  assert_done(maker_store_set(db, "department_ja", "品質保証部", ERR));
  assert_done(maker_store_set(db, "person_ja", "山田　花子", ERR));
  assert_done(maker_store_set(db, "phone", "03-0000-0000", ERR));
  assert_done(maker_store_set(db, "document_series", "KM-QA", ERR));
  assert_done(db_commit(db, ERR));
  assert_done(maker_store_load(db, &maker, ERR));
  assert_done(template_set_load(&templates, ERR));
}

static void teardown(void)
{
  template_set_free(templates);
  g_hash_table_unref(maker);
  db_close(db);
  scratch_teardown();
}

/* As audit_head_format_lines writes it. */
#define HASH "abcd000000000000000000000000000000000000000000000000000000000000"
#define KEY "11qYAYKx"
#define SIGNED_1 "Vvzg6P7JWL2QkeXQbC1cCB1nTCDRjxsO1rrGBGkO0Ql"
#define SIGNED_2 "e2cA7fBfWmJ9B2x0xOVrEvQjJ0wJ8mHq0hZlcdKnYAg"
#define HEAD_1 "kigen-head 1 9223372036854775807 2031-03-30T22:15:00Z"

static LetterStyle style(void)
{
  return (LetterStyle){ .today = base_context.today,
                        .now = base_context.now,
                        .from_address = "notice@maker.example",
                        .reply_to = "support@maker.example",
                        .uid_domain = "kigen.example",
                        .maker = maker,
                        .audit_head = HEAD_1 "\n" HASH "\n" KEY " " SIGNED_1 "\n" SIGNED_2 };
}

static OutboxLetter *loaded(gint64 id)
{
  OutboxLetter *letter = NULL;

  assert_done(outbox_letter_load(db, id, NULL, &letter, ERR));
  return letter;
}

static json_t *context_of(gint64 id)
{
  g_autoptr(OutboxLetter) letter = loaded(id);
  LetterStyle with = style();

  return letter_context_json(letter, &with);
}

static json_t *at(json_t *object, const char *path)
{
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);

  for (guint i = 0; steps[i] != NULL; i++)
    object = json_is_array(object) ? json_array_get(object, (gsize)g_ascii_strtoull(steps[i], NULL, 10))
                                   : json_object_get(object, steps[i]);
  return object;
}

/* What stands at a path of the context: of message 1 (a digest to a hospital), 2 (a lessor, in English), 3 (a
 * corporation, for its site). NULL: nothing. */
static const struct {
  gint64 id;
  const char *path, *value;
} members[] = {
  { 1, "language", "ja" },
  { 1, "document_no", "KM-QA-000001" },
  { 1, "sent_on", "2030年9月30日（令和12年9月30日・月）" },
  { 1, "digest", "true" },
  { 1, "single", NULL },
  { 1, "count", "2" },
  { 1, "first.release", "1.0" },
  { 1, "maker.name", "期限メディカル株式会社" },
  { 1, "recipient.attention", "北病院　臨床工学部　部長　佐藤　太郎　様" },
  { 1, "recipient.hospital", "true" },
  { 1, "recipient.second_person", "貴院" },
  { 1, "transfer_request", NULL },
  { 1, "apology", "true" },
  { 1, "urgent", NULL },
  { 1, "notices.1.kind", "eol-reminder" },
  { 1, "notices.1.eol_reminder", "true" },
  { 1, "notices.1.remaining", "あと6か月" },
  { 1, "notices.1.lead_months", "6" },
  { 1, "notices.1.changes", NULL },
  { 1, "notices.1.eol.text", "2031年3月31日（令和13年3月31日・月）" },
  { 1, "notices.1.repair_until.text", "未定" },
  { 1, "notices.1.repair_until.tba", "true" },
  { 1, "notices.1.parts_until", NULL },
  { 1, "notices.1.dates.2.key", "eol" },
  { 1, "notices.1.limited_support.doc", "LS-2" },
  { 1, "notices.1.limited_support.duties.0", "院内で分離する" },
  { 1, "notices.1.limited_support.url", "https://maker.example/ls-2?a=1&b=2" },
  { 1, "notices.1.limited_support.lines.1.terms.0.text", "有償" },
  { 1, "notices.1.limited_support.lines.1.terms.0.first_line", "true" },
  { 1, "notices.1.limited_support.lines.0.terms", NULL },
  { 1, "notices.1.successor", "画像表示装置" },
  { 1, "notices.1.product.successor", NULL },
  { 1, "notices.1.organization.other", NULL },
  { 1, "notices.1.device_count", "6台" },
  { 1, "notices.1.devices.0.serial", "00123" },
  { 1, "notices.1.devices.0.installed_on", "2025年4月1日" },
  { 1, "notices.1.devices.0.quantity", NULL },
  { 1, "notices.1.devices.2.quantity", "4" },
  { 1, "notices.1.asks_receipt", NULL },
  { 1, "notices.1.events.2.uid", "uid-kita-1-eol@kigen.example" },
  { 1, "notices.1.events.2.sequence", "4" },
  { 1, "notices.1.events.2.at", "2030-01-10T01:00:00Z" },
  { 1, "notices.0.kind", "plan-change" },
  { 1, "notices.0.plan.reason", "部品の供給終了" },
  { 1, "notices.0.plan.approved_by", "品質保証部長" },
  { 1, "notices.0.changes.0.key", "eol" },
  { 1, "notices.0.changes.0.was", "2032年3月31日（令和14年3月31日・水）" },
  { 1, "notices.0.changes.0.now", "2031年3月31日（令和13年3月31日・月）" },
  { 1, "notices.0.changes.2.was", "なし" },
  { 1, "notices.0.changes.2.now", "未定" },
  { 1, "notices.0.changes.3.key", "line.security-updates" },
  { 1, "notices.0.changes.3.name", "セキュリティアップデート" },
  { 1, "notices.0.changes.3.was", "なし" },
  { 1, "notices.0.changes.3.now", "2033年3月31日（令和15年3月31日・木）" },
  { 1, "notices.0.changes.4.key", "line.parts" },
  { 1, "notices.0.changes.4.was", "2034年3月31日（令和16年3月31日・金）" },
  { 1, "notices.0.changes.5.key", "terms.parts" },
  { 1, "notices.0.changes.5.name", "部品・消耗品の供給の条件" },
  { 1, "notices.0.changes.5.was", "なし" },
  { 1, "notices.0.changes.5.now", "有償" },
  { 1, "notices.0.changes.5.below", NULL },
  { 1, "notices.0.changes.6.key", "terms.telephone" },
  { 1, "notices.0.changes.6.below", "true" },
  { 1, "notices.0.changes.7", NULL },
  { 1, "notices.0.asks_receipt", "true" },
  { 1, "envelope.from_name", "期限メディカル株式会社　品質保証部" },
  { 1, "envelope.to", "sato@kita.example" },
  { 1, "envelope.message_id", "kigen.1@maker.example" },
  { 2, "language", "en" },
  { 2, "sent_on", "Monday, 30 September 2030" },
  { 2, "single", "true" },
  { 2, "maker.name", "Kigen Medical Inc." },
  { 2, "maker.department", "品質保証部" },
  { 2, "recipient.attention", "Minami Lease, John Smith" },
  { 2, "recipient.lessor", "true" },
  { 2, "recipient.second_person", NULL },
  { 2, "transfer_request", "true" },
  { 2, "notices.0.product.name", "Infusion pump" },
  { 2, "notices.0.remaining", "6 months left" },
  { 2, "notices.0.device_count", "2 units" },
  { 2, "notices.0.limited_support.lines.1.terms.0.text", "charged" },
  { 2, "notices.0.limited_support.duties.0", "院内で分離する" },
  { 2, "notices.0.successor", "画像表示装置" },
  { 3, "recipient.title", "医療機器安全管理責任者" },
  { 3, "notices.0.organization.other", "true" },
  { 3, "notices.0.organization.name", "東診療所" },
  { 3, "notices.0.no_limited_support", "true" },
  { 3, "notices.0.limited_support", NULL },
  { 3, "notices.0.successor", "PUMP II" },
  { 3, "notices.0.eos.tba", "true" },
};

START_TEST(test_context_member)
{
  g_autoptr(json_t) context = context_of(members[_i].id);
  json_t *found = at(context, members[_i].path);
  g_autofree char *text = json_is_string(found) ? g_strdup(json_string_value(found))
                          : found != NULL       ? json_dumps(found, JSON_ENCODE_ANY)
                                                : NULL;

  ck_assert_msg(g_strcmp0(text, members[_i].value) == 0, "%" G_GINT64_FORMAT " %s: %s", members[_i].id,
                members[_i].path, text != NULL ? text : "(absent)");
}
END_TEST

static OutboxContext *frozen(gint64 id, GBytes **ret_bytes)
{
  g_autoptr(OutboxLetter) letter = loaded(id);
  LetterStyle with = style();
  OutboxContext *context = NULL;

  assert_done(letter_freeze(letter, &with, templates, &context, ret_bytes, ERR));
  return context;
}

/* From the stored context and the stored template set alone, in a program that knows neither letter nor
 * maker. */
START_TEST(test_rebuild_same_bytes)
{
  for (gint64 id = 1; id <= 3; id++) {
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(OutboxContext) context = frozen(id, &bytes);
    g_autoptr(OutboxContext) kept = NULL;
    g_autoptr(GBytes) set = NULL;
    g_autoptr(TemplateSet) old = NULL;
    g_autoptr(GBytes) again = NULL;

    assert_done(db_begin(db, ERR));
    assert_done(
        outbox_store_put_template_set(db, template_set_hash(templates), template_set_bytes(templates), ERR));
    assert_done(outbox_store_put_context(db, id, context, ERR));
    scratch_sql(db, "UPDATE maker SET value = '別の会社'");
    scratch_sql(db, "UPDATE contact SET name = '別の人', email = 'other@x.example'");
    assert_done(db_commit(db, ERR));
    assert_done(outbox_store_load_context(db, id, &kept, ERR));
    assert_done(outbox_store_load_template_set(db, kept->template_set, &set, ERR));
    assert_done(template_set_from_bytes(set, &old, ERR));
    assert_done(letter_rebuild(kept, old, NULL, &again, ERR));
    ck_assert(g_bytes_equal(bytes, again));

    g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, again);

    ck_assert_str_eq(kept->sha256, digest);
  }
}
END_TEST

/* With what is remembered of letters before it, of which some say the same and some another thing, every
 * letter has the bytes and the context that it has alone. */
START_TEST(test_memo_same_bytes)
{
  g_autoptr(LetterMemo) memo = letter_memo_new();
  LetterStyle with = style();

  with.memo = memo;
  for (int round = 0; round < 3; round++) {
    if (round == 2)
      letter_memo_begin(memo);
    for (gint64 id = 1; id <= 3; id++) {
      g_autoptr(OutboxLetter) letter = loaded(id);
      g_autoptr(GBytes) alone = NULL, bytes = NULL;
      g_autoptr(OutboxContext) first = frozen(id, &alone);
      g_autoptr(OutboxContext) context = NULL;

      assert_done(letter_freeze(letter, &with, templates, &context, &bytes, ERR));
      ck_assert(g_bytes_equal(alone, bytes));
      ck_assert_str_eq(first->context, context->context);
      ck_assert_uint_gt(context->parts->len, 1);
      ck_assert_uint_eq(first->parts->len, context->parts->len);
      for (guint i = 0; i < context->parts->len; i++)
        ck_assert_str_eq(((const OutboxPart *)first->parts->pdata[i])->hash,
                         ((const OutboxPart *)context->parts->pdata[i])->hash);
    }
  }
}
END_TEST

/* A context that names a part that is not kept says so: it never makes a letter without the maker. */
START_TEST(test_rebuild_part_missing)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(OutboxContext) context = frozen(1, &bytes);

  while (context->parts->len > 0) {
    g_autoptr(GError) error = NULL;
    GBytes *again = NULL;

    g_ptr_array_remove_index(context->parts, context->parts->len - 1);
    ck_assert(!letter_rebuild(context, templates, NULL, &again, &error));
    ck_assert(g_error_matches(error, LETTER_ERROR, LETTER_ERROR_CONTEXT));
    ck_assert(strstr(error->message, "part") != NULL);
  }
}
END_TEST

START_TEST(test_freeze_same_context)
{
  g_autoptr(GBytes) first_bytes = NULL;
  g_autoptr(GBytes) second_bytes = NULL;
  g_autoptr(OutboxContext) first = frozen(1, &first_bytes);
  g_autoptr(OutboxContext) second = frozen(1, &second_bytes);

  ck_assert_str_eq(first->context, second->context);
  ck_assert_str_eq(first->renderer, KIGEN_VERSION);
  ck_assert(g_bytes_equal(first_bytes, second_bytes));
}
END_TEST

static const char *content_of(json_t *mail, const char *type)
{
  gsize i;
  json_t *part;

  json_array_foreach(json_object_get(mail, "parts"), i,
                     part) if (strcmp(letter_json_get(part, "type"), type) ==
                               0) return letter_json_get(part, "content");
  return NULL;
}

/* What each part of a mail must say. The text alone carries dates, devices and contact. */
static const struct {
  gint64 id;
  const char *type, *says;
} parts[] = {
  { 1, "text/plain", "文書番号　KM-QA-000001" },
  { 1, "text/plain", "2031年3月31日（令和13年3月31日・月）" },
  { 1, "text/plain", "2032年3月31日（令和14年3月31日・水）" },
  { 1, "text/plain", "00123" },
  { 1, "text/plain", "L7" },
  { 1, "text/plain", "佐藤　太郎" },
  { 1, "text/plain", "山田　花子" },
  { 1, "text/plain", "03-0000-0000" },
  { 1, "text/plain", "LS-2" },
  { 1, "text/plain", "\r\n" },
  { 1, "text/plain", HEAD_1 "\r\n" HASH "\r\n" KEY " " SIGNED_1 "\r\n" SIGNED_2 "\r\n" },
  { 1, "text/html", HEAD_1 "\r\n" HASH "\r\n" KEY " " SIGNED_1 "\r\n" SIGNED_2 "</pre>" },
  { 1, "text/html", "00123" },
  { 1, "text/html", "<html lang=\"ja\">" },
  { 1, "text/csv", "製造番号" },
  { 1, "text/csv",
    "北病院,輸液ポンプ,汎用輸液ポンプ,22000BZX00001000,1.0,1.0,SW 3.1,00123,,1,ICU,3階,A-1,2025-04-01,"
    "2031-03-31,2033-03-31,2031-03-31,2033-03-31\r\n" },
  { 1, "text/calendar", "DTSTART;VALUE=DATE:20310331\r\n" },
  { 1, "text/calendar", "UID:uid-kita-1-eol@kigen.example\r\n" },
  { 2, "text/plain", "John Smith" },
  { 2, "text/plain", "Monday, 31 March 2031" },
  { 2, "text/csv", "Serial number" },
  { 3, "text/plain", "東診療所" },
  { 3, "text/csv", ",'=cmd," },
};

START_TEST(test_mail_says)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(OutboxContext) context = frozen(parts[_i].id, &bytes);
  g_autoptr(json_t) mail = fixture_parse(bytes);

  ck_assert_str_eq(context->template_set, template_set_hash(templates));

  const char *content = content_of(mail, parts[_i].type);

  ck_assert_msg(content != NULL && strstr(content, parts[_i].says) != NULL,
                "%" G_GINT64_FORMAT " %s lacks %s:\n%s", parts[_i].id, parts[_i].type, parts[_i].says,
                content != NULL ? content : "(no such part)");
  ck_assert_uint_eq(json_array_size(json_object_get(mail, "header_defects")), 0);
  ck_assert_int_le(json_integer_value(json_object_get(mail, "longest_line")), 78);
}
END_TEST

/* The body is base64: a program finds the head in its field, folded at its blanks; without one there is none.
 */
START_TEST(test_mail_head)
{
  static const char field[] =
      "\r\nX-Kigen-Head: " HEAD_1 "\r\n " HASH " " KEY "\r\n " SIGNED_1 "\r\n " SIGNED_2 "\r\n";
  g_autoptr(OutboxLetter) letter = loaded(2);
  LetterStyle with = style();

  for (int carried = 1; carried >= 0; carried--) {
    g_autoptr(OutboxContext) context = NULL;
    g_autoptr(GBytes) bytes = NULL;

    with.audit_head = carried ? with.audit_head : NULL;
    assert_done(letter_freeze(letter, &with, templates, &context, &bytes, ERR));

    g_autofree char *mail = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

    ck_assert_msg((strstr(mail, carried ? field : "X-Kigen-Head") != NULL) == carried, "%.2000s", mail);
  }
}
END_TEST

/* A digest lists a device once, though two notices are about it; an event too. */
START_TEST(test_mail_once)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(OutboxContext) context = frozen(1, &bytes);
  g_autoptr(json_t) mail = fixture_parse(bytes);

  ck_assert_str_eq(context->boundary_seed, "kigen.1@maker.example");

  g_auto(GStrv) rows = g_strsplit(content_of(mail, "text/csv"), "\r\n", -1);
  g_auto(GStrv) events = g_strsplit(content_of(mail, "text/calendar"), "BEGIN:VEVENT", -1);
  gsize i;
  json_t *part;

  ck_assert_uint_eq(g_strv_length(rows), 1 + 3 + 1);
  ck_assert_uint_eq(g_strv_length(events), 1 + 4);
  json_array_foreach(json_object_get(mail, "parts"), i,
                     part) if (strcmp(letter_json_get(part, "type"), "text/calendar") == 0)
  {
    ck_assert_uint_eq(json_array_size(json_object_get(part, "parameters")), 3);
    ck_assert_str_eq(letter_json_get(part, "filename"), "milestones.ics");
  }
}
END_TEST

/* Link and codes are in the mail, made again from the key alone, and in nothing that is kept. */
START_TEST(test_mail_answer)
{
  g_autoptr(OutboxLetter) letter = loaded(1);
  g_autoptr(LinkKey) key = NULL;
  g_autoptr(OutboxContext) context = NULL;
  g_autoptr(GBytes) bytes = NULL, again = NULL, without = NULL;
  g_autoptr(GError) error = NULL;
  LetterStyle with = style();
  g_autofree char *key_path = scratch_path("answer.key");
  char code[SHORT_CODE_TEXT_SIZE];

  assert_done(link_key_create(key_path, ERR));
  assert_done(link_key_load(key_path, &key, ERR));
  with.key = key;
  with.base_url = "https://kigen.maker.example";
  assert_done(letter_freeze(letter, &with, templates, &context, &bytes, ERR));

  g_autoptr(json_t) mail = fixture_parse(bytes);
  g_autofree char *url = acknowledgement_link_url(with.base_url, key, 1, "kigen.1@maker.example");
  ShortCode codes[] = { acknowledgement_link_code(key, 1, "kigen.1@maker.example"),
                        acknowledgement_link_code_of(key, 1, "kigen.1@maker.example", 2, 1) };
  const char *types[] = { "text/plain", "text/html" };

  for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
    const char *content = content_of(mail, types[i]);

    ck_assert_ptr_nonnull(strstr(content, url));
    for (gsize j = 0; j < G_N_ELEMENTS(codes); j++)
      ck_assert_msg(strstr(content, short_code_format(&codes[j], code)) != NULL, "%s in %s", code, content);
  }
  ck_assert_ptr_null(strstr(context->context, strrchr(url, '/') + 3));
  ck_assert_ptr_null(strstr(context->context, codes[0].secret + 4));

  assert_done(letter_rebuild(context, templates, key, &again, ERR));
  ck_assert(g_bytes_equal(bytes, again));
  ck_assert(!letter_rebuild(context, templates, NULL, &without, &error));
  ck_assert(g_error_matches(error, LETTER_ERROR, LETTER_ERROR_KEY));
}
END_TEST

START_TEST(test_freeze_without_address)
{
  g_autoptr(OutboxLetter) letter = loaded(1);
  g_autoptr(GError) error = NULL;
  LetterStyle with = style();
  OutboxContext *context = NULL;
  GBytes *bytes = NULL;

  g_clear_pointer(&letter->email, g_free);
  ck_assert(!letter_freeze(letter, &with, templates, &context, &bytes, &error));
  ck_assert(g_error_matches(error, LETTER_ERROR, LETTER_ERROR_ADDRESS));
  ck_assert(letter_error_is_own(error));
  ck_assert_ptr_nonnull(strstr(error->message, "佐藤"));

  g_clear_error(&error);
  letter->email = g_strdup("a@x.example\r\nBcc: b@x.example");
  ck_assert(!letter_freeze(letter, &with, templates, &context, &bytes, &error));
  ck_assert(letter_error_is_own(error));
  ck_assert_ptr_null(context);
}
END_TEST

START_TEST(test_rebuild_refuses)
{
  static const char *const texts[] = { "", "[]", "{", "null" };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    OutboxContext context = { .context = g_strdup(texts[i]) };
    GBytes *bytes = NULL;

    ck_assert(!letter_rebuild(&context, templates, NULL, &bytes, &error));
    ck_assert(g_error_matches(error, LETTER_ERROR, LETTER_ERROR_CONTEXT));
    g_free(context.context);
  }
}
END_TEST

static const struct {
  const char *cell, *written;
} cells[] = {
  { "a", "a" },          { "=1+1", "'=1+1" },      { "+1", "'+1" },
  { "-1", "'-1" },       { "@x", "'@x" },          { "\tx", "'\tx" },
  { "a,b", "\"a,b\"" },  { "a\"b", "\"a\"\"b\"" }, { "a\r\nb", "\"a\r\nb\"" },
  { "\rx", "\"'\rx\"" }, { "=a,b", "\"'=a,b\"" },
};

START_TEST(test_devices_csv_cell)
{
  g_autoptr(json_t) context = context_of(2);
  json_t *device = at(context, "notices.0.devices.0");

  json_object_set_new(device, "serial", json_string(cells[_i].cell));

  g_autoptr(GBytes) csv = letter_devices_csv(context);
  g_autofree char *text = g_strndup(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv));
  g_autofree char *expected = g_strdup_printf(",SW 3.1,%s,,1,", cells[_i].written);

  ck_assert(g_str_has_prefix(text, "\xef\xbb\xbfOrganization,Product,"));
  ck_assert_msg(strstr(text, expected) != NULL, "row %d: %s", _i, text);
}
END_TEST

START_TEST(test_devices_csv_more)
{
  g_autoptr(json_t) context = context_of(1);

  json_object_set_new(at(context, "notices.0"), "devices_more", json_integer(103));

  g_autoptr(GBytes) csv = letter_devices_csv(context);
  g_autofree char *text = g_strndup(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv));

  ck_assert_ptr_nonnull(strstr(text, "\r\n輸液ポンプ 1.0：ほか103件（"));
  json_object_del(context, "notices");
  ck_assert_ptr_null(letter_devices_csv(context));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("letter");
  TCase *tcase = tcase_create("letter");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_context_member, 0, G_N_ELEMENTS(members));
  tcase_add_test(tcase, test_rebuild_same_bytes);
  tcase_add_test(tcase, test_memo_same_bytes);
  tcase_add_test(tcase, test_rebuild_part_missing);
  tcase_add_test(tcase, test_freeze_same_context);
  tcase_add_loop_test(tcase, test_mail_says, 0, G_N_ELEMENTS(parts));
  tcase_add_test(tcase, test_mail_head);
  tcase_add_test(tcase, test_mail_once);
  tcase_add_test(tcase, test_mail_answer);
  tcase_add_test(tcase, test_freeze_without_address);
  tcase_add_test(tcase, test_rebuild_refuses);
  tcase_add_loop_test(tcase, test_devices_csv_cell, 0, G_N_ELEMENTS(cells));
  tcase_add_test(tcase, test_devices_csv_more);
  tcase_set_timeout(tcase, 60);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
