#include "notifier/cli/publish.h"

#include "notifier/cli/finding_view.h"
#include "notifier/cli/plan_view.h"
#include "notifier/cli/table.h"

#define REFUSED_SHOWN 20 /* plans whose findings are printed whole */

static void item_free(gpointer data)
{
  PublishItem *item = data;

  plan_row_free(item->row);
  g_clear_pointer(&item->findings, g_ptr_array_unref);
  g_free(item);
}

void publish_clear(Publish *publish)
{
  g_clear_pointer(&publish->items, g_ptr_array_unref);
}

PublishItem *publish_add(Publish *publish, PlanRow *row)
{
  PublishItem *item = g_new0(PublishItem, 1);

  if (publish->items == NULL)
    publish->items = g_ptr_array_new_with_free_func(item_free);
  item->row = row;
  g_ptr_array_add(publish->items, item);
  return item;
}

static void print_refused(const PublishItem *item)
{
  g_autofree char *name = plan_view_name(item->row);

  printf("%srefused%s %s\n", term_begin(stdout, STYLE_RED), term_end(stdout, STYLE_RED), name);
  if (item->problem != NULL)
    printf("  revision %d is not approved but %s: %s\n", item->row->revision, item->row->state,
           item->problem);
  for (guint i = 0; item->findings != NULL && i < item->findings->len; i++)
    if (rule_finding_blocks(item->findings->pdata[i], item->reason_given))
      finding_view_print(item->findings->pdata[i], name);
}

static void print_all_refused(const Publish *publish)
{
  guint shown = 0;

  for (guint i = 0; i < publish->items->len && shown < REFUSED_SHOWN; i++) {
    const PublishItem *item = publish->items->pdata[i];

    if (item->refused) {
      print_refused(item);
      shown++;
    }
  }
  if (publish->refused > shown)
    printf("… and %u more refused: kigen check lists what stands in their way\n", publish->refused - shown);
}

/* What would have stood in the way, but for a reason or a signature. */
static bool is_said(const RuleFinding *finding)
{
  return rule_finding_blocks(finding, false) || finding->outcome == RULE_OVERRIDDEN;
}

/* "LEAD-1, LSP-3 overridden": warnings of the publish gate that the reason answered, and what was signed for.
 * Own string. */
static char *answered(const PublishItem *item)
{
  g_autoptr(GString) ids = g_string_new("");

  for (guint i = 0; i < item->findings->len; i++) {
    const RuleFinding *finding = item->findings->pdata[i];

    if (is_said(finding))
      g_string_append_printf(ids, "%s%s%s", ids->len > 0 ? ", " : "", finding->rule->id,
                             finding->outcome == RULE_OVERRIDDEN ? " overridden" : "");
  }
  return g_strdup(ids->str);
}

/* "change 12, announcement 3". Own string. */
static char *notices(const PlanTelling *telling)
{
  if (telling->changed > 0 && telling->announced > 0)
    return g_strdup_printf("change %" G_GINT64_FORMAT ", announcement %" G_GINT64_FORMAT, telling->changed,
                           telling->announced);
  return g_strdup(telling->changed > 0 ? "change" : "announcement");
}

static void print_published(const Publish *publish)
{
  g_autoptr(Table) table =
      table_new("PRODUCT/RELEASE|>REVISION|>ORGANIZATIONS|>NEW MESSAGES|NOTICE|WARNINGS ANSWERED");

  for (guint i = 0; i < publish->items->len; i++) {
    const PublishItem *item = publish->items->pdata[i];
    g_autofree char *name = plan_view_name(item->row);

    if (item->refused)
      continue;

    g_autofree char *notice = notices(&item->telling);
    g_autofree char *warnings = answered(item);

    table_cell(table, name);
    table_cell_int(table, item->row->revision);
    table_cell_int(table, item->organizations);
    table_cell_int(table, item->telling.messages);
    table_cell(table, notice);
    table_cell(table, warnings);
  }
  table_print(table, stdout);
}

void publish_print(const Publish *publish)
{
  const char *was = publish->dry_run ? "would be " : "";

  if (publish->published > 0)
    print_published(publish);
  if (publish->refused > 0)
    print_all_refused(publish);
  if (publish->published > 0)
    printf("%u %s %spublished, %" G_GINT64_FORMAT " %s %squeued", publish->published,
           publish->published == 1 ? "plan" : "plans", was, publish->messages,
           publish->messages == 1 ? "message" : "messages", was);
  else
    printf("nothing %s", publish->dry_run ? "would be published" : "was published");
  printf(publish->refused > 0 ? ", %u refused\n" : "\n", publish->refused);
  if (publish->left > 0)
    printf("%u left alone: not approved yet (kigen plan show)\n", publish->left);
  if (publish->published > 0 && !publish->dry_run)
    printf("Next: kigen outbox list ; kigen deliver --once\n");
}

static Json *item_json(const PublishItem *item)
{
  Json *findings = json_array();

  for (guint i = 0; item->findings != NULL && i < item->findings->len; i++)
    if (is_said(item->findings->pdata[i]))
      json_array_append_new(findings, finding_view_json(item->findings->pdata[i]));
  return json_pack("{s:s, s:s, s:s, s:i, s:s, s:o, s:I, s:I, s:I, s:I, s:o}", "product", item->row->product,
                   "release", item->row->name, "market", item->row->market, "revision", item->row->revision,
                   "state", item->row->state, "problem", cli_json_text(item->problem), "organizations",
                   (json_int_t)item->organizations, "announced", (json_int_t)item->telling.announced,
                   "changed", (json_int_t)item->telling.changed, "messages",
                   (json_int_t)item->telling.messages, "findings", findings);
}

Json *publish_json(const Publish *publish)
{
  Json *published = json_array();
  Json *refused = json_array();

  for (guint i = 0; publish->items != NULL && i < publish->items->len; i++) {
    const PublishItem *item = publish->items->pdata[i];
    bool went = publish->published > 0 && !item->refused;

    if (item->refused || went)
      json_array_append_new(item->refused ? refused : published, item_json(item));
  }
  return json_pack("{s:b, s:I, s:o, s:o, s:i}", "dry_run", publish->dry_run, "messages",
                   (json_int_t)publish->messages, "published", published, "refused", refused, "left_alone",
                   (int)publish->left);
}
