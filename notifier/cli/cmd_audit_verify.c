#include "db/audit_check.h"
#include "db/audit_export.h"
#include "db/audit_key.h"
#include "db/audit_log.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/progress.h"

static const ArgOption options[] = {
  { "head", "FILE|TEXT", "a signed head kept elsewhere: the trail must reach it" },
  { "export", "FILE", "check a file that kigen audit export wrote, without the store" },
  { "public-key", "FILE|TEXT", "the key that signed the head (default: the store's, or the export's)" },
  { NULL },
};

static const char help[] = "Names the first row that does not hold and in what way: edited, removed, "
                           "inserted, reordered; against a head\n"
                           "also truncated and rewritten. Exit code 1 then. Without a head the trail is "
                           "checked in itself only: who can\n"
                           "write the store can cut off its end, or make all of it anew.";

/* What is verified, and against what. */
typedef struct {
  bool has_head;
  AuditHead head;
  bool has_key;
  SignKeyPublic key;
  bool own_key; /* an export's own: it says nothing about who made it */
} Terms;

/* The content of a file of that name, else the text itself. */
static bool read_text(const char *given, char **ret_text, GError **error)
{
  if (g_file_test(given, G_FILE_TEST_IS_REGULAR))
    return g_file_get_contents(given, ret_text, NULL, error);
  *ret_text = g_strdup(given);
  return true;
}

static bool read_head(const Args *args, Terms *terms, GError **error)
{
  const char *given = args_text(args, "head");
  g_autofree char *text = NULL;

  if (given == NULL)
    return true;
  if (!read_text(given, &text, error))
    return false;
  if (!audit_head_parse(text, &terms->head, error)) {
    g_prefix_error(error, "--head %.60s: ", given);
    return false;
  }
  terms->has_head = true;
  return true;
}

static bool read_public_key(const Args *args, Terms *terms, GError **error)
{
  const char *given = args_text(args, "public-key");
  g_autofree char *text = NULL;

  terms->has_key = given != NULL;
  return given == NULL || (read_text(given, &text, error) && sign_key_public_parse(text, &terms->key, error));
}

/* A head needs a key, unless the export brings its own. */
static bool find_store_key(Cli *cli, Terms *terms, GError **error)
{
  g_autofree char *path = sign_key_path(cli_store_path(cli));
  g_autoptr(SignKey) key = NULL;

  if (terms->has_key || !terms->has_head)
    return true;
  if (!sign_key_load(path, &key, error)) {
    g_prefix_error(error, "a head is checked with the store's key, or with --public-key: ");
    return false;
  }
  terms->key = sign_key_public(key);
  terms->has_key = true;
  return true;
}

static bool check_store(Cli *cli, Terms *terms, const DbProgress *progress, AuditResult *ret_result,
                        GError **error)
{
  Db *db = NULL;

  if (!find_store_key(cli, terms, error) ||
      (terms->has_head && !audit_head_verify(&terms->head, &terms->key, error)) ||
      !cli_store(cli, DB_READ, &db, error))
    return false;
  db_set_interrupt(db, interrupt_watch());
  return audit_check_store(db, terms->has_head ? &terms->head.point : NULL, progress, ret_result, error);
}

static void say_cut(AuditResult *result)
{
  result->verdict = AUDIT_TRUNCATED;
  result->id = result->seen = result->rows + 1;
  result->detail = g_strdup("the export's last line, its signed head, is missing: it was cut off");
}

/* Against the export's own head, then against the one that was given. */
static bool check_heads(AuditExport *export, Terms *terms, const DbProgress *progress, AuditResult *result,
                        GError **error)
{
  AuditHead own;
  SignKeyPublic key;

  if (!audit_export_head(export, &own, &key)) {
    say_cut(result);
    return true;
  }
  if (!terms->has_key) {
    terms->key = key;
    terms->own_key = true;
  }
  if (!audit_head_verify(&own, &terms->key, error) ||
      (terms->has_head && !audit_head_verify(&terms->head, &terms->key, error)))
    return false;

  const AuditPoint *points[] = { &own.point, terms->has_head ? &terms->head.point : NULL };

  for (gsize i = 0; i < G_N_ELEMENTS(points) && points[i] != NULL && result->verdict == AUDIT_HOLDS; i++) {
    audit_result_clear(result);
    if (!audit_check(audit_export_reader(export), points[i], progress, result, error))
      return false;
  }
  if (!terms->has_head)
    terms->head = own;
  terms->has_head = true;
  return true;
}

static bool check_export(const char *path, Terms *terms, const DbProgress *progress, AuditResult *ret_result,
                         GError **error)
{
  g_autoptr(AuditExport) export = NULL;
  g_auto(AuditResult) result = { 0 };

  if (!audit_export_open(path, &export, error) ||
      !audit_check(audit_export_reader(export), NULL, progress, &result, error) ||
      (result.verdict == AUDIT_HOLDS && !check_heads(export, terms, progress, &result, error)))
    return false;
  *ret_result = result;
  result.detail = NULL;
  return true;
}

static void print_json(const AuditResult *result, const Terms *terms)
{
  bool holds = result->verdict == AUDIT_HOLDS;
  g_autofree char *line = terms->has_head ? audit_head_format(&terms->head) : NULL;
  g_autoptr(Json) document =
      json_pack("{s:b, s:s, s:o, s:o, s:I, s:I, s:o, s:b}", "holds", holds, "verdict",
                audit_verdict_key(result->verdict), "row", holds ? json_null() : json_integer(result->id),
                "detail", cli_json_text(result->detail), "rows", (json_int_t)result->rows, "erased",
                (json_int_t)result->erased, "head", cli_json_text(line), "own_key", terms->own_key);

  cli_print_json(document);
}

static void print_text(const AuditResult *result, const Terms *terms)
{
  if (result->verdict != AUDIT_HOLDS) {
    printf("%s%s%s: %s\n", term_begin(stdout, STYLE_RED), audit_verdict_key(result->verdict),
           term_end(stdout, STYLE_RED), result->detail);
    printf(
        "The trail no longer proves what follows. Keep the store as it is, find out who could write it, and "
        "compare it\nwith a backup (kigen restore into another store) or an export.\n");
    return;
  }
  printf("%sholds%s: %" G_GINT64_FORMAT " rows, %" G_GINT64_FORMAT " of them with an erased payload\n",
         term_begin(stdout, STYLE_GREEN), term_end(stdout, STYLE_GREEN), result->rows, result->erased);
  if (terms->has_head)
    printf("and reaches row %" G_GINT64_FORMAT " as it was signed with key %s at %s\n", terms->head.point.id,
           terms->head.key, terms->head.at);
  else
    printf("in itself: a cut end or a trail made anew shows only against a head (--head)\n");
}

static bool verify_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(Progress) progress = progress_new("rows");
  DbProgress ticks = progress_for_db(progress);
  const char *path = args_text(args, "export");
  g_auto(AuditResult) result = { 0 };
  Terms terms = { 0 };

  if (!read_head(args, &terms, error) || !read_public_key(args, &terms, error) ||
      (path != NULL ? !check_export(path, &terms, &ticks, &result, error)
                    : !check_store(cli, &terms, &ticks, &result, error)))
    return false;
  progress_hide(progress);
  if (cli_json(cli))
    print_json(&result, &terms);
  else
    print_text(&result, &terms);
  if (terms.own_key)
    cli_warn("the head was checked with the public key in the export itself, which whoever forged it could "
             "have put "
             "there: give the maker's with --public-key");
  if (result.verdict != AUDIT_HOLDS)
    cli_set_exit(cli, CLI_EXIT_REFUSED);
  return true;
}

const Command cmd_audit_verify = {
  .name = "verify",
  .summary = "Check that nothing in the trail was changed; names the first row that was",
  .words = "",
  .options = { options },
  .help = help,
  .run = verify_run,
};
