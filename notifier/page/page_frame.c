#include "notifier/page/page_frame.h"

#include <string.h>

#include "db/maker_store.h"
#include "notifier/page/page_date.h"
#include "notifier/page/page_json.h"
#include "notifier/template/plan_context.h"

bool page_frame_is_english(const PageFrame *frame)
{
  return strcmp(frame->language, "en") == 0;
}

const char *page_frame_choose(const PageFrame *frame, const char *ja, const char *en)
{
  return plan_context_choose(frame->language, ja, en);
}

static json_t *maker_json(const PageFrame *frame, GHashTable *maker)
{
  static const char *const fields[][3] = {
    { "name", "name_ja", "name_en" },
    { "department", "department_ja", "department_en" },
    { "phone", "phone", "phone" },
    { "phone_hours", "phone_hours_ja", "phone_hours_en" },
  };
  json_t *object = json_object();

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    page_json_text(object, fields[i][0],
                   page_frame_choose(frame, g_hash_table_lookup(maker, fields[i][1]),
                                     g_hash_table_lookup(maker, fields[i][2])));
  page_json_contact(object, "email", g_hash_table_lookup(maker, "email"));
  page_json_contact(object, "security_contact", g_hash_table_lookup(maker, "security_contact"));
  page_json_url(object, "url", g_hash_table_lookup(maker, "url"));
  return object;
}

bool page_frame_context(Db *db, const PageFrame *frame, json_t **ret_context, GError **error)
{
  g_autoptr(GHashTable) maker = NULL;
  json_t *context;

  if (!maker_store_load(db, &maker, error))
    return false;
  context = json_object();
  page_json_text(context, "language", frame->language);
  page_json_flag(context, "english", page_frame_is_english(frame));
  page_json_text(context, "style", frame->style);
  page_json_text(context, "path", frame->path);
  json_object_set_new(context, "today",
                      page_date_json(plan_date_known(frame->today), frame->today, frame->language));
  json_object_set_new(context, "maker", maker_json(frame, maker));
  *ret_context = context;
  return true;
}

bool page_frame_render(const PageFrame *frame, const char *name, const json_t *context, GBytes **ret_bytes,
                       GError **error)
{
  g_autofree char *template = g_strdup_printf("page/%s/%s.html", frame->language, name);
  GString *out = g_string_new(NULL);

  if (!template_set_render(frame->templates, template, context, out, error)) {
    g_string_free(out, TRUE);
    return false;
  }
  *ret_bytes = g_string_free_to_bytes(out);
  return true;
}
