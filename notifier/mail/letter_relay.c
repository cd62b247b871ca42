#include "notifier/mail/letter_relay.h"

#include <string.h>

#include "notifier/mail/letter_json.h"
#include "notifier/template/csv_cell.h"

static const char *name_of(const OutboxNotice *notice, const char *language)
{
  return strcmp(language, "en") == 0
             ? letter_json_choose(notice->organization_name_en, notice->organization_name_ja)
             : notice->organization_name_ja;
}

json_t *letter_relay_json(const OutboxLetter *letter)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
  json_t *customers = json_array();

  if (strcmp(letter->channel, "relay") != 0) {
    json_decref(customers);
    return NULL;
  }
  for (guint i = 0; i < letter->notices->len; i++) {
    OutboxNotice *notice = letter->notices->pdata[i];
    json_t *customer;

    if (!g_hash_table_add(seen, &notice->organization))
      continue;
    customer = json_object();
    letter_json_text(customer, "code", notice->organization_code);
    letter_json_text(customer, "name", name_of(notice, letter->language));
    json_array_append_new(customers, customer);
  }
  return json_pack("{s:I, s:o, s:i}", "message", (json_int_t)letter->id, "customers", customers, "count",
                   (int)json_array_size(customers));
}

GBytes *letter_relay_csv(const json_t *context)
{
  static const char *const columns[] = { "message", "customer", "name", "told_on", "by", "how", "note" };
  const json_t *relay = json_object_get(context, "relay"), *customer;
  GString *csv = g_string_new(CSV_CELL_BOM);
  gsize i;

  if (relay == NULL) {
    g_string_free(csv, TRUE);
    return NULL;
  }
  for (i = 0; i < G_N_ELEMENTS(columns); i++)
    csv_cell_append(csv, columns[i], i == 0);
  g_string_append(csv, "\r\n");

  g_autofree char *message =
      g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(relay, "message")));

  json_array_foreach(json_object_get(relay, "customers"), i, customer)
  {
    csv_cell_append(csv, message, true);
    csv_cell_append(csv, letter_json_choose(letter_json_get(customer, "code"), ""), false);
    csv_cell_append(csv, letter_json_choose(letter_json_get(customer, "name"), ""), false);
    g_string_append(csv, ",,,,\r\n");
  }
  return g_string_free_to_bytes(csv);
}
