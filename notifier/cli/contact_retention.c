#include "notifier/cli/contact_retention.h"

#include "db/proof_retention.h"
#include "notifier/cli/contact_view.h"

void contact_retention_clear(ContactRetention *retention)
{
  g_clear_pointer(&retention->free, g_ptr_array_unref);
  g_clear_pointer(&retention->kept, g_ptr_array_unref);
  g_clear_pointer(&retention->rows, g_ptr_array_unref);
}

static bool sort_out(Db *db, Day today, ContactRetention *retention, GError **error)
{
  for (guint i = 0; i < retention->rows->len; i++) {
    ContactRow *row = retention->rows->pdata[i];
    g_auto(ContactDuty) duty = { 0 };

    if (!contact_duty_load(db, row, today, &duty, error))
      return false;

    char *why = contact_duty_reason(&duty, row);

    g_ptr_array_add(retention->kept, why);
    if (why == NULL)
      g_ptr_array_add(retention->free, row);
  }
  return true;
}

bool contact_retention_load(Cli *cli, Db *db, Day today, ContactRetention *ret_retention, GError **error)
{
  g_auto(ContactRetention)
      retention = { .free = g_ptr_array_new(), .kept = g_ptr_array_new_with_free_func(g_free) };
  const Policy *policy = NULL;

  if (!cli_policy(cli, &policy, error) ||
      !contact_list_expired(db, today, policy->retention_months_contact, &retention.rows, error) ||
      !sort_out(db, today, &retention, error))
    return false;
  retention.proof_limit = day_add_months(today, -12 * policy->retention_years_proof);
  if (retention.proof_limit != DAY_NONE &&
      !proof_retention_count(db, retention.proof_limit, &retention.proofs, error))
    return false;
  *ret_retention = retention;
  retention = (ContactRetention){ 0 };
  return true;
}

static void print_json(const ContactRetention *retention, Day today)
{
  Json *list = json_array();

  for (guint i = 0; i < retention->rows->len; i++) {
    const ContactRow *row = retention->rows->pdata[i];
    Json *contact = contact_view_json(row, today);

    json_object_set_new(contact, "kept_until", cli_json_day(row->kept_until));
    json_object_set_new(contact, "why_not", cli_json_text(retention->kept->pdata[i]));
    json_array_append_new(list, contact);
  }

  g_autoptr(Json) document =
      json_pack("{s:o, s:I, s:o}", "contacts", list, "messages", (json_int_t)retention->proofs,
                "messages_before", cli_json_day(retention->proof_limit));

  cli_print_json(document);
}

static void print_text(const ContactRetention *retention)
{
  g_autoptr(Table) table = table_new("ORGANIZATION|NAME|E-MAIL|ENDED|KEPT UNTIL|MAY BE ERASED");
  char buffer[DAY_TEXT_SIZE];

  for (guint i = 0; i < retention->rows->len; i++) {
    const ContactRow *row = retention->rows->pdata[i];
    const char *why = retention->kept->pdata[i];

    table_cell(table, row->organization_code);
    table_cell(table, row->name);
    table_cell(table, row->email);
    table_cell(table, row->valid_to != DAY_NONE ? day_format(row->valid_to, buffer) : NULL);
    table_cell(table, day_format(row->kept_until, buffer));
    table_cell_styled(table, why == NULL ? "yes" : why, why == NULL ? STYLE_GREEN : STYLE_YELLOW);
  }
  table_print(table, stdout);
  if (retention->rows->len == 0)
    printf("nobody is kept for too long\n");
  if (retention->proofs > 0)
    printf("%" G_GINT64_FORMAT " %s of releases whose last EOS lies before %s\n", retention->proofs,
           retention->proofs == 1 ? "message tells" : "messages tell",
           day_format(retention->proof_limit, buffer));
  if (retention->free->len > 0 || retention->proofs > 0)
    printf("kigen contact erase --expired erases them\n");
}

bool contact_retention_list(Cli *cli, Db *db, Day today, GError **error)
{
  g_auto(ContactRetention) retention = { 0 };

  if (!contact_retention_load(cli, db, today, &retention, error))
    return false;
  if (cli_json(cli))
    print_json(&retention, today);
  else
    print_text(&retention);
  return true;
}
