#include "db/held_store.h"

#include "db/held_besides.h"
#include "db/held_market.h"
#include "db/held_role.h"
#include "db/held_sites.h"
#include "db/plan_row.h"

/* What they hold, or held until after $2. */
#define HELD                                                                                                 \
  HELD_SITES_SQL                                                                                             \
  ", held AS (SELECT h.release, o.country, h.organization, o.name_ja, o.name_en, h.uid, h.version, "         \
  "h.changed_at,"                                                                                            \
  " h.since, h.ended_on, h.count"                                                                            \
  " FROM site s JOIN organization o ON o.id = s.id"                                                          \
  " JOIN holding h ON h.organization = o.id AND h.role = " HELD_ROLE_SQL(                                    \
      "o.role") " WHERE h.ended_on IS NULL OR h.ended_on > $2)"

/* The releases, each for every country in which it is held. */
#define RELEASES " FROM (SELECT DISTINCT release, country FROM held) x"

/* The plans ever published for these, for every market and for that country. */
#define PLANS                                                                                                \
  RELEASES " JOIN support_plan p ON p.release = x.release AND p.market IN ('*', x.country)"                  \
           " AND p.state IN ('published', 'superseded', 'withdrawn')"
#define PLAN_ORDER " ORDER BY p.release, x.country, CASE p.market WHEN '*' THEN 0 ELSE 1 END, p.revision"

/* The product of the text $1 with every release and every market that ever had a plan in force. Its rows are
 * holdings of the product itself, which is no organization. The ids of releases never change. */
#define PRODUCT_HELD                                                                                         \
  "WITH held AS (SELECT r.id AS release, m.market AS country, p.id AS organization, p.name_ja, p.name_en,"   \
  " 'release-' || r.id || CASE m.market WHEN '*' THEN '' ELSE '-' || m.market END AS uid, 0 AS version,"     \
  " '' AS changed_at, NULL AS since, NULL AS ended_on, 0 AS count"                                           \
  " FROM product p JOIN release r ON r.product = p.id"                                                       \
  " JOIN (SELECT DISTINCT release, market FROM support_plan"                                                 \
  " WHERE state IN ('published', 'superseded', 'withdrawn')) m ON m.release = r.id WHERE p.code = $1)"

static const DbQuery organization_query = { "SELECT id, name_ja, name_en, language FROM organization"
                                            " WHERE id = $1" };
static const DbQuery product_query = { PRODUCT_HELD
                                       " SELECT organization, name_ja, name_en, 'ja' FROM held LIMIT 1" };

#define RELEASE_QUERY(held, name)                                                                            \
  held " SELECT r.id, x.country, " name ", r.kind, p.code, p.name_ja, p.name_en, p.generic_name, "           \
       "p.approval_no, p.security_contact,"                                                                  \
       " p.package_insert_url" RELEASES                                                                      \
       " JOIN release r ON r.id = x.release JOIN product p ON p.id = r.product ORDER BY r.id, x.country"

/* "0 +": else SQLite walks every holding of the store, because they lie in that order. */
#define HOLDING_QUERY(held)                                                                                  \
  held " SELECT release, country, organization, name_ja, name_en, uid, version,"                             \
       " changed_at, since, ended_on, count"                                                                 \
       " FROM held ORDER BY 0 + release, organization, country"

#define PLAN_QUERY(held)                                                                                     \
  held " SELECT p.id, x.country, p.release, p.market, p.revision, p.state, p.published_on, p.published_at, " \
       "p.withdrawn_on,"                                                                                     \
       " p.withdrawn_at, p.general_availability, p.end_of_sale, p.security_support_end, p.eol, p.eos,"       \
       " p.parts_until, p.repair_until, p.limited_support_doc, p.limited_support_duties,"                    \
       " p.limited_support_duties_en, p.successor, p.limited_support_rationale,"                             \
       " p.limited_support_url, " PLAN_ROW_SUCCESSOR_COLUMNS("p", "d", "z") PLANS                            \
      " JOIN release r ON r.id = p.release JOIN product d ON d.id = r.product" PLAN_ROW_SUCCESSOR(           \
          "p", "d", "z") PLAN_ORDER

/* In PLAN_QUERY: where the dates begin, in the order of Milestone. */
#define FIRST_DATE 10
#define LIMITED_SUPPORT (FIRST_DATE + MILESTONE_COUNT)
#define SUCCESSOR (LIMITED_SUPPORT + 6)

/* CROSS JOIN: in this order, not walking every line of the store. */
#define LINE_QUERY(held)                                                                                     \
  held " SELECT l.plan, x.country, l.kind, l.until, l.terms_ja, l.terms_en" PLANS                            \
       " CROSS JOIN service_line l WHERE l.plan = p.id"

#define PRODUCT_RELEASE "CASE x.country WHEN '*' THEN r.name ELSE r.name || ' (' || x.country || ')' END"

static const DbQuery release_query = { RELEASE_QUERY(HELD, "r.name") };
static const DbQuery holding_query = { HOLDING_QUERY(HELD) };
static const DbQuery plan_query = { PLAN_QUERY(HELD) };
static const DbQuery line_query = { LINE_QUERY(HELD) };
static const DbQuery product_release_query = { RELEASE_QUERY(PRODUCT_HELD, PRODUCT_RELEASE) };
static const DbQuery product_holding_query = { HOLDING_QUERY(PRODUCT_HELD) };
static const DbQuery product_plan_query = { PLAN_QUERY(PRODUCT_HELD) };
static const DbQuery product_line_query = { LINE_QUERY(PRODUCT_HELD) };

/* While loading: where the rows of the next query belong. */
typedef struct {
  const char *product; /* its code; NULL: it is about an organization */
  gint64 organization;
  char ended_after[DAY_TEXT_SIZE];
  HeldSet *set;
  GHashTable *releases; /* key_of → HeldRelease */
  GHashTable *plans;    /* key_of → HeldRevision */
} Loader;

static void loader_clear(Loader *loader)
{
  held_set_free(loader->set);
  g_clear_pointer(&loader->releases, g_hash_table_unref);
  g_clear_pointer(&loader->plans, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Loader, loader_clear)

/* The day in a column: a day, an instant of one, or none. */
static Day read_day(DbStatement *statement, int column)
{
  const char *text = db_text(statement, column);
  char head[DAY_TEXT_SIZE];
  Day day = DAY_NONE;

  if (text == NULL || g_strlcpy(head, text, sizeof head) < DAY_TEXT_SIZE - 1 || !day_parse(head, &day))
    return DAY_NONE;
  return day;
}

static void read_organization(Loader *loader, DbStatement *statement)
{
  HeldSet *set = held_set_new();

  set->is_product = loader->product != NULL;
  set->organization = db_int(statement, 0);
  set->name_ja = db_dup_text(statement, 1);
  set->name_en = db_dup_text(statement, 2);
  set->language = db_dup_text(statement, 3);
  loader->set = set;
}

/* Of a release or a plan, its row id in column `id`, in the country of column 1: "12 JP". Own string. */
static char *key_of(DbStatement *statement, int id)
{
  return g_strdup_printf("%" G_GINT64_FORMAT " %s", db_int(statement, id), db_text(statement, 1));
}

static void read_release(Loader *loader, DbStatement *statement)
{
  HeldRelease *release = held_release_new(loader->set);
  char **const texts[] = { &release->name,
                           &release->kind,
                           &release->product,
                           &release->product_name_ja,
                           &release->product_name_en,
                           &release->generic_name,
                           &release->approval_no,
                           &release->security_contact,
                           &release->package_insert_url };

  release->id = db_int(statement, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    *texts[i] = db_dup_text(statement, (int)i + 2);
  g_hash_table_insert(loader->releases, key_of(statement, 0), release);
}

static HeldRelease *release_of(Loader *loader, DbStatement *statement, int id)
{
  g_autofree char *key = key_of(statement, id);

  return g_hash_table_lookup(loader->releases, key);
}

static void read_holding(Loader *loader, DbStatement *statement)
{
  Holding *holding = holding_new(loader->set, release_of(loader, statement, 0));

  holding->organization = db_int(statement, 2);
  holding->organization_name_ja = db_dup_text(statement, 3);
  holding->organization_name_en = db_dup_text(statement, 4);
  holding->uid = db_dup_text(statement, 5);
  holding->version = db_int(statement, 6);
  holding->changed_at = db_dup_text(statement, 7);
  holding->since = read_day(statement, 8);
  holding->ended_on = read_day(statement, 9);
  holding->count = db_int(statement, 10);
}

static void read_plan(SupportPlan *plan, DbStatement *statement)
{
  PlanDate date;

  for (int i = 0; i < MILESTONE_COUNT; i++) {
    if (plan_date_from_store(db_text(statement, FIRST_DATE + i), &date))
      plan->date[i] = date;
  }
  plan->limited_support.doc = db_dup_text(statement, LIMITED_SUPPORT);
  plan->limited_support.duties_ja = db_dup_text(statement, LIMITED_SUPPORT + 1);
  plan->limited_support.duties_en = db_dup_text(statement, LIMITED_SUPPORT + 2);
  plan->limited_support.successor = db_dup_text(statement, LIMITED_SUPPORT + 3);
  plan->limited_support.rationale = db_dup_text(statement, LIMITED_SUPPORT + 4);
  plan->limited_support.url = db_dup_text(statement, LIMITED_SUPPORT + 5);
}

static HeldRevision *read_revision(DbStatement *statement)
{
  HeldRevision *revision = held_revision_new();

  revision->id = db_int(statement, 0);
  revision->revision = (int)db_int(statement, 4);
  revision->withdrawn = g_str_equal(db_text(statement, 5), "withdrawn");
  revision->published_on = read_day(statement, 6);
  revision->published_at = db_dup_text(statement, 7);
  if (revision->published_at == NULL)
    revision->published_at = g_strconcat(db_text(statement, 6), "T00:00:00Z", NULL);
  revision->withdrawn_on = read_day(statement, 8);
  revision->withdrawn_at = db_dup_text(statement, 9);
  read_plan(revision->plan, statement);
  revision->successor_ja = db_dup_text(statement, SUCCESSOR);
  revision->successor_en = db_dup_text(statement, SUCCESSOR + 1);
  return revision;
}

static void read_plan_row(Loader *loader, DbStatement *statement)
{
  HeldRelease *release = release_of(loader, statement, 2);
  HeldRevision *revision = read_revision(statement);

  revision->own_market = !g_str_equal(db_text(statement, 3), "*");
  g_ptr_array_add(release->revisions, revision);
  g_hash_table_insert(loader->plans, key_of(statement, 0), revision);
}

static void read_line(Loader *loader, DbStatement *statement)
{
  g_autofree char *key = key_of(statement, 0);
  HeldRevision *revision = g_hash_table_lookup(loader->plans, key);
  ServiceKind kind;

  if (revision == NULL || !service_kind_parse(db_text(statement, 2), &kind))
    return;

  ServiceLine *line = &revision->plan->limited_support.line[kind];

  line->until = read_day(statement, 3);
  line->terms_ja = db_dup_text(statement, 4);
  line->terms_en = db_dup_text(statement, 5);
}

/* The queries in the order in which each one's rows need those before. */
typedef struct {
  const DbQuery *query;
  int parameters; /* $1 the organization or product, $2 ended after */
  void (*read)(Loader *loader, DbStatement *statement);
} Pass;

#define PASSES 5

static const Pass organization_passes[PASSES] = {
  { &organization_query, 1, read_organization },
  { &release_query, 2, read_release },
  { &holding_query, 2, read_holding },
  { &plan_query, 2, read_plan_row },
  { &line_query, 2, read_line },
};
static const Pass product_passes[PASSES] = {
  { &product_query, 1, read_organization },    { &product_release_query, 1, read_release },
  { &product_holding_query, 1, read_holding }, { &product_plan_query, 1, read_plan_row },
  { &product_line_query, 1, read_line },
};

static bool run_pass(Db *db, Loader *loader, const Pass *pass, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, pass->query, &statement, error))
    return false;
  if (loader->product != NULL)
    db_bind_text(statement, 1, loader->product);
  else
    db_bind_int(statement, 1, loader->organization);
  if (pass->parameters > 1)
    db_bind_text(statement, 2, loader->ended_after);
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      return true;
    pass->read(loader, statement);
  }
}

static bool load(Db *db, Loader *loader, const Pass passes[static PASSES], HeldSet **ret_set, GError **error)
{
  loader->releases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  loader->plans = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < PASSES; i++) {
    if (!run_pass(db, loader, &passes[i], error))
      return false;
    if (loader->set == NULL)
      break;
  }
  if (loader->set != NULL && !loader->set->is_product && !held_besides_load(db, loader->set, error))
    return false;
  for (guint i = 0; loader->set != NULL && i < loader->set->releases->len; i++)
    held_market_arrange(((HeldRelease *)loader->set->releases->pdata[i])->revisions);
  *ret_set = g_steal_pointer(&loader->set);
  return true;
}

bool held_store_load(Db *db, gint64 organization, Day ended_after, HeldSet **ret_set, GError **error)
{
  g_auto(Loader) loader = { .organization = organization };

  day_format(ended_after, loader.ended_after);
  return load(db, &loader, organization_passes, ret_set, error);
}

bool held_store_load_product(Db *db, const char *product, HeldSet **ret_set, GError **error)
{
  g_auto(Loader) loader = { .product = product };

  return load(db, &loader, product_passes, ret_set, error);
}
