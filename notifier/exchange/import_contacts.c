#include <string.h>

#include "db/contact_store.h"
#include "notifier/exchange/import_job.h"

static bool begin(ImportJob *job, GError **error)
{
  return lookup_new(job->db, false, true, &job->lookup, error);
}

/* Without an address a contact is written to, unless the file says otherwise. */
static void choose_channel(ImportJob *job, ImportRow *row)
{
  bool has_address = row->value[CONTACT_EMAIL] != NULL || !import_job_given(job, CONTACT_EMAIL);
  const char *channel = row->value[CONTACT_CHANNEL];

  if (channel == NULL && row->value[CONTACT_EMAIL] == NULL)
    row->value[CONTACT_CHANNEL] = "letter";
  else if (channel != NULL && strcmp(channel, "mail") == 0 && !has_address)
    import_job_warn(
        job, row, CONTACT_CHANNEL,
        "the contact has no e-mail address, so no mail reaches it; add one, or use letter, fax, hand "
        "or relay");
}

static void check_term(ImportJob *job, ImportRow *row)
{
  const char *from = row->value[CONTACT_VALID_FROM], *to = row->value[CONTACT_VALID_TO];

  if (from != NULL && to != NULL && strcmp(from, to) > 0)
    import_job_refuse(job, row, CONTACT_VALID_TO, NULL, "before valid_from, %s; correct one of the two",
                      from);
}

static bool put(ImportJob *job, ImportRow *row, GError **error)
{
  const char *value[CONTACT_FIELDS];
  const LookupEntry *organization = import_job_organization(job, row, CONTACT_ORGANIZATION);
  UpsertResult result;
  gint64 id;

  check_term(job, row);
  if (!row->refused)
    import_job_once(job, row, CONTACT_NAME, organization->text, row->value[CONTACT_NAME], NULL);
  if (row->refused)
    return true;
  choose_channel(job, row);
  memcpy(value, row->value, sizeof value);
  value[CONTACT_ORGANIZATION] = organization->text;
  if (!contact_store_put(job->db, value, job->map->given, &id, &result, error))
    return false;
  import_job_count(job, result);
  return true;
}

const ImportHandler import_contacts_handler = { .scope = "organization", .begin = begin, .put = put };
