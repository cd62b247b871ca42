#include "notifier/web/web_customer_form.h"

#include <string.h>

#include "db/correction_store.h"
#include "db/page_scope.h"
#include "notifier/page/correct_page.h"
#include "notifier/page/decide_page.h"
#include "notifier/web/web_post.h"
#include "planner/email_address.h"

static const char *const fields[] = { WEB_POST_SIGNED, "kind",       "target",   "person",       "note",
                                      "day",           "department", "location", "organization", "serial",
                                      "asset_no",      "name",       "kana",     "title",        "email",
                                      "phone",         "role",       NULL };

/* What the customer fills in, by the kind of correction: `needs` at least one of these, `asks` each. */
static const struct {
  bool day;               /* asks for the day on which it was, not after today */
  const char *asks[3][2]; /* field and the key of its error */
  const char *takes[6];   /* field by field, as they are */
  const char *missing;    /* key, where none of `takes` is given; or NULL */
} kinds[CORRECTION_KIND_COUNT] = {
  [CORRECTION_REMOVED] = { .day = true },
  [CORRECTION_MOVED] = { .takes = { "department", "location" }, .missing = "place_missing" },
  [CORRECTION_HANDED_ON] = { .asks = { { "organization", "organization_missing" } } },
  [CORRECTION_NUMBER] = { .takes = { "serial", "asset_no" }, .missing = "number_missing" },
  [CORRECTION_CONTACT_NEW] = { .asks = { { "name", "name_missing" } },
                               .takes = { "kana", "department", "title", "email", "phone", "role" } },
  [CORRECTION_CONTACT_LEFT] = { .day = true },
  [CORRECTION_CONTACT_CHANGED] = { .takes = { "department", "title", "email", "phone" },
                                   .missing = "address_missing" },
};

static const char *const roles[] = {
  "device-safety-manager", "clinical-engineering", "it-security", "procurement", "other", NULL
};

/* "ORGANIZATION:RELEASE:DEVICE", "ORGANIZATION:CONTACT" or "ORGANIZATION", as correct_page.c offers them. */
static bool read_target(CorrectionKind kind, const char *value, CorrectionEntry *entry)
{
  g_auto(GStrv) parts = g_strsplit(value, ":", -1);
  gint64 release;

  if (!correction_is_of_contact(kind))
    return decide_page_parse_target(value, &entry->organization, &release, &entry->device) &&
           entry->device != 0;
  if (g_strv_length(parts) != (kind == CORRECTION_CONTACT_NEW ? 1 : 2) ||
      !g_ascii_string_to_signed(parts[0], 10, 1, G_MAXINT64, &entry->organization, NULL))
    return false;
  return kind == CORRECTION_CONTACT_NEW ||
         g_ascii_string_to_signed(parts[1], 10, 1, G_MAXINT64, &entry->contact, NULL);
}

static void check_day(const WebForm *form, Day today, GArray *errors)
{
  Day day = DAY_NONE;

  if (*web_form_get(form, "day") == '\0')
    web_customer_form_wrong(errors, "day", "day_missing");
  else if (!web_customer_form_day(form, "day", &day))
    web_customer_form_wrong(errors, "day", "day_wrong");
  else if (day > today)
    web_customer_form_wrong(errors, "day", "day_future");
}

static void check_takes(const WebForm *form, CorrectionKind kind, GArray *errors)
{
  bool any = false;

  for (gsize i = 0; i < G_N_ELEMENTS(kinds[kind].takes) && kinds[kind].takes[i] != NULL; i++) {
    const char *field = kinds[kind].takes[i];

    any |= *web_form_get(form, field) != '\0';
    web_customer_form_check_line(form, field, NULL, errors);
  }
  if (!any && kinds[kind].missing != NULL)
    web_customer_form_wrong(errors, kinds[kind].takes[0], kinds[kind].missing);
}

static void check_contact(const WebForm *form, GArray *errors)
{
  const char *email = web_form_get(form, "email"), *role = web_form_get(form, "role");

  if (*email != '\0' && !email_address_check(email, NULL))
    web_customer_form_wrong(errors, "email", "email_wrong");
  if (*role != '\0' && !g_strv_contains(roles, role))
    web_customer_form_wrong(errors, "role", "role_wrong");
}

static void check(const WebForm *form, Day today, GArray *errors)
{
  CorrectionEntry entry = { 0 };

  if (!correction_kind_parse(web_form_get(form, "kind"), &entry.kind)) {
    web_customer_form_wrong(errors, "target", "kind_missing");
    return;
  }
  if (!read_target(entry.kind, web_form_get(form, "target"), &entry))
    web_customer_form_wrong(errors, "target", "target_missing");
  if (kinds[entry.kind].day)
    check_day(form, today, errors);
  for (gsize i = 0; i < G_N_ELEMENTS(kinds[entry.kind].asks) && kinds[entry.kind].asks[i][0] != NULL; i++)
    web_customer_form_check_line(form, kinds[entry.kind].asks[i][0], kinds[entry.kind].asks[i][1], errors);
  check_takes(form, entry.kind, errors);
  if (correction_is_of_contact(entry.kind))
    check_contact(form, errors);
  web_customer_form_check_text(form, "note", NULL, errors);
  web_customer_form_check_line(form, "person", "person_missing", errors);
}

static void put(GPtrArray *list, const char *field, const char *said)
{
  g_ptr_array_add(list, correction_field_new(field, NULL, said));
}

/* An empty line leaves what there is: nobody empties a field by not knowing it. */
static void fill(const WebForm *form, CorrectionKind kind, GPtrArray *list)
{
  char text[DAY_TEXT_SIZE];
  Day day = DAY_NONE;

  if (kinds[kind].day && web_customer_form_day(form, "day", &day))
    put(list, kind == CORRECTION_REMOVED ? "disposed_on" : "valid_to", day_format(day, text));
  if (kind == CORRECTION_REMOVED)
    put(list, "status", "disposed");
  for (gsize i = 0; i < G_N_ELEMENTS(kinds[kind].asks) && kinds[kind].asks[i][0] != NULL; i++)
    put(list, kinds[kind].asks[i][0], web_form_get(form, kinds[kind].asks[i][0]));
  for (gsize i = 0; i < G_N_ELEMENTS(kinds[kind].takes) && kinds[kind].takes[i] != NULL; i++)
    if (*web_form_get(form, kinds[kind].takes[i]) != '\0')
      put(list, kinds[kind].takes[i], web_form_get(form, kinds[kind].takes[i]));
}

/* True when `cause` is something to tell the customer. */
static bool tell(const GError *cause, GArray *errors)
{
  if (g_error_matches(cause, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_TARGET))
    web_customer_form_wrong(errors, "target", "target_gone");
  else if (g_error_matches(cause, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_SAME))
    web_customer_form_wrong(errors, "target", "nothing_new");
  return errors->len > 0;
}

static bool keep(Db *db, const AuditContext *context, const WebCustomerPage *page, const WebForm *form,
                 GArray *errors, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)correction_field_free);
  CorrectionEntry entry = { .fields = list };
  g_autoptr(GError) cause = NULL;
  gint64 id;

  bool read = correction_kind_parse(web_form_get(form, "kind"), &entry.kind) &&
              read_target(entry.kind, web_form_get(form, "target"), &entry);

  g_assert(read); /* check() has read them */
  entry.person = web_form_get(form, "person");
  entry.note = web_customer_form_text(form, "note");
  fill(form, entry.kind, list);
  if (page_scope_find(page->organizations, entry.organization) == NULL) {
    web_customer_form_wrong(errors, "target", "target_gone");
    return true;
  }
  if (correction_store_add(db, context, &entry, &id, &cause) || tell(cause, errors))
    return true;
  g_propagate_error(error, g_steal_pointer(&cause));
  return false;
}

static bool render(Db *db, const PageFrame *frame, const PageForm *form, const WebCustomerPage *page,
                   GBytes **ret_bytes, GError **error)
{
  return correct_page_render(db, frame, form, page->organizations, ret_bytes, error);
}

const WebCustomerForm web_customer_correct_form = { "correct", "/correct", fields, check, keep, render };
