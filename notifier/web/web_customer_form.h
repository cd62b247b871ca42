#ifndef KIGEN_NOTIFIER_WEB_WEB_CUSTOMER_FORM_H
#define KIGEN_NOTIFIER_WEB_WEB_CUSTOMER_FORM_H

/* The forms that customers send: their fields, what is asked of each, and what they write. Only
 * web_customer.c uses this. */

#include "db/acknowledgement_request.h"
#include "db/page_store.h"
#include "notifier/page/page_form.h"
#include "notifier/web/web_form.h"

#define WEB_CUSTOMER_NAME_MAX 100  /* characters of a line */
#define WEB_CUSTOMER_TEXT_MAX 1000 /* characters of a text */

/* Whose page it is, looked up anew in every transaction. */
typedef struct {
  PageRow *page;                   /* of /h/<token>, or NULL */
  GPtrArray *organizations;        /* PageScopeOrganization, with `page` */
  AcknowledgementRequest *request; /* of /a/<token>, or NULL */
} WebCustomerPage;

/* Inside a write transaction in which `page` was looked up. What the customer has to be told (it was done
 * meanwhile, it is not theirs) it appends to `errors`, and writes nothing then. */
typedef bool (*WebCustomerWrite)(Db *db, const AuditContext *context, const WebCustomerPage *page,
                                 const WebForm *form, GArray *errors, GError **error);

typedef struct {
  const char *name; /* as it is signed */
  const char *tail; /* of its path, behind the token */
  const char *const *fields;
  /* Appends what is wrong with the form as it stands: GArray of PageFormError. */
  void (*check)(const WebForm *form, Day today, GArray *errors);
  WebCustomerWrite write;
  bool (*render)(Db *db, const PageFrame *frame, const PageForm *form, const WebCustomerPage *page,
                 GBytes **ret_bytes, GError **error);
} WebCustomerForm;

extern const WebCustomerForm web_customer_acknowledge_message_form;
extern const WebCustomerForm web_customer_acknowledge_form;
extern const WebCustomerForm web_customer_decide_form;
extern const WebCustomerForm web_customer_correct_form;

/* For the files of the forms: appends { field, key } (static strings). */
void web_customer_form_wrong(GArray *errors, const char *field, const char *key);
/* Checks a line that is asked for (`missing` its key, or NULL where it need not be given): not too long
 * ("too_long"), no line break ("line_break"). */
void web_customer_form_check_line(const WebForm *form, const char *field, const char *missing,
                                  GArray *errors);
/* The same of a text with lines. */
void web_customer_form_check_text(const WebForm *form, const char *field, const char *missing,
                                  GArray *errors);
/* The value, NULL for "". */
const char *web_customer_form_text(const WebForm *form, const char *field);
/* A day as people write it (planner/date_text.h). */
bool web_customer_form_day(const WebForm *form, const char *field, Day *ret_day) G_GNUC_WARN_UNUSED_RESULT;

#endif
