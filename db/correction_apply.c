#include "db/correction_apply.h"

#include <string.h>

#include "db/contact_erased.h"
#include "db/contact_store.h"
#include "db/device_store.h"
#include "db/holding_store.h"
#include "db/setting_store.h"

G_GNUC_PRINTF(2, 3) static bool refuse(GError **error, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_CONFLICT, message);
  return false;
}

/* What the correction says of `field`; *ret_given false: nothing. */
static const char *said(const CorrectionRow *row, const char *field, bool *ret_given)
{
  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *own = row->fields->pdata[i];

    if (strcmp(own->field, field) == 0) {
      *ret_given = true;
      return own->said;
    }
  }
  *ret_given = false;
  return NULL;
}

/* Each field is still as it was when the correction was sent. */
static bool check_unchanged(Db *db, const CorrectionRow *row, GError **error)
{
  for (guint i = 0; i < row->fields->len; i++) {
    const CorrectionField *field = row->fields->pdata[i];
    g_autofree char *is = NULL;

    if (!correction_store_present(db, row->kind, row->device, row->contact, field->field, &is, error))
      return false;
    if (g_strcmp0(is, field->was) != 0)
      return refuse(
          error,
          "%s was '%s' when the correction was sent and is '%s' now: reject it, or ask the customer again",
          field->field, field->was != NULL ? field->was : "", is != NULL ? is : "");
  }
  return true;
}

/* A device as device_store_put takes it. */
typedef struct {
  char *value[DEVICE_FIELDS]; /* own strings: what identifies it */
} Device;

static void device_clear(Device *device)
{
  for (int i = 0; i < DEVICE_FIELDS; i++)
    g_clear_pointer(&device->value[i], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Device, device_clear)

static bool load_device(Db *db, const CorrectionRow *row, Device *ret_device, GError **error)
{
  static const DbQuery query = {
    "SELECT product, release, serial_key, lot_key, organization FROM device WHERE id = $1"
    " AND organization = $2 AND status NOT IN ('disposed', 'transferred')"
  };
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->device);
  db_bind_int(statement, 2, row->organization_id);
  if (!db_step(statement, &found, error))
    return false;
  if (!found)
    return refuse(error, "%s does not use that device any more", row->organization);
  ret_device->value[DEVICE_PRODUCT] = db_dup_text(statement, 0);
  ret_device->value[DEVICE_RELEASE] = db_dup_text(statement, 1);
  ret_device->value[DEVICE_SERIAL_KEY] = db_dup_text(statement, 2);
  ret_device->value[DEVICE_LOT_KEY] = db_dup_text(statement, 3);
  ret_device->value[DEVICE_ORGANIZATION] = db_dup_text(statement, 4);
  db_reset(statement);
  return true;
}

/* The fields of a device that customers may correct directly. */
static const struct {
  const char *field;
  DeviceField column;
} device_fields[] = {
  { "status", DEVICE_STATUS },     { "disposed_on", DEVICE_DISPOSED_ON }, { "department", DEVICE_DEPARTMENT },
  { "location", DEVICE_LOCATION }, { "asset_no", DEVICE_ASSET_NO },
};

static bool put_device(Db *db, const AuditContext *context, const CorrectionRow *row, const Device *device,
                       GError **error)
{
  const char *value[DEVICE_FIELDS];
  guint32 given = 0;
  UpsertResult result;
  gint64 id;

  for (int i = 0; i < DEVICE_FIELDS; i++)
    value[i] = device->value[i];
  for (gsize i = 0; i < G_N_ELEMENTS(device_fields); i++) {
    bool is_given;
    const char *text = said(row, device_fields[i].field, &is_given);

    if (is_given) {
      value[device_fields[i].column] = text;
      given |= 1u << device_fields[i].column;
    }
  }
  return given == 0 || device_store_put(db, context, value, given, &id, &result, error);
}

static bool renumber(Db *db, const CorrectionRow *row, const CorrectionTerms *terms, const Device *device,
                     GError **error)
{
  const char *value[DEVICE_FIELDS] = { NULL };
  bool given;
  const char *serial = said(row, "serial", &given);
  gint64 other = 0;

  if (!given)
    return true;
  if (device->value[DEVICE_SERIAL_KEY] == NULL || serial == NULL || terms->serial_key == NULL)
    return refuse(error,
                  "a lot has no serial number, and a device keeps one: correct it by kigen import devices");
  value[DEVICE_PRODUCT] = device->value[DEVICE_PRODUCT];
  value[DEVICE_SERIAL_KEY] = terms->serial_key;
  if (!device_store_find(db, value, &other, error))
    return false;
  if (other != 0 && other != row->device)
    return refuse(error, "another device of %s has the serial number %s", row->product, serial);
  return device_store_renumber(db, row->device, serial, terms->serial_key, error);
}

static bool hand_on(Db *db, const AuditContext *context, const CorrectionRow *row,
                    const CorrectionTerms *terms, const Device *device, GError **error)
{
  bool moved;

  if (terms->organization == 0)
    return refuse(error, "say whose it is now by --organization CODE (kigen import organizations adds one)");
  if (terms->organization == row->organization_id)
    return refuse(error, "it is at %s already", row->organization);
  if (device->value[DEVICE_SERIAL_KEY] == NULL)
    return refuse(error, "a lot cannot be told apart where it goes: correct both by kigen import devices");
  return device_store_move(db, context, row->device, terms->organization, row->day, &moved, error);
}

static bool apply_device(Db *db, const AuditContext *context, const CorrectionRow *row,
                         const CorrectionTerms *terms, GError **error)
{
  g_auto(Device) device = { 0 };
  gint64 changed;

  if (!load_device(db, row, &device, error) || !holding_store_begin(db, error))
    return false;
  if (row->kind == CORRECTION_HANDED_ON
          ? !hand_on(db, context, row, terms, &device, error)
          : !put_device(db, context, row, &device, error) || !renumber(db, row, terms, &device, error))
    return false;
  return holding_store_refresh(db, context, &changed, error) && change_bump(db, "installed-base", error);
}

static const struct {
  const char *field;
  ContactField column;
} contact_fields[] = {
  { "name", CONTACT_NAME },   { "kana", CONTACT_KANA },         { "department", CONTACT_DEPARTMENT },
  { "title", CONTACT_TITLE }, { "email", CONTACT_EMAIL },       { "phone", CONTACT_PHONE },
  { "role", CONTACT_ROLE },   { "valid_to", CONTACT_VALID_TO },
};

/* Somebody new must not be there, nor be somebody who was erased: that asks for an import with a day. */
static bool check_new(Db *db, const CorrectionRow *row, const CorrectionTerms *terms, const char *name,
                      GError **error)
{
  g_autoptr(ContactErasedNames) names = NULL;
  char day[DAY_TEXT_SIZE];
  bool there = false;

  if (name == NULL || contact_erased_is_name(name))
    return refuse(error, "the new contact has no name that a contact can have");
  if (!contact_store_has(db, row->organization_id, name, &there, error))
    return false;
  if (there)
    return refuse(error, "%s has a contact %s already", row->organization, name);
  if (terms->link_key == NULL)
    return true;
  if (!contact_erased_names_load(db, terms->link_key, &names, error))
    return false;

  Day erased_on = contact_erased_names_find(names, row->organization_id, name);

  return erased_on == DAY_NONE ||
         refuse(error,
                "%s was erased on %s: should they have come back, add them by kigen import contacts with a "
                "valid_from after that day",
                name, day_format(erased_on, day));
}

/* What a new contact gets that the customer does not say: the organization's language, mail where there is an
 * address, and a place behind everybody who is there. */
static bool fill_new(Db *db, const CorrectionRow *row, const char **value, guint32 *given,
                     char **ret_language, char **ret_order, GError **error)
{
  static const DbQuery query = { "SELECT o.language, coalesce((SELECT max(c.escalation_order) FROM contact c "
                                 "WHERE c.organization = o.id), 0) + 1"
                                 " FROM organization o WHERE o.id = $1" };
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, row->organization_id);
  if (!db_step(statement, &found, error))
    return false;
  g_assert(found);
  value[CONTACT_LANGUAGE] = *ret_language = db_dup_text(statement, 0);
  value[CONTACT_ORDER] = *ret_order = db_dup_text(statement, 1);
  value[CONTACT_CHANNEL] = value[CONTACT_EMAIL] != NULL ? "mail" : "letter";
  *given |= 1u << CONTACT_LANGUAGE | 1u << CONTACT_ORDER | 1u << CONTACT_CHANNEL;
  db_reset(statement);
  return true;
}

static bool check_there(Db *db, const CorrectionRow *row, GError **error)
{
  bool there = false;

  if (!contact_store_has(db, row->organization_id, row->contact_name, &there, error))
    return false;
  return there || refuse(error, "%s has no such contact any more", row->organization);
}

static bool apply_contact(Db *db, const CorrectionRow *row, const CorrectionTerms *terms, GError **error)
{
  g_autofree char *organization = g_strdup_printf("%" G_GINT64_FORMAT, row->organization_id),
                  *language = NULL, *order = NULL;
  const char *value[CONTACT_FIELDS] = {
    [CONTACT_ORGANIZATION] = organization, [CONTACT_NAME] = row->contact_name
  };
  guint32 given = 1u << CONTACT_ORGANIZATION | 1u << CONTACT_NAME;
  UpsertResult result;
  gint64 id;

  for (gsize i = 0; i < G_N_ELEMENTS(contact_fields); i++) {
    bool is_given;
    const char *text = said(row, contact_fields[i].field, &is_given);

    if (is_given) {
      value[contact_fields[i].column] = text;
      given |= 1u << contact_fields[i].column;
    }
  }
  if (row->kind == CORRECTION_CONTACT_NEW ? !check_new(db, row, terms, value[CONTACT_NAME], error) ||
                                                !fill_new(db, row, value, &given, &language, &order, error)
                                          : !check_there(db, row, error))
    return false;
  return contact_store_put(db, value, given, &id, &result, error) && change_bump(db, "organization", error);
}

bool correction_apply(Db *db, const AuditContext *context, const CorrectionRow *row,
                      const CorrectionTerms *terms, GError **error)
{
  /* Decided first: what was decided before is refused before anything else is looked at. */
  if (!correction_store_decide(db, context, row, CORRECTION_APPROVED, NULL, error) ||
      !check_unchanged(db, row, error))
    return false;
  return correction_is_of_contact(row->kind) ? apply_contact(db, row, terms, error)
                                             : apply_device(db, context, row, terms, error);
}
