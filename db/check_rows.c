#include "db/check_rows.h"

/* What is wrong with a day of `x`, in SQL. */
#define NO_DAY(x) "NOT (length(" x ") = 10 AND " x " > '0001' AND " x " IS date(" x ", '+0 days'))"
#define BAD_DAY(x) "(" x " IS NOT NULL AND " NO_DAY(x) ")"
#define BAD_DATE(x) "(" x " IS NOT NULL AND " x " <> 'tba' AND " NO_DAY(x) ")"
/* Every character that shows nothing; never 0, which would end the list. */
#define BLANKS                                                                                               \
  "char(32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,"  \
  " 27, 28, 29, 30, 31, 127, 133, 160, 173, 847, 1564, 4447, 4448, 5760, 6068, 6069, 6158, 8192, 8193, "     \
  "8194,"                                                                                                    \
  " 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8203, 8204, 8205, 8206, 8207, 8232, 8233, 8234, 8235,"   \
  " 8236, 8237, 8238, 8239, 8287, 8288, 8289, 8290, 8291, 8292, 8294, 8295, 8296, 8297, 10240, 12288, "      \
  "12644,"                                                                                                   \
  " 65279, 65440)"

#define PLAN                                                                                                 \
  "'support_plan ' || s.id || coalesce((SELECT ' (' || p.code || '/' || r.name || ', revision ' || "         \
  "s.revision || ')' FROM release r JOIN product p ON p.id = r.product WHERE r.id = s.release), '')"
#define PLANS(value, wrong) "SELECT " PLAN ", " value " FROM support_plan s WHERE " wrong
#define EACH(table, value, wrong) "SELECT '" table " ' || x.id, " value " FROM " table " x WHERE " wrong
/* Rows of `table` that share their natural key. */
#define TWICE(table, key, such)                                                                              \
  "SELECT '" table " ' || group_concat(x.id, ', '), NULL FROM " table " x" such " GROUP BY " key             \
  " HAVING count(*) > 1"

#define RESTORE "restore the last backup: kigen restore FILE --force"
#define CORRECT "correct it by importing the right row again; if that is refused, restore the last backup"
#define REVISE "put it right by a new revision: kigen plan set, kigen plan publish"

/* Adjacent strings and macros: clang-format never comes to rest over them. */
/* clang-format off */
static const CheckQuery plans[] = {
  { { PLANS("'EOL ' || s.eol || ' = EOS ' || s.eos",
            "s.eol = s.eos AND s.eol <> 'tba' AND length(trim(coalesce(s.limited_support_doc, ''), " BLANKS
            ")) = 0") },
    "LSP-1: EOL and EOS coincide without a declared limited-support plan",
    REVISE },
  { { PLANS("'EOL ' || s.eol || ', EOS ' || s.eos",
            "s.eol <> 'tba' AND s.eos <> 'tba' AND s.eol > s.eos") },
    "ORD-1: EOL lies after EOS",
    REVISE },
  { { PLANS("NULL",
            BAD_DATE("s.general_availability")
            " OR " BAD_DATE("s.end_of_sale")
            " OR " BAD_DATE("s.security_support_end")
            " OR " BAD_DATE("s.eol")
            " OR " BAD_DATE("s.eos")
            " OR " BAD_DATE("s.parts_until")
            " OR " BAD_DATE("s.repair_until")
            " OR " BAD_DATE("s.announced_on")
            " OR " BAD_DATE("s.presented_on")
            " OR " BAD_DAY("s.published_on")
            " OR " BAD_DAY("s.withdrawn_on")) },
    "a date that is none (ISO day, tba or NULL)",
    REVISE },
  { { PLANS("s.state", "s.state NOT IN ('draft', 'submitted', 'approved', 'published', 'superseded', 'withdrawn')") },
    "a state that is none",
    RESTORE },
  { { PLANS("s.state", "s.state IN ('published', 'superseded', 'withdrawn') AND (s.published_on IS NULL"
                       " OR s.published_by IS NULL OR s.published_at IS NULL)") },
    "published, but not by whom or when",
    RESTORE },
  { { PLANS("s.revision", "s.revision < 1") }, "a revision that is none", RESTORE },
  { { TWICE("support_plan", "x.release, x.market, x.revision", "") }, "one revision twice", RESTORE },
  { { TWICE("support_plan", "x.release, x.market", " WHERE x.state = 'published'") },
    "more than one published revision of one release and market",
    RESTORE },
  { { TWICE("support_plan", "x.release, x.market",
            " WHERE x.state IN ('draft', 'submitted', 'approved')") },
    "more than one open revision of one release and market",
    RESTORE },
  { { "SELECT 'service_line ' || x.plan || ' ' || x.kind, x.until FROM service_line x WHERE x.kind NOT IN"
      " ('security-updates', 'parts', 'on-site-repair', 'telephone', 'compensating-controls', 'migration-path')"
      " OR " BAD_DAY("x.until") " OR x.until IS NULL" },
    "a service line of no known kind, or without a last day",
    REVISE },
};

static const CheckQuery things[] = {
  { { "SELECT 'setting', count(*) || ' rows' FROM setting HAVING count(*) <> 1" },
    "not exactly one row",
    RESTORE },
  { { EACH("product", "x.code",
           "x.art12_3 NOT IN ('yes', 'no', 'unknown') OR x.serious_harm NOT IN ('yes', 'no', 'unknown')"
           " OR x.transition NOT IN (0, 1)"
           " OR (x.useful_life_years IS NOT NULL AND x.useful_life_years NOT BETWEEN 0 AND 100)") },
    "art12_3, serious_harm, transition or useful_life_years is none",
    CORRECT },
  { { EACH("release", "x.name", "x.kind NOT IN ('hardware', 'software')") },
    "neither hardware nor software",
    CORRECT },
  { { EACH("organization", "x.code",
           "x.role NOT IN ('hospital', 'clinic', 'distributor', 'lessor', 'repairer', 'regulator')"
           " OR x.language NOT IN ('ja', 'en') OR x.disclosed NOT IN (0, 1) OR x.parent = x.id"
           " OR (x.budget_month IS NOT NULL AND x.budget_month NOT BETWEEN 1 AND 12)") },
    "role, language, budget_month, disclosed or parent is none",
    CORRECT },
  { { EACH("contact", "x.name",
           "x.role NOT IN ('device-safety-manager', 'clinical-engineering', 'it-security', 'procurement', 'other')"
           " OR x.language NOT IN ('ja', 'en') OR x.escalation_order < 1"
           " OR x.channel NOT IN ('mail', 'webhook', 'letter', 'fax', 'hand', 'relay')"
           " OR " BAD_DAY("x.valid_from") " OR " BAD_DAY("x.valid_to")) },
    "role, language, channel, order or a day is none",
    CORRECT },
  { { EACH("contact", "x.erased_on",
           "x.erased_on IS NOT NULL AND (coalesce(x.kana, x.department, x.title, x.email, x.phone, x.role,"
           " x.valid_from, x.valid_to) IS NOT NULL OR x.channel <> 'mail' OR " NO_DAY("x.erased_on") ")") },
    "the person was erased, but something of them is there",
    "find out who wrote it beside kigen, and erase it again: kigen contact erase" },
  { { EACH("device", "coalesce(x.serial, x.lot)",
           "x.quantity < 1 OR x.status NOT IN ('in-use', 'spare', 'isolated', 'disposed', 'transferred', "
           "'unknown')") },
    "quantity or status is none",
    CORRECT },
  { { EACH("device", "coalesce(x.serial, x.lot)",
           "x.product IS NOT (SELECT r.product FROM release r WHERE r.id = x.release)") },
    "its release is of another product",
    CORRECT },
  { { EACH("custody", "x.role",
           "x.role NOT IN ('user', 'owner', 'seller', 'repairer') OR (x.since <> '' AND " NO_DAY("x.since") ")"
           " OR " BAD_DAY("x.until") " OR " BAD_DAY("x.lease_end")) },
    "role or a day is none",
    CORRECT },
  { { "SELECT 'holding ' || x.release || ' ' || x.organization || ' ' || x.role, 'count ' || x.count"
      " FROM holding x WHERE x.role NOT IN ('user', 'owner', 'seller', 'repairer') OR x.count < 0"
      " OR x.version < 1 OR (x.ended_on IS NULL) = (x.count = 0)" },
    "role, count or version is none, or it has ended and still counts",
    "kigen doctor --recount" },
  { { "SELECT 'holding_pair ' || x.organization || ' ' || x.role || ' ' || x.hardware || ' ' || x.software,"
      " 'count ' || x.count FROM holding_pair x WHERE x.role NOT IN ('user', 'owner', 'seller', 'repairer')"
      " OR x.count < 0 OR x.version < 1 OR x.hardware = x.software" },
    "role, count, version or software is none",
    RESTORE },
  { { EACH("extension", "x.eos",
           NO_DAY("x.eos") " OR " BAD_DAY("x.until") " OR x.until > x.eos OR " BAD_DAY("x.created_on")
           " OR " BAD_DAY("x.ended_on") " OR (x.ended_on IS NULL AND x.until IS NOT x.eos)"
           " OR (x.units IS NULL) <> (x.device IS NULL) OR x.units < 0 OR x.version < 0"
           " OR length(trim(x.reason)) = 0") },
    "a day, units, version or reason is none",
    "end it and make another one: kigen extension end, kigen extension set" },
};

static const CheckQuery messages[] = {
  { { EACH("notice", "x.kind",
           "x.kind NOT IN ('plan-announcement', 'plan-change', 'eol-reminder', 'limited-support-begins', "
           "'eos-reminder', 'eos-reached', 'component-notice', 'security-advisory', "
           "'stop-use-recommendation', 'withdrawal') OR x.due_on IS NULL OR " BAD_DAY("x.due_on")
           " OR (x.extended_eos <> '' AND " NO_DAY("x.extended_eos") ")") },
    "kind or due day is none",
    RESTORE },
  { { EACH("outbox", "x.state || ', ' || x.channel",
           "x.channel NOT IN ('mail', 'webhook', 'letter', 'fax', 'hand', 'relay') OR x.attempt < 0"
           " OR x.state NOT IN ('pending', 'sending', 'accepted', 'deferred', 'failed', 'unknown', 'bounced', "
           "'printed', 'sent', 'handed', 'returned', 'superseded') OR x.due_on IS NULL OR " BAD_DAY("x.due_on")) },
    "channel, state, attempt or due day is none",
    RESTORE },
  { { EACH("outbox", "x.state",
           "x.state <> 'pending' AND x.state IS NOT (SELECT e.state FROM outbox_event e WHERE e.outbox = x.id"
           " ORDER BY e.id DESC LIMIT 1)") },
    "its last event says another state",
    "find out who wrote into the outbox beside kigen; what it says is no proof any more" },
  { { EACH("outbox", "x.message_id",
           "((x.channel IN ('mail', 'relay') AND x.state IN ('accepted', 'bounced'))"
           " OR x.state IN ('printed', 'sent', 'returned'))"
           " AND NOT EXISTS (SELECT 1 FROM message_context c WHERE c.outbox = x.id)") },
    "sent, but what it was rendered from is missing: its bytes cannot be proven",
    RESTORE },
  { { "SELECT 'message_context ' || x.outbox, x.erased_on FROM message_context x"
      " WHERE (x.erased_on IS NULL) = (x.context = '') OR " BAD_DAY("x.erased_on") },
    "neither kept nor erased: the message's bytes can be neither proven nor said to be gone",
    RESTORE },
  { { EACH("acknowledgement", "x.kind", "x.kind NOT IN ('receipt', 'transfer')") },
    "neither receipt nor transfer",
    RESTORE },
  { { EACH("presentation", "x.how",
           "x.how NOT IN ('hand-over', 'letter', 'fax', 'page') OR x.day IS NULL OR " BAD_DAY("x.day")
           " OR (SELECT s.published_on FROM support_plan s WHERE s.id = x.plan) IS NULL") },
    "how or the day is none, or its plan was never published",
    "take it back, and record it anew: kigen plan present --remove" },
  { { EACH("decision", "x.kind",
           "x.kind NOT IN ('replace', 'isolate', 'continue') OR " BAD_DAY("x.replace_by")
           " OR (x.kind = 'replace') = (x.replace_by IS NULL) OR x.day IS NULL OR " BAD_DAY("x.day")) },
    "what was decided, or the day, is none",
    RESTORE },
  { { EACH("correction", "x.state",
           "x.state NOT IN ('waiting', 'approved', 'rejected') OR (x.state = 'waiting') = (x.decided_by IS NOT NULL)"
           " OR x.day IS NULL OR " BAD_DAY("x.day") " OR " BAD_DAY("x.decided_on")) },
    "the state of the correction is none",
    RESTORE },
  { { EACH("handover", "x.step || ', ' || x.how",
           "x.step NOT IN ('sent', 'returned', 'handed', 'relayed') OR x.day IS NULL OR " BAD_DAY("x.day")
           " OR (x.organization IS NOT NULL) <> (x.step = 'relayed')") },
    "step, day or customer is none",
    "find out who wrote into handover beside kigen; what it says is no proof any more" },
  { { EACH("feed", "x.language", "x.language NOT IN ('ja', 'en') OR length(x.token_hash) <> 32") },
    "language or token is none",
    "revoke it and make a new one: kigen feed rotate" },
};

static const CheckQuery keys[] = {
  { { TWICE("product", "x.code", "") }, "one code twice", RESTORE },
  { { TWICE("release", "x.product, x.name", "") }, "one name twice in a product", RESTORE },
  { { TWICE("organization", "x.code", "") }, "one code twice", RESTORE },
  { { TWICE("contact", "x.organization, x.name", "") }, "one name twice in an organization", RESTORE },
  { { TWICE("device", "x.product, x.serial_key", " WHERE x.serial_key IS NOT NULL") },
    "one serial twice in a product",
    RESTORE },
  { { TWICE("device", "x.organization, x.release, x.lot_key", " WHERE x.serial_key IS NULL") },
    "one lot twice in an organization",
    RESTORE },
  { { TWICE("custody", "x.device, x.role, x.organization, x.since", "") }, "one custody twice", RESTORE },
  { { TWICE("extension", "x.organization, x.release, x.device", " WHERE x.until IS NOT NULL") },
    "two extensions hold for one scope",
    "end all but one: kigen extension end" },
  { { "SELECT 'holding ' || min(x.release) || ' ' || min(x.organization), x.uid FROM holding x GROUP BY x.uid"
      " HAVING count(*) > 1" },
    "two holdings with one uid: their calendar events are taken for the same",
    RESTORE },
  { { TWICE("notice", "x.kind, x.plan, x.due_on, x.lead_months, x.budget_month, x.extended_eos",
            " WHERE x.plan IS NOT NULL") },
    "one notice twice",
    RESTORE },
  { { TWICE("outbox", "x.message_id", "") }, "one Message-ID twice", RESTORE },
  { { TWICE("outbox", "x.contact, x.channel, x.due_on",
            " WHERE x.state = 'pending' AND x.attempt = 0 AND x.contact IS NOT NULL") },
    "two messages wait for one contact on one day",
    RESTORE },
  { { TWICE("acknowledgement", "x.notice, x.organization, x.kind", "") }, "one acknowledgement twice", RESTORE },
  { { TWICE("presentation", "x.plan, x.organization, x.how, x.day", "") }, "one presentation twice", RESTORE },
  { { TWICE("feed", "x.token_hash", "") }, "two feeds with one token", RESTORE },
};
/* clang-format on */

static const struct {
  const CheckQuery *queries;
  gsize n;
} groups[] = {
  { plans, G_N_ELEMENTS(plans) },
  { things, G_N_ELEMENTS(things) },
  { messages, G_N_ELEMENTS(messages) },
  { keys, G_N_ELEMENTS(keys) },
};

bool check_rows(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(groups); i++)
    if (!check_queries(step, db, terms, groups[i].queries, groups[i].n, findings, error))
      return false;
  return true;
}
