#include "notifier/page/product_page.h"

#include "db/held_store.h"
#include "notifier/page/page_json.h"
#include "notifier/page/page_plan.h"
#include "notifier/page/page_timeline.h"

GQuark product_page_error_quark(void)
{
  return g_quark_from_static_string("product-page-error");
}

static json_t *product_json(const PageFrame *frame, const HeldSet *set)
{
  const HeldRelease *release = set->releases->pdata[0];
  json_t *object = json_object();

  page_json_text(object, "code", release->product);
  page_json_text(object, "name", page_frame_choose(frame, set->name_ja, set->name_en));
  page_json_text(object, "generic_name", release->generic_name);
  page_json_text(object, "approval_no", release->approval_no);
  page_json_url(object, "package_insert_url", release->package_insert_url);
  page_json_contact(object, "security_contact", release->security_contact);
  return object;
}

static json_t *plans_json(const PageFrame *frame, const HeldSet *set, GArray *scopes)
{
  json_t *list = json_array();

  for (guint i = 0; i < set->holdings->len; i++) {
    const Holding *holding = set->holdings->pdata[i];
    const ChangeScope scope = { CHANGE_RELEASE, holding->release->id };

    g_array_append_val(scopes, scope);
    json_array_append_new(list, page_plan_json(frame, holding));
  }
  return list;
}

static void fill(const PageFrame *frame, const HeldSet *set, json_t *context, GArray *scopes)
{
  const HeldRelease *release = set->releases->pdata[0];
  g_autofree char *escaped = g_uri_escape_string(release->product, NULL, false);

  json_object_set_new(context, "product", product_json(frame, set));
  json_object_set_new(context, "plans", plans_json(frame, set, scopes));
  page_json_take(context, "picture", page_timeline_svg(frame, set->holdings, "time"));
  page_json_take(context, "ics", g_strdup_printf("/products/%s.ics?language=%s", escaped, frame->language));
}

bool product_page_render(Db *db, const PageFrame *frame, const char *product, GBytes **ret_bytes,
                         GArray **ret_scopes, GError **error)
{
  g_autoptr(GArray) scopes = g_array_new(FALSE, FALSE, sizeof(ChangeScope));
  g_autoptr(HeldSet) set = NULL;
  json_t *context;
  bool done;

  if (!held_store_load_product(db, product, &set, error))
    return false;
  if (set == NULL || set->releases->len == 0) {
    g_set_error(error, PRODUCT_PAGE_ERROR, PRODUCT_PAGE_ERROR_PRODUCT, "no product %s with a published plan",
                product);
    return false;
  }
  if (!page_frame_context(db, frame, &context, error))
    return false;
  fill(frame, set, context, scopes);
  done = page_frame_render(frame, "product", context, ret_bytes, error);
  json_decref(context);
  if (done)
    *ret_scopes = g_steal_pointer(&scopes);
  return done;
}
