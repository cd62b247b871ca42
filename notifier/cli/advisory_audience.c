#include "notifier/cli/advisory_audience.h"

#include "notifier/cli/table.h"

#include <string.h>

#define NAMES_SHOWN 20

/* Organizations of one role. */
typedef struct {
  const char *role;
  guint organizations, mail, other, unreached, english, told;
  gint64 units;
} RoleCount;

/* By role: `recipients` are in that order. GArray of RoleCount. */
static GArray *count(const GPtrArray *recipients)
{
  GArray *counts = g_array_new(FALSE, TRUE, sizeof(RoleCount));

  for (guint i = 0; i < recipients->len; i++) {
    const AdvisoryRecipient *recipient = recipients->pdata[i];
    RoleCount *last = counts->len > 0 ? &g_array_index(counts, RoleCount, counts->len - 1) : NULL;

    if (last == NULL || strcmp(last->role, recipient->role) != 0) {
      RoleCount fresh = { .role = recipient->role };

      g_array_append_val(counts, fresh);
      last = &g_array_index(counts, RoleCount, counts->len - 1);
    }
    last->organizations++;
    last->units += recipient->units;
    last->unreached += recipient->contact == NULL;
    last->mail += recipient->contact != NULL && strcmp(recipient->channel, "mail") == 0;
    last->other += recipient->contact != NULL && strcmp(recipient->channel, "mail") != 0;
    last->english += strcmp(recipient->language, "en") == 0;
    last->told += recipient->told;
  }
  return counts;
}

static void print_unreached(const GPtrArray *recipients)
{
  guint n = 0;

  for (guint i = 0; i < recipients->len; i++) {
    const AdvisoryRecipient *recipient = recipients->pdata[i];

    if (recipient->contact != NULL)
      continue;
    if (n++ < NAMES_SHOWN) {
      printf("%s", n == 1 ? "not reached, a letter waits for each: " : ", ");
      term_put(stdout, recipient->name_ja, 0);
    }
  }
  if (n > 0)
    printf("%s\n", n > NAMES_SHOWN ? " …" : "");
}

void advisory_audience_print(const GPtrArray *recipients)
{
  g_autoptr(Table) table =
      table_new("ROUTE|>ORGANIZATIONS|>BY MAIL|>OTHERWISE|>NOT REACHED|>IN ENGLISH|>TOLD BEFORE|>UNITS");
  g_autoptr(GArray) counts = count(recipients);

  for (guint i = 0; i < counts->len; i++) {
    const RoleCount *row = &g_array_index(counts, RoleCount, i);

    table_cell(table, row->role);
    table_cell_int(table, row->organizations);
    table_cell_int(table, row->mail);
    table_cell_int(table, row->other);
    table_cell_int(table, row->unreached);
    table_cell_int(table, row->english);
    table_cell_int(table, row->told);
    table_cell_int(table, row->units);
  }
  table_print(table, stdout);
  if (recipients->len == 0)
    printf("nobody holds one of its releases: whoever comes to hold one later is told then\n");
  print_unreached(recipients);
}

Json *advisory_audience_json(const GPtrArray *recipients)
{
  Json *list = json_array();

  for (guint i = 0; i < recipients->len; i++) {
    const AdvisoryRecipient *recipient = recipients->pdata[i];

    json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:I, s:b}", "organization",
                                          recipient->code, "name", recipient->name_ja, "role",
                                          recipient->role, "contact", cli_json_text(recipient->contact),
                                          "email", cli_json_text(recipient->email), "channel",
                                          recipient->channel, "language", recipient->language, "units",
                                          (json_int_t)recipient->units, "told_before", recipient->told));
  }
  return list;
}
