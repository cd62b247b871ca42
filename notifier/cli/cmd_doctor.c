#include "db/check.h"
#include "db/holding_store.h"
#include "db/outbox_urgent.h"
#include "db/setting_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/table.h"

static const ArgOption options[] = {
  { "recount", NULL,
    "bring holdings to what the devices say, and the marks of urgent messages to what they carry, first" },
  { NULL },
};

static const char help[] = "Asks the store every question anew, whatever its own CHECKs and triggers say, "
                           "and names for each finding the "
                           "row\nand the remedy. Changes nothing, except with --recount. Exit code 1 when "
                           "something was found. kigen "
                           "check asks the\nrules about plans that are not published yet.";

/* Inside the write transaction: tells the trail, where anything was changed. */
static bool tell(Db *db, const AuditContext *context, const char *action, gint64 changed, GError **error)
{
  g_autofree char *payload = g_strdup_printf("{\"changed\":%" G_GINT64_FORMAT "}", changed);

  return changed == 0 || audit_append(db, context, action, payload, error);
}

static bool recount(Cli *cli, const Args *args, GError **error)
{
  AuditContext context = { 0 };
  gint64 holdings = 0, pairs = 0, marks = 0;
  Db *db = NULL;

  return cli_write(cli, args, &db, &context, error) && db_begin(db, error) &&
         holding_store_refresh_all(db, &context, &holdings, &pairs, error) &&
         (holdings + pairs == 0 || change_bump(db, "installed-base", error)) &&
         tell(db, &context, "holding.recount", holdings + pairs, error) &&
         outbox_urgent_recount(db, &marks, error) && tell(db, &context, "outbox.recount", marks, error) &&
         db_commit(db, error);
}

static void print_step(const CheckStep *step, guint n)
{
  TermStyle style = n == 0 ? STYLE_GREEN : STYLE_RED;

  printf("%s%-10s%s  %-10s  %s\n", term_begin(stdout, style), n == 0 ? "ok" : "not ok",
         term_end(stdout, style), step->key, step->title);
}

/* Runs every step in one read transaction; counts their findings in `counts`. */
static bool run_steps(Db *db, const CheckTerms *terms, guint *counts, GPtrArray *findings, GError **error)
{
  g_autoptr(Progress) progress = progress_new("checks");
  gsize n = 0;
  const CheckStep *steps = check_steps(&n);

  if (!db_begin_read(db, error))
    return false;
  for (gsize i = 0; i < n; i++) {
    guint before = findings->len;

    progress_update(progress, (gint64)i, (gint64)n, g_get_monotonic_time());
    if (!check_run(&steps[i], db, terms, findings, error))
      return false;
    counts[i] = findings->len - before;
  }
  db_end_read(db);
  return true;
}

static Json *finding_json(const CheckFinding *finding)
{
  return json_pack("{s:s, s:s, s:s, s:s}", "check", finding->check, "row", finding->row, "message",
                   finding->message, "remedy", finding->remedy);
}

static void print_json(Db *db, const guint *counts, const GPtrArray *findings)
{
  g_autofree char *shown = g_filename_display_name(db_path(db));
  Json *checks = json_array(), *list = json_array();
  gsize n = 0;
  const CheckStep *steps = check_steps(&n);

  for (gsize i = 0; i < n; i++)
    json_array_append_new(checks, json_pack("{s:s, s:s, s:i}", "check", steps[i].key, "title", steps[i].title,
                                            "findings", (int)counts[i]));
  for (guint i = 0; i < findings->len; i++)
    json_array_append_new(list, finding_json(findings->pdata[i]));

  g_autoptr(Json) document = json_pack("{s:s, s:o, s:o}", "store", shown, "checks", checks, "findings", list);

  cli_print_json(document);
}

static void print_text(const guint *counts, const GPtrArray *findings)
{
  gsize n = 0;
  const CheckStep *steps = check_steps(&n);

  for (gsize i = 0; i < n; i++)
    print_step(&steps[i], counts[i]);
  for (guint i = 0; i < findings->len; i++) {
    const CheckFinding *finding = findings->pdata[i];

    printf("\n%s%s%s  ", term_begin(stdout, STYLE_BOLD), finding->check, term_end(stdout, STYLE_BOLD));
    term_put(stdout, finding->row, 0);
    printf("\n  ");
    term_put(stdout, finding->message, 0);
    printf("\n  remedy: ");
    term_put(stdout, finding->remedy, 0);
    putchar('\n');
  }
  printf("\n%u %s\n", findings->len, findings->len == 1 ? "finding" : "findings");
}

static bool doctor_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) findings = check_findings_new();
  gsize n = 0;
  AuditContext context = { 0 };
  CheckTerms terms = { 0 };
  Db *db = NULL;
  bool write = args_flag(args, "recount");

  check_steps(&n);

  g_autofree guint *counts = g_new0(guint, n);

  if ((write && !recount(cli, args, error)) || !cli_context(cli, args, &context, error) ||
      !cli_policy(cli, &terms.policy, error) || !cli_store(cli, write ? DB_WRITE : DB_READ, &db, error))
    return false;
  terms.today = context.today;
  terms.now = context.now;
  db_set_interrupt(db, interrupt_watch());
  if (!run_steps(db, &terms, counts, findings, error))
    return false;
  if (cli_json(cli))
    print_json(db, counts, findings);
  else
    print_text(counts, findings);
  if (findings->len > 0)
    cli_set_exit(cli, CLI_EXIT_REFUSED);
  return true;
}

const Command cmd_doctor = {
  .name = "doctor",
  .summary = "Look the whole store over: damage, broken rules, what got stuck",
  .words = "",
  .options = { options, cli_by_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_ADMIN),
  .run = doctor_run,
};
