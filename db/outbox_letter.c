#include "db/outbox_letter.h"

#include "db/acknowledgement_store.h"
#include "db/audience.h"
#include "db/contact_reach.h"
#include "db/day_column.h"
#include "db/device_place.h"
#include "db/escalation_store.h"
#include "db/held_store.h"
#include "db/outbox_advisory.h"
#include "db/plan_row.h"

#include <string.h>

void outbox_device_free(OutboxDevice *device)
{
  if (device == NULL)
    return;
  g_free(device->model);
  g_free(device->software);
  g_free(device->serial);
  g_free(device->lot);
  g_free(device->department);
  g_free(device->location);
  g_free(device->asset_no);
  g_free(device);
}

void outbox_notice_free(OutboxNotice *notice)
{
  if (notice == NULL)
    return;
  g_free(notice->organization_name_ja);
  g_free(notice->organization_code);
  g_free(notice->organization_name_en);
  advisory_row_free(notice->advisory);
  advisory_row_free(notice->advisory_before);
  g_clear_pointer(&notice->parts, g_ptr_array_unref);
  plan_row_free(notice->plan);
  plan_row_free(notice->before);
  g_clear_pointer(&notice->overrides, g_ptr_array_unref);
  g_free(notice->release_kind);
  g_free(notice->generic_name);
  g_free(notice->jmdn);
  g_free(notice->device_class);
  g_free(notice->approval_no);
  g_free(notice->successor_ja);
  g_free(notice->successor_en);
  g_free(notice->security_contact);
  g_free(notice->package_insert_url);
  g_free(notice->holding_role);
  g_clear_pointer(&notice->devices, g_ptr_array_unref);
  g_free(notice);
}

void outbox_letter_free(OutboxLetter *letter)
{
  if (letter == NULL)
    return;
  g_free(letter->message_id);
  g_free(letter->channel);
  g_free(letter->organization_name_ja);
  g_free(letter->organization_name_en);
  g_free(letter->organization_role);
  g_free(letter->postal_code);
  g_free(letter->address);
  g_free(letter->name);
  g_free(letter->department);
  g_free(letter->title);
  g_free(letter->email);
  g_free(letter->webhook);
  g_free(letter->contact_role);
  g_free(letter->language);
  g_clear_pointer(&letter->notices, g_ptr_array_unref);
  held_set_free(letter->held);
  g_free(letter);
}

static bool corrupt(const char *what, const char *value, GError **error)
{
  g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "outbox: %s '%s' is none", what,
              value != NULL ? value : "NULL");
  return false;
}

/* The recipient's part, from the present row of the query below. */
static bool read_recipient(DbStatement *statement, OutboxLetter **ret_letter, GError **error)
{
  g_autoptr(OutboxLetter) letter = g_new0(OutboxLetter, 1);

  letter->id = db_int(statement, 0);
  letter->message_id = db_dup_text(statement, 1);
  letter->channel = db_dup_text(statement, 2);
  if (!day_parse(db_text(statement, 3), &letter->due_on))
    return corrupt("due day", db_text(statement, 3), error);
  letter->organization = db_int(statement, 4);
  letter->organization_name_ja = db_dup_text(statement, 5);
  letter->organization_name_en = db_dup_text(statement, 6);
  letter->organization_role = db_dup_text(statement, 7);
  letter->postal_code = db_dup_text(statement, 8);
  letter->address = db_dup_text(statement, 9);
  letter->name = db_dup_text(statement, 10);
  letter->department = db_dup_text(statement, 11);
  letter->title = db_dup_text(statement, 12);
  letter->email = db_dup_text(statement, 13);
  letter->contact_role = db_dup_text(statement, 14);
  letter->language = db_dup_text(statement, 15);
  letter->webhook = db_dup_text(statement, 16);
  if (!outbox_state_parse(db_text(statement, 17), &letter->state))
    return corrupt("state", db_text(statement, 17), error);
  letter->notices = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_notice_free);
  *ret_letter = g_steal_pointer(&letter);
  return true;
}

#define RECIPIENT                                                                                            \
  "o.id, o.name_ja, o.name_en, o.role, o.postal_code, o.address, c.name, c.department, c.title, c.email,"    \
  " c.role, coalesce(c.language, o.language), c.webhook"

/* The message and whom it is to; NULL when there is none. */
static bool load_recipient(Db *db, gint64 id, OutboxLetter **ret_letter, GError **error)
{
  static const DbQuery query = { "SELECT x.id, x.message_id, x.channel, x.due_on, " RECIPIENT ", x.state"
                                 " FROM outbox x JOIN organization o ON o.id = x.organization"
                                 " LEFT JOIN contact c ON c.id = x.contact WHERE x.id = $1" };
  DbStatement *statement;
  OutboxLetter *letter = NULL;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;

  bool done = !row || read_recipient(statement, &letter, error);

  db_reset(statement);
  if (done)
    *ret_letter = letter;
  return done;
}

/* A notice without its plan and devices; `plan->plan` alone is set, for load_plans. */
static bool read_notice(DbStatement *statement, OutboxNotice *notice, GError **error)
{
  notice->id = db_int(statement, 0);
  if (!notice_kind_parse(db_text(statement, 1), &notice->kind))
    return corrupt("notice kind", db_text(statement, 1), error);
  notice->lead_months = (int)db_int(statement, 2);
  notice->budget_month = (int)db_int(statement, 3);
  notice->organization = db_int(statement, 4);
  notice->organization_name_ja = db_dup_text(statement, 5);
  notice->organization_name_en = db_dup_text(statement, 6);
  notice->plan = g_new0(PlanRow, 1);
  notice->plan->plan = db_int(statement, 7);
  notice->release_kind = db_dup_text(statement, 8);
  notice->generic_name = db_dup_text(statement, 9);
  notice->jmdn = db_dup_text(statement, 10);
  notice->device_class = db_dup_text(statement, 11);
  notice->approval_no = db_dup_text(statement, 12);
  notice->security_contact = db_dup_text(statement, 13);
  notice->package_insert_url = db_dup_text(statement, 14);
  notice->successor_ja = db_dup_text(statement, 15);
  notice->successor_en = db_dup_text(statement, 16);
  notice->holding_role = db_dup_text(statement, 17);
  notice->extended_eos = day_column_read(statement, 19);
  notice->acknowledged[ACKNOWLEDGEMENT_RECEIPT] = db_int(statement, 20) != 0;
  notice->acknowledged[ACKNOWLEDGEMENT_TRANSFER] = db_int(statement, 21) != 0;
  notice->organization_code = db_dup_text(statement, 22);
  return true;
}

/* An organization is concerned with a release by one role: a hospital uses it, a lessor owns it, … */
#define HOLDING_ROLE                                                                                         \
  "CASE o.role WHEN 'lessor' THEN 'owner' WHEN 'distributor' THEN 'seller' WHEN 'repairer' THEN 'repairer'"  \
  " ELSE 'user' END"

static bool add_notice(DbStatement *statement, OutboxLetter *letter, GError **error)
{
  OutboxNotice *notice = g_new0(OutboxNotice, 1);

  notice->devices = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_device_free);
  g_ptr_array_add(letter->notices, notice);
  return read_notice(statement, notice, error);
}

/* Goes over the message's notices: live ones into the letter, the others counted. */
static bool load_notices(Db *db, OutboxLetter *letter, GError **error)
{
  static const DbQuery query = {
    "SELECT n.id, n.kind, n.lead_months, n.budget_month, o.id, o.name_ja, o.name_en, s.id, r.kind,"
    " p.generic_name, p.jmdn, p.class, p.approval_no, p.security_contact, p.package_insert_url,"
    " " PLAN_ROW_SUCCESSOR_COLUMNS(
        "s", "p",
        "z") ","
             " " HOLDING_ROLE ", s.state = 'published' OR n.kind = 'withdrawal', n.extended_eos,"
             " EXISTS (SELECT 1 FROM acknowledgement a WHERE a.notice = n.id AND a.organization = o.id"
             " AND a.kind = 'receipt'),"
             " " ACKNOWLEDGEMENT_TRANSFERRED_SQL(
                 "s.release", "s.market", ACKNOWLEDGEMENT_EOS_SQL("n", "s"),
                 "o.id") ", o.code FROM outbox_notice xn JOIN notice n ON n.id = xn.notice JOIN organization "
                         "o ON "
                         "o.id "
                         "= xn.organization"
                         " JOIN support_plan s ON s.id = n.plan JOIN release r ON r.id = s.release JOIN "
                         "product p ON p.id = "
                         "r.product" PLAN_ROW_SUCCESSOR("s", "p",
                                                        "z") " WHERE xn.outbox = $1 ORDER BY p.code, r.name, "
                                                             "n.kind NOT LIKE 'plan-%', n.kind, n.id, o.code"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, letter->id);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    if (db_int(statement, 18) == 0) {
      letter->overtaken++;
    } else if (!add_notice(statement, letter, error)) {
      db_reset(statement);
      return false;
    }
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

#define PLAN_BY                                                                                              \
  "SELECT " PLAN_ROW_COLUMNS " FROM support_plan s JOIN release r ON r.id = s.release"                       \
  " JOIN product p ON p.id = r.product "

/* What the organization knows of older plans: the last one that it was told of, else the last there was. */
static bool load_before(Db *db, OutboxNotice *notice, GError **error)
{
  static const DbQuery query = { PLAN_BY "JOIN support_plan now ON now.id = $1 AND " AUDIENCE_OLDER_SQL(
      "s",
      "now") " ORDER BY " AUDIENCE_TOLD_SQL("s.id",
                                            "$2") " DESC, s.market <> '*' DESC, s.revision DESC LIMIT 1" };
  DbStatement *statement;

  if (notice->kind != NOTICE_PLAN_CHANGE)
    return true;
  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, notice->plan->plan);
  db_bind_int(statement, 2, notice->organization);
  return plan_row_read_one(db, statement, &notice->before, error);
}

static bool load_plans(Db *db, OutboxNotice *notice, GError **error)
{
  PlanRow *row = NULL;

  if (!plan_store_find(db, notice->plan->plan, &row, error))
    return false;
  plan_row_free(notice->plan);
  notice->plan = row;
  return plan_event_store_overrides_of(db, row->plan, row->dates, &notice->overrides, error) &&
         load_before(db, notice, error);
}

static OutboxDevice *read_device(DbStatement *statement)
{
  OutboxDevice *device = g_new0(OutboxDevice, 1);

  device->model = db_dup_text(statement, 0);
  device->software = db_dup_text(statement, 1);
  device->serial = db_dup_text(statement, 2);
  device->lot = db_dup_text(statement, 3);
  device->quantity = db_int(statement, 4);
  device->department = db_dup_text(statement, 5);
  device->location = db_dup_text(statement, 6);
  device->asset_no = db_dup_text(statement, 7);
  device->installed_on = day_column_read(statement, 8);
  device->hardware_release = db_int(statement, 9);
  device->software_release = db_int(statement, 10);
  device->hardware_extension = day_column_read(statement, 11);
  device->software_extension = day_column_read(statement, 12);
  return device;
}

/* What of release $2 is not gone … */
#define OF_RELEASE                                                                                           \
  " AND (d.release = $2 OR d.software_release = $2) AND d.status NOT IN ('disposed', 'transferred')"
/* … and at organization $1, or in its custody as $4 on day $3. */
#define USED " FROM device d WHERE d.organization = $1" OF_RELEASE
#define KEPT                                                                                                 \
  " FROM device d WHERE d.id IN (SELECT c.device FROM custody c WHERE c.organization = $1 AND c.role = $4"   \
  " AND (c.until IS NULL OR c.until >= $3))" OF_RELEASE
#define COUNTED "SELECT count(*), coalesce(sum(d.quantity), 0)"
/* The last day of the device's own extension of one of its releases. */
#define OWN_EXTENSION(release_id)                                                                            \
  "(SELECT e.until FROM extension e WHERE e.organization = $1 AND e.release = " release_id                   \
  " AND e.device = d.id AND e.until IS NOT NULL AND e.units > 0)"
#define LISTED(reader)                                                                                       \
  "SELECT (SELECT name FROM release WHERE id = d.release), (SELECT name FROM release"                        \
  " WHERE id = d.software_release), d.serial, d.lot, d.quantity, " DEVICE_PLACE_SQL(                         \
      reader) ","                                                                                            \
              " d.installed_on, d.release, d.software_release, " OWN_EXTENSION(                              \
                  "d.release") ", " OWN_EXTENSION("d.software_release")
#define IN_ORDER " ORDER BY d.department, d.serial, d.lot, d.id LIMIT "

static bool is_user(const OutboxNotice *notice)
{
  return strcmp(notice->holding_role, "user") == 0;
}

/* Prepares `used` for the organization that uses its devices, `kept` for another. */
static bool prepare_devices(Db *db, const DbQuery *used, const DbQuery *kept, const OutboxNotice *notice,
                            Day on, DbStatement **ret_statement, GError **error)
{
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, is_user(notice) ? used : kept, ret_statement, error))
    return false;
  db_bind_int(*ret_statement, 1, notice->organization);
  db_bind_int(*ret_statement, 2, notice->plan->release);
  if (!is_user(notice)) {
    db_bind_text(*ret_statement, 3, day_format(on, day));
    db_bind_text(*ret_statement, 4, notice->holding_role);
  }
  return true;
}

static bool count_devices(Db *db, OutboxNotice *notice, Day on, GError **error)
{
  static const DbQuery used = { COUNTED USED }, kept = { COUNTED KEPT };
  DbStatement *statement;
  bool row;

  if (!prepare_devices(db, &used, &kept, notice, on, &statement, error) || !db_step(statement, &row, error))
    return false;
  notice->device_rows = db_int(statement, 0);
  notice->device_units = db_int(statement, 1);
  db_reset(statement);
  return true;
}

/* As organization `reader` may read of them. */
static bool list_devices(Db *db, OutboxNotice *notice, gint64 reader, Day on, GError **error)
{
  static const DbQuery used = { LISTED("$4") USED IN_ORDER "$3" }, kept = { LISTED("$6") KEPT IN_ORDER "$5" };
  DbStatement *statement;
  bool row;

  if (!prepare_devices(db, &used, &kept, notice, on, &statement, error))
    return false;
  db_bind_int(statement, is_user(notice) ? 3 : 5, OUTBOX_LETTER_DEVICES_MAX);
  db_bind_int(statement, is_user(notice) ? 4 : 6, reader);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(notice->devices, read_device(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

/* What the recipient, or a site below it, has of a release now; NULL: nothing. */
static const Holding *find_holding(const HeldSet *set, gint64 release, gint64 organization)
{
  const Holding *holding = held_set_find(set, release, organization);

  return holding != NULL && holding->ended_on == DAY_NONE ? holding : NULL;
}

/* The end of one of the device's releases; where nothing is held of the notice's own, by its plan. */
static EffectiveEnd end_of(gint64 release, Day extension, const OutboxNotice *notice, const HeldSet *set)
{
  const Holding *holding = find_holding(set, release, notice->organization);
  const PlanDate *dates = notice->plan->dates->date;

  if (holding != NULL || release != notice->plan->release)
    return held_end(holding, extension);
  return (EffectiveEnd){ .eol = effective_plan(dates[MILESTONE_EOL]),
                         .eos = effective_eos(dates[MILESTONE_EOS], DAY_NONE, extension) };
}

static void set_end(OutboxDevice *device, const OutboxNotice *notice, const HeldSet *set)
{
  device->end = end_of(device->hardware_release, device->hardware_extension, notice, set);
  if (device->software_release != 0)
    device->end = effective_unit(device->end,
                                 end_of(device->software_release, device->software_extension, notice, set));
}

/* One set for the whole letter: a notice is about the recipient or about a site below it. */
static bool load_holdings(Db *db, HeldPlans *plans, OutboxLetter *letter, GError **error)
{
  if (letter->notices->len == 0)
    return true;
  if (!held_store_load(db, letter->organization, letter->due_on, plans, &letter->held, error))
    return false;
  for (guint i = 0; letter->held != NULL && i < letter->notices->len; i++) {
    OutboxNotice *notice = letter->notices->pdata[i];

    if (notice->advisory != NULL)
      continue;
    notice->holding = find_holding(letter->held, notice->plan->release, notice->organization);
    for (guint j = 0; j < notice->devices->len; j++)
      set_end(notice->devices->pdata[j], notice, letter->held);
  }
  return true;
}

static bool load_devices(Db *db, OutboxNotice *notice, gint64 reader, Day on, GError **error)
{
  return count_devices(db, notice, on, error) && list_devices(db, notice, reader, on, error);
}

/* What a notice of `letter` is about: a plan, or each release of an advisory. A request to pass it on is read
 * by others than whom it concerns. */
static bool load_subject(Db *db, const OutboxLetter *letter, OutboxNotice *notice, Day on, GError **error)
{
  gint64 reader = strcmp(letter->channel, "relay") == 0 ? 0 : notice->organization;

  if (notice->advisory == NULL)
    return load_plans(db, notice, error) && load_devices(db, notice, reader, on, error);
  for (guint i = 0; i < notice->parts->len; i++)
    if (!load_devices(db, notice->parts->pdata[i], reader, on, error))
      return false;
  return true;
}

bool outbox_letter_imagine(Db *db, gint64 advisory, gint64 organization, Day today, OutboxLetter **ret_letter,
                           GError **error)
{
  static const DbQuery query = {
    "SELECT 0, 'preview@' || (SELECT uid_domain FROM setting), coalesce(c.channel, 'letter'), $2, " RECIPIENT
    ", 'pending' FROM (SELECT w.id AS whose, coalesce(" CONTACT_OWN_SQL(
        "w.id", "$2",
        "") ", " CONTACT_ABOVE_SQL("w.id", "$2",
                                   "") ") AS contact FROM organization w WHERE w.id = $1) a"
                                       " LEFT JOIN contact c ON c.id = a.contact JOIN organization o ON o.id "
                                       "= coalesce(c.organization, a.whose)"
  };
  g_autoptr(OutboxLetter) letter = NULL;
  OutboxNotice *notice = NULL;
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, organization);
  db_bind_text(statement, 2, day_format(today, day));
  if (!db_step(statement, &row, error))
    return false;
  g_assert(row); /* the caller has found it */

  bool done = read_recipient(statement, &letter, error);

  db_reset(statement);
  if (!done || !outbox_advisory_imagine(db, advisory, organization, &notice, error))
    return false;
  g_ptr_array_add(letter->notices, notice);
  if (!load_subject(db, letter, notice, today, error))
    return false;
  *ret_letter = g_steal_pointer(&letter);
  return true;
}

static bool mark_escalated(Db *db, OutboxLetter *letter, GError **error)
{
  g_autoptr(GArray) before = NULL;

  if (!escalation_store_of_message(db, letter->id, &before, error))
    return false;
  for (guint i = 0; i < letter->notices->len; i++) {
    OutboxNotice *notice = letter->notices->pdata[i];

    for (guint j = 0; j < before->len; j++) {
      const EscalatedNotice *row = &g_array_index(before, EscalatedNotice, j);

      notice->escalated |= row->notice == notice->id && row->organization == notice->organization;
    }
  }
  return true;
}

bool outbox_letter_load(Db *db, gint64 id, HeldPlans *plans, OutboxLetter **ret_letter, GError **error)
{
  g_autoptr(OutboxLetter) letter = NULL;

  if (!load_recipient(db, id, &letter, error) ||
      (letter != NULL && (!outbox_advisory_load(db, letter, error) || !load_notices(db, letter, error))))
    return false;
  for (guint i = 0; letter != NULL && i < letter->notices->len; i++)
    if (!load_subject(db, letter, letter->notices->pdata[i], letter->due_on, error))
      return false;
  if (letter != NULL && (!load_holdings(db, plans, letter, error) || !mark_escalated(db, letter, error)))
    return false;
  *ret_letter = g_steal_pointer(&letter);
  return true;
}
