#include "notifier/web/web_customer_form.h"

#include <string.h>

#include "planner/date_text.h"

void web_customer_form_wrong(GArray *errors, const char *field, const char *key)
{
  const PageFormError error = { field, key };

  g_array_append_val(errors, error);
}

static void check(const WebForm *form, const char *field, const char *missing, glong max, bool lines,
                  GArray *errors)
{
  const char *value = web_form_get(form, field);

  if (*value == '\0' && missing != NULL)
    web_customer_form_wrong(errors, field, missing);
  else if (g_utf8_strlen(value, -1) > max)
    web_customer_form_wrong(errors, field, "too_long");
  else if (!lines && strpbrk(value, "\n\t") != NULL)
    web_customer_form_wrong(errors, field, "line_break");
}

void web_customer_form_check_line(const WebForm *form, const char *field, const char *missing, GArray *errors)
{
  check(form, field, missing, WEB_CUSTOMER_NAME_MAX, false, errors);
}

void web_customer_form_check_text(const WebForm *form, const char *field, const char *missing, GArray *errors)
{
  check(form, field, missing, WEB_CUSTOMER_TEXT_MAX, true, errors);
}

const char *web_customer_form_text(const WebForm *form, const char *field)
{
  const char *value = web_form_get(form, field);

  return *value != '\0' ? value : NULL;
}

bool web_customer_form_day(const WebForm *form, const char *field, Day *ret_day)
{
  g_autofree char *warning = NULL;
  PlanDate date;

  if (!date_text_parse(web_form_get(form, field), &date, &warning, NULL) || date.state != DATE_KNOWN)
    return false;
  *ret_day = date.day;
  return true;
}
