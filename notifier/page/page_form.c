#include "notifier/page/page_form.h"

#include <string.h>

#include "notifier/page/page_json.h"

static json_t *error_json(const PageFormError *error, const char *anchor)
{
  json_t *object = json_object(), *is = json_object();

  page_json_text(object, "field", error->field);
  page_json_text(object, "anchor", anchor);
  page_json_flag(is, error->key, true);
  json_object_set_new(object, "is", is);
  return object;
}

void page_form_set(json_t *context, const PageFrame *frame, const PageForm *form, const char *tail,
                   const char *anchor)
{
  json_t *errors = json_array();

  if (form->state != NULL)
    page_json_flag(context, form->state, true);
  page_json_text(context, "signed", form->signed_field);
  page_json_take(context, "action", g_strconcat(frame->path, tail, "?lang=", frame->language, NULL));
  for (guint i = 0; form->errors != NULL && i < form->errors->len; i++)
    json_array_append_new(errors, error_json(&g_array_index(form->errors, PageFormError, i), anchor));
  page_json_flag(context, "any_error", json_array_size(errors) > 0);
  json_object_set_new(context, "errors", errors);
}

json_t *page_form_json(const PageForm *form, const char *anchor, bool own)
{
  json_t *object = json_object(), *values = json_object(), *wrong = json_object();

  page_json_text(object, "anchor", anchor);
  for (gsize i = 0; own && form->sent != NULL && form->fields[i] != NULL; i++)
    page_json_text(values, form->fields[i], form->value(form->sent, form->fields[i]));
  for (guint i = 0; own && form->errors != NULL && i < form->errors->len; i++) {
    const PageFormError *error = &g_array_index(form->errors, PageFormError, i);

    json_object_set_new(wrong, error->field, error_json(error, anchor));
  }
  json_object_set_new(object, "values", values);
  json_object_set_new(object, "wrong", wrong);
  return object;
}

bool page_form_is(const PageForm *form, const char *field, const char *value)
{
  return form->sent != NULL && strcmp(form->value(form->sent, field), value) == 0;
}

bool page_form_is_number(const PageForm *form, const char *field, gint64 value)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

  return page_form_is(form, field, text);
}
