#include "db/contact_erased.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/suggest.h"
#include "notifier/exchange/import.h"
#include "planner/rule.h"

#include <string.h>

#define PROBLEMS_SHOWN 50

static const ArgOption options[] = {
  { "dry-run", NULL, "check everything, store nothing" },
  { "keep-going", NULL, "store the good rows, list the others" },
  { "rejects", "FILE", "with --keep-going: write the refused rows there" },
  { "encoding", "E", "utf-8 or cp932 (default: as the bytes say)" },
  { "ignore-unknown", NULL, "skip unknown columns and name them" },
  { "all-errors", NULL, "on a terminal, too, list every refused row, not only the first 50" },
  { NULL },
};

static const char help[] = "KIND: products, lifecycles, organizations, contacts, devices or custody, best in "
                           "this order; presentations,\n"
                           "who was shown a published plan on paper; relay-reports, what distributors passed "
                           "on. FILE is CSV with a header,\n"
                           "in UTF-8 or CP932, columns in any order; a row that the store knows by its "
                           "natural key is brought up to date.\n"
                           "\n"
                           "All or nothing: one refused row, and nothing is stored. Each is listed with "
                           "line, column, value and reason.\n"
                           "\n"
                           "  kigen import lifecycles plans.csv --dry-run\n"
                           "  kigen import lifecycles plans.csv --keep-going --rejects refused.csv";

/* What the callbacks of an import need. */
typedef struct {
  Progress *progress;
  Json *problems; /* all of them, or NULL: print */
  gint64 shown;
  gint64 limit;
  GHashTable *rules; /* ids seen */
} Listing;

static void on_progress(gint64 done, gint64 total, void *data)
{
  Listing *listing = data;

  progress_update(listing->progress, done / 1024, total / 1024, g_get_monotonic_time());
}

static Json *problem_json(const ImportProblem *problem)
{
  return json_pack("{s:i, s:o, s:o, s:s, s:o, s:b}", "line", (int)problem->line, "column",
                   cli_json_text(problem->column), "value", cli_json_text(problem->value), "reason",
                   problem->reason, "rule", cli_json_text(problem->rule), "warning", problem->warning);
}

static void on_problem(const ImportProblem *problem, const char *file, void *data)
{
  Listing *listing = data;
  g_autofree char *name = g_path_get_basename(file);
  g_autofree char *text = import_problem_format(problem, name);

  if (problem->rule != NULL)
    g_hash_table_add(listing->rules, g_strdup(problem->rule));
  if (listing->problems != NULL) {
    json_array_append_new(listing->problems, problem_json(problem));
    return;
  }
  if (listing->shown++ >= listing->limit)
    return;
  progress_hide(listing->progress);
  fprintf(stderr, "%s\n", text);
}

/* What stands behind the rule ids of the list, once each. */
static void explain_rules(const Listing *listing)
{
  GHashTableIter iter;
  gpointer id = NULL;

  if (listing->shown > listing->limit)
    fprintf(stderr, "… and %" G_GINT64_FORMAT " more: --all-errors lists them\n",
            listing->shown - listing->limit);
  g_hash_table_iter_init(&iter, listing->rules);
  while (g_hash_table_iter_next(&iter, &id, NULL)) {
    const Rule *rule = rule_find(id);

    if (rule != NULL)
      fprintf(stderr, "%s: %s\n  %s\n", rule->id, rule->text_en, rule->text_ja);
  }
}

static void print_report_json(const ImportReport *report, Json *problems)
{
  Json *ignored = json_array();

  for (guint i = 0; i < report->ignored_columns->len; i++)
    json_array_append_new(ignored, json_string(report->ignored_columns->pdata[i]));

  g_autoptr(Json) document =
      json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:O}", "kind",
                import_kind_key(report->kind), "file", report->file, "encoding", report->encoding, "sha256",
                report->sha256, "dry_run", report->dry_run, "stored", report->stored, "rows",
                (json_int_t)report->rows, "added", (json_int_t)report->added, "changed",
                (json_int_t)report->changed, "unchanged", (json_int_t)report->unchanged, "refused",
                (json_int_t)report->refused, "warnings", (json_int_t)report->warnings, "holdings_changed",
                (json_int_t)report->holdings_changed, "ignored_columns", ignored, "problems", problems);

  cli_print_json(document);
}

static void print_report(const ImportReport *report)
{
  g_autofree char *summary = import_report_summary(report);

  if (report->encoding_guessed)
    cli_warn("%s is read as %s: its bytes are not UTF-8 (--encoding says it beforehand)", report->file,
             report->encoding);
  for (guint i = 0; i < report->ignored_columns->len; i++)
    cli_warn("%s: column \"%s\" is skipped", report->file, (const char *)report->ignored_columns->pdata[i]);
  if (report->refused > 0 && !report->stored && !report->dry_run)
    fprintf(stderr, "%skigen:%s %s\n", term_begin(stderr, STYLE_RED), term_end(stderr, STYLE_RED), summary);
  else
    printf("%s\n", summary);
}

static bool read_options(const Args *args, ImportKind *ret_kind, ImportOptions *ret_options, GError **error)
{
  const char *encoding = args_text(args, "encoding");
  const char *word = args_word(args, 0);

  if (!import_kind_parse(word, ret_kind)) {
    const char *known[IMPORT_KIND_COUNT + 1] = { NULL };

    for (ImportKind kind = 0; kind < IMPORT_KIND_COUNT; kind++)
      known[kind] = import_kind_key(kind);

    g_autofree char *hint = suggest_hint(word, known);

    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "nothing to import is called %s: %s", word, hint);
    return false;
  }
  if (encoding != NULL && !text_encoding_parse(encoding, &ret_options->encoding)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--encoding %s: expected utf-8 or cp932", encoding);
    return false;
  }
  if (args_text(args, "rejects") != NULL && !args_flag(args, "keep-going")) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
                "--rejects needs --keep-going: without it nothing is stored when a row is refused");
    return false;
  }
  ret_options->dry_run = args_flag(args, "dry-run");
  ret_options->keep_going = args_flag(args, "keep-going");
  ret_options->ignore_unknown = args_flag(args, "ignore-unknown");
  ret_options->rejects = args_text(args, "rejects");
  return true;
}

static bool import_run_with(Cli *cli, Db *db, ImportKind kind, const char *path, ImportOptions *import,
                            bool all_errors, GError **error)
{
  g_autoptr(Progress) progress = progress_new("KiB");
  g_autoptr(GHashTable) rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(Json) problems = cli_json(cli) ? json_array() : NULL;
  g_autoptr(ImportReport) report = NULL;
  Listing listing = { .progress = progress,
                      .problems = problems,
                      .limit = all_errors || !term_is_terminal(stderr) ? G_MAXINT64 : PROBLEMS_SHOWN,
                      .rules = rules };

  import->on_progress = on_progress;
  import->on_problem = on_problem;
  import->data = &listing;
  import->interrupted = interrupt_watch();
  if (!import_run(db, kind, path, import, &report, error))
    return false;
  progress_hide(progress);
  cli_set_exit(cli, report->refused > 0 ? CLI_EXIT_REFUSED : CLI_EXIT_DONE);
  if (problems != NULL) {
    print_report_json(report, problems);
    return true;
  }
  explain_rules(&listing);
  print_report(report);
  return true;
}

/* What knows erased people again, where there are any. A notice must find somebody: without the key contacts
 * are brought in all the same. */
static bool load_key(Db *db, ImportKind kind, LinkKey **ret_key, GError **error)
{
  g_autofree char *path = link_key_path(db_path(db));
  g_autoptr(GError) inner = NULL;
  gint64 erased = 0;

  if (kind != IMPORT_CONTACTS)
    return true;
  if (!contact_erased_count(db, &erased, error))
    return false;
  if (erased > 0 && !link_key_load(path, ret_key, &inner))
    cli_warn("whether the file brings back one of %" G_GINT64_FORMAT " erased %s was not checked: %s", erased,
             erased == 1 ? "person" : "people", inner->message);
  return true;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(LinkKey) key = NULL;
  ImportOptions import = { 0 };
  ImportKind kind = IMPORT_PRODUCTS;
  Db *db = NULL;

  if (!read_options(args, &kind, &import, error) || !cli_write(cli, args, &db, &import.audit, error) ||
      !load_key(db, kind, &key, error))
    return false;
  import.link_key = key;
  return import_run_with(cli, db, kind, args_word(args, 1), &import, args_flag(args, "all-errors"), error);
}

const Command cmd_import = {
  .name = "import",
  .summary = "Bring products, plans, organizations, contacts, devices or custody in from CSV",
  .words = "KIND FILE",
  .min_words = 2,
  .max_words = 2,
  .options = { options, cli_by_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = run,
};
