#include "notifier/web/web_customer_form.h"

#include <string.h>

#include "db/page_scope.h"
#include "notifier/page/acknowledge_page.h"
#include "notifier/web/web_post.h"

static const char *const fields[] = { WEB_POST_SIGNED, "organization", "kind",   "person",
                                      "title",         "note",         "agreed", NULL };

static bool read_kind(const WebForm *form, AcknowledgementKind *ret_kind)
{
  return acknowledgement_kind_parse(web_form_get(form, "kind"), ret_kind);
}

/* Anybody may say that it has arrived; for the transfer a person answers, in a function, and says so
 * outright. */
static void check(const WebForm *form, Day today, GArray *errors)
{
  AcknowledgementKind kind = ACKNOWLEDGEMENT_RECEIPT;
  bool known = read_kind(form, &kind), transfer = kind == ACKNOWLEDGEMENT_TRANSFER;

  if (!known)
    web_customer_form_wrong(errors, "kind", "not_open");
  web_customer_form_check_line(form, "person", "person_missing", errors);
  web_customer_form_check_line(form, "title", transfer ? "title_missing" : NULL, errors);
  web_customer_form_check_text(form, "note", NULL, errors);
  if (transfer && strcmp(web_form_get(form, "agreed"), "yes") != 0)
    web_customer_form_wrong(errors, "agreed", "statement_missing");
}

static bool read_organization(const WebForm *form, gint64 *ret_organization)
{
  return g_ascii_string_to_signed(web_form_get(form, "organization"), 10, 1, G_MAXINT64, ret_organization,
                                  NULL);
}

/* What is confirmed already is as good as confirmed: two people may do it at once, one may do it twice. */
static bool record(Db *db, const AuditContext *context, AcknowledgementRequest *request, const WebForm *form,
                   GError **error)
{
  AcknowledgementAnswer answer = { .how = "link", .day = DAY_NONE, .by_itself = true };
  g_autoptr(GArray) ids = NULL;

  bool read = read_kind(form, &answer.kind);

  g_assert(read); /* check() has read it */
  answer.person = web_form_get(form, "person");
  answer.title = web_customer_form_text(form, "title");
  answer.note = web_customer_form_text(form, "note");
  return acknowledgement_request_record(db, context, request, &answer, &ids, error);
}

static bool write_message(Db *db, const AuditContext *context, const WebCustomerPage *page,
                          const WebForm *form, GArray *errors, GError **error)
{
  gint64 organization = 0;

  if (!read_organization(form, &organization)) {
    web_customer_form_wrong(errors, "kind", "not_open");
    return true;
  }
  acknowledgement_request_keep(page->request, organization);
  return record(db, context, page->request, form, error);
}

static bool write_open(Db *db, const AuditContext *context, const WebCustomerPage *page, const WebForm *form,
                       GArray *errors, GError **error)
{
  g_autoptr(AcknowledgementRequest) request = NULL;
  gint64 organization = 0;

  if (!read_organization(form, &organization) || page_scope_find(page->organizations, organization) == NULL) {
    web_customer_form_wrong(errors, "kind", "not_open");
    return true;
  }
  return acknowledgement_request_of_organization(db, organization, &request, error) &&
         record(db, context, request, form, error);
}

static bool render_message(Db *db, const PageFrame *frame, const PageForm *form, const WebCustomerPage *page,
                           GBytes **ret_bytes, GError **error)
{
  return acknowledge_page_render_message(db, frame, form, page->request, ret_bytes, error);
}

static bool render_open(Db *db, const PageFrame *frame, const PageForm *form, const WebCustomerPage *page,
                        GBytes **ret_bytes, GError **error)
{
  return acknowledge_page_render_open(db, frame, form, page->organizations, ret_bytes, error);
}

const WebCustomerForm web_customer_acknowledge_message_form = { "message",     "",
                                                                fields,        check,
                                                                write_message, render_message };
const WebCustomerForm web_customer_acknowledge_form = { "acknowledge", "/acknowledge", fields,
                                                        check,         write_open,     render_open };
