#include <string.h>

#include "db/contact_erased.h"
#include "db/contact_store.h"
#include "notifier/exchange/import_job.h"

/* The state: people who were erased, where the key that knows them again was given. */
static bool begin(ImportJob *job, GError **error)
{
  ContactErasedNames *names = NULL;

  if (!lookup_new(job->db, false, true, &job->lookup, error) ||
      (job->options->link_key != NULL &&
       !contact_erased_names_load(job->db, job->options->link_key, &names, error)))
    return false;
  job->state = names;
  return true;
}

static void end(ImportJob *job)
{
  contact_erased_names_free(job->state);
}

static void refuse_erased(ImportJob *job, ImportRow *row, Day erased_on)
{
  char day[DAY_TEXT_SIZE];

  import_job_refuse(
      job, row, CONTACT_NAME, NULL,
      "this person was erased on %s; take the row out of the file, or, if they took the work up anew "
      "since, say so by a valid_from after that day",
      day_format(erased_on, day));
}

/* A row must not bring back who was erased: only one that began since, or is there again already, may be. */
static bool check_erased(ImportJob *job, ImportRow *row, const LookupEntry *organization, GError **error)
{
  const char *name = row->value[CONTACT_NAME], *from = row->value[CONTACT_VALID_FROM];
  Day erased_on = DAY_NONE, since = DAY_NONE;
  bool there = false;

  if (contact_erased_is_name(name)) {
    import_job_refuse(job, row, CONTACT_NAME, NULL,
                      "so kigen calls a person who was erased; take the row out of the file");
    return true;
  }
  if (job->state != NULL)
    erased_on = contact_erased_names_find(job->state, organization->id, name);
  if (erased_on == DAY_NONE || (from != NULL && day_parse(from, &since) && since > erased_on))
    return true;
  if (!contact_store_has(job->db, organization->id, name, &there, error))
    return false;
  if (!there)
    refuse_erased(job, row, erased_on);
  return true;
}

/* Without an address a contact is written to, unless the file says otherwise. */
static void choose_channel(ImportJob *job, ImportRow *row)
{
  bool has_webhook = row->value[CONTACT_WEBHOOK] != NULL || !import_job_given(job, CONTACT_WEBHOOK);
  bool has_address = row->value[CONTACT_EMAIL] != NULL || !import_job_given(job, CONTACT_EMAIL);
  const char *channel = row->value[CONTACT_CHANNEL];

  if (channel == NULL && row->value[CONTACT_EMAIL] == NULL)
    row->value[CONTACT_CHANNEL] = "letter";
  else if (channel != NULL && strcmp(channel, "mail") == 0 && !has_address)
    import_job_warn(
        job, row, CONTACT_CHANNEL,
        "the contact has no e-mail address, so no mail reaches it; add one, or use letter, fax, hand "
        "or relay");
  else if (channel != NULL && strcmp(channel, "webhook") == 0 && !has_webhook)
    import_job_warn(
        job, row, CONTACT_CHANNEL,
        "the contact has no webhook, so nothing reaches it; give the https:// address in the column "
        "webhook, or use another channel");
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
  if (!row->refused && !check_erased(job, row, organization, error))
    return false;
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

const ImportHandler import_contacts_handler = {
  .scope = "organization", .begin = begin, .put = put, .end = end
};
