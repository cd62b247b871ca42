#include "notifier/mail/letter_devices.h"

#include <stdbool.h>
#include <string.h>

#include "notifier/mail/letter_json.h"
#include "notifier/template/csv_cell.h"

typedef enum { OF_NOTICE, OF_ORGANIZATION, OF_PRODUCT, OF_DEVICE, OF_EOL, OF_EOS } Place;

/* The columns: heading, and where in the context the cell stands. */
static const struct {
  const char *ja, *en;
  Place place;
  const char *key;
} columns[] = {
  { "施設", "Organization", OF_ORGANIZATION, "name" },
  { "販売名", "Product", OF_PRODUCT, "name" },
  { "一般的名称", "Generic name", OF_PRODUCT, "generic_name" },
  { "承認番号", "Approval number", OF_PRODUCT, "approval_no" },
  { "対象の型式・バージョン", "Model or version concerned", OF_NOTICE, "release" },
  { "型式", "Model", OF_DEVICE, "model" },
  { "ソフトウェア", "Software", OF_DEVICE, "software" },
  { "製造番号", "Serial number", OF_DEVICE, "serial" },
  { "ロット番号", "Lot", OF_DEVICE, "lot" },
  { "数量", "Quantity", OF_DEVICE, "quantity" },
  { "部署", "Department", OF_DEVICE, "department" },
  { "設置場所", "Location", OF_DEVICE, "location" },
  { "資産番号", "Asset number", OF_DEVICE, "asset_no" },
  { "納入日", "Installed on", OF_DEVICE, "day" },
  { "製品寿命終了（EOL）", "End of life (EOL)", OF_EOL, "day" },
  { "サポート終了（EOS）", "End of support (EOS)", OF_EOS, "day" },
  { "この機器のEOL（遅くとも）", "EOL of this unit, at the latest", OF_DEVICE, "eol_day" },
  { "この機器のEOS（遅くとも）", "EOS of this unit, at the latest", OF_DEVICE, "eos_day" },
};

static const json_t *object_at(const json_t *notice, const json_t *device, Place place)
{
  switch (place) {
  case OF_PRODUCT:
    return json_object_get(notice, "product");
  case OF_DEVICE:
    return device;
  case OF_EOL:
    return json_object_get(notice, "eol");
  case OF_EOS:
    return json_object_get(notice, "eos");
  case OF_ORGANIZATION:
  case OF_NOTICE:
  default:
    return notice;
  }
}

/* A quantity is left out of the context where it is 1. */
static char *cell_text(const json_t *object, const char *key)
{
  const json_t *value = json_object_get(object, key);

  if (strcmp(key, "quantity") == 0)
    return g_strdup_printf("%" JSON_INTEGER_FORMAT, value != NULL ? json_integer_value(value) : 1);
  return g_strdup(letter_json_choose(json_string_value(value), ""));
}

/* `subject`: the notice, or the part of an advisory's, with product, release and dates. */
static char *row_text(const json_t *organization, const json_t *subject, const json_t *device)
{
  GString *row = g_string_new(NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
    const json_t *object =
        columns[i].place == OF_ORGANIZATION ? organization : object_at(subject, device, columns[i].place);
    g_autofree char *cell = cell_text(object, columns[i].key);

    csv_cell_append(row, cell, i == 0);
  }
  g_string_append(row, "\r\n");
  return g_string_free(row, FALSE);
}

static void append_headings(GString *csv, bool english)
{
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
    csv_cell_append(csv, english ? columns[i].en : columns[i].ja, i == 0);
  g_string_append(csv, "\r\n");
}

/* Appends `row` (taken) unless it is there already. */
static void append_row(GString *csv, GHashTable *rows, char *row)
{
  if (g_hash_table_contains(rows, row)) {
    g_free(row);
    return;
  }
  g_string_append(csv, row);
  g_hash_table_add(rows, row);
}

/* The row that stands for those not listed, or NULL. */
static char *more_row(const json_t *notice, bool english)
{
  json_int_t more = json_integer_value(json_object_get(notice, "devices_more"));
  GString *row = g_string_new(NULL);

  g_autofree char *text =
      g_strdup_printf(english ? "%s %s: and %" JSON_INTEGER_FORMAT " more; please ask us for the whole list"
                              : "%s %s：ほか%" JSON_INTEGER_FORMAT "件（全件の一覧はお問い合わせください）",
                      letter_json_choose(letter_json_get(json_object_get(notice, "product"), "name"), ""),
                      letter_json_choose(letter_json_get(notice, "release"), ""), more);

  csv_cell_append(row, text, true);
  g_string_append(row, "\r\n");
  if (more > 0)
    return g_string_free(row, FALSE);
  g_string_free(row, TRUE);
  return NULL;
}

static void append_subject(GString *csv, GHashTable *rows, const json_t *organization, const json_t *subject,
                           bool english)
{
  char *more = more_row(subject, english);
  const json_t *device;
  gsize i;

  json_array_foreach(json_object_get(subject, "devices"), i, device)
      append_row(csv, rows, row_text(organization, subject, device));
  if (more != NULL)
    append_row(csv, rows, more);
}

/* A plan's notice is about one release, an advisory's about each of `affected`. */
static void append_notice(GString *csv, GHashTable *rows, const json_t *notice, bool english)
{
  const json_t *organization = json_object_get(notice, "organization");
  const json_t *affected = json_object_get(notice, "affected"), *part;
  gsize i;

  if (affected == NULL)
    append_subject(csv, rows, organization, notice, english);
  json_array_foreach(affected, i, part) append_subject(csv, rows, organization, part, english);
}

GBytes *letter_devices_csv(const json_t *context)
{
  g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  bool english = g_strcmp0(letter_json_get(context, "language"), "en") == 0;
  GString *csv = g_string_new(CSV_CELL_BOM);
  const json_t *notice;
  gsize i;

  append_headings(csv, english);
  json_array_foreach(json_object_get(context, "notices"), i, notice)
      append_notice(csv, rows, notice, english);

  bool any = g_hash_table_size(rows) > 0;

  if (any)
    return g_string_free_to_bytes(csv);
  g_string_free(csv, TRUE);
  return NULL;
}
