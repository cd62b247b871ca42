#include "db/backup_file.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/dossier_work.h"
#include "notifier/cli/progress.h"
#include "notifier/mail/dossier.h"
#include "notifier/mail/dossier_check.h"
#include "notifier/mail/dossier_files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define MADE "made.tar" /* the tar file, until it gets its name */

static const ArgOption options[] = {
  { "output", "PATH", "where it goes: FILE.tar, or a folder" },
  { "revision", "N", "only that revision" },
  { "verify", NULL,
    "make every message again, and compare; of a dossier's file or folder: without the store" },
  { NULL },
};

static const char help[] =
    "Proof of notice: one archive with, for every recipient, what was sent and when, the relay's answers, "
    "bounces,\n"
    "confirmations, what people did with it, who approved it, the SHA-256 of its bytes and all that it is "
    "made of, and\n"
    "the signed audit trail (payloads of what concerns the subject alone). Nobody needs the store to verify "
    "it; the same\n"
    "store gives the same bytes. It holds names, addresses and the links of every recipient: keep it so.\n"
    "\n"
    "  kigen outbox dossier CT-100/2.1 --output CT-100-2.1.tar\n"
    "  kigen outbox dossier --verify CT-100-2.1.tar\n"
    "\n"
    "Exit code 1 when a message made again has other bytes than went out. What another version of kigen "
    "rendered is not\n"
    "comparable, and of whom was erased the bytes cannot be made again; both are said, and neither is a "
    "difference.";

static bool fail(const char *path, GError **error)
{
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", path, g_strerror(errno));
  return false;
}

static bool is_tar(const char *path)
{
  return g_str_has_suffix(path, ".tar");
}

/* Its name comes last: nobody ever sees half of one. */
static bool publish_tar(const DossierWork *work, const char *as_of, const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  g_autofree char *made = g_build_filename(work->folder, MADE, NULL);

  return dossier_files_pack(work->folder, as_of, made, error) &&
         backup_file_publish(made, absolute, false, error);
}

static bool publish(DossierWork *work, const char *as_of, const char *path, GError **error)
{
  if (is_tar(path))
    return publish_tar(work, as_of, path, error);
  if (chmod(work->folder, 0700) != 0 || g_rename(work->folder, path) != 0)
    return fail(path, error);
  g_clear_pointer(&work->folder, g_free);
  return true;
}

static void tell(gint64 id, DossierVerdict verdict, const char *detail, gpointer data)
{
  json_array_append_new(data, json_pack("{s:I, s:s, s:o}", "id", (json_int_t)id, "verdict",
                                        dossier_verdict_key(verdict), "detail", cli_json_text(detail)));
}

static Json *counts_json(const DossierResult *result)
{
  Json *counts = json_object();

  for (int i = 0; i < DOSSIER_VERDICT_COUNT; i++)
    json_object_set_new(counts, dossier_verdict_key((DossierVerdict)i), json_integer(result->count[i]));
  return counts;
}

static void print_told(const Json *told)
{
  gsize i;
  json_t *row;

  json_array_foreach(told, i, row)
  {
    const char *detail = json_string_value(json_object_get(row, "detail"));

    printf("message %" JSON_INTEGER_FORMAT ": %s%s%s\n", json_integer_value(json_object_get(row, "id")),
           json_string_value(json_object_get(row, "verdict")), detail != NULL ? ": " : "",
           detail != NULL ? detail : "");
  }
}

static void print_result(const DossierResult *result)
{
  const char *comma = "";

  printf("%s as of %s, signed with key %s: ", result->subject, result->as_of, result->key);
  for (int i = 0; i < DOSSIER_VERDICT_COUNT; i++) {
    if (result->count[i] == 0 && i != DOSSIER_SAME)
      continue;
    printf("%s%" G_GINT64_FORMAT " %s", comma, result->count[i], dossier_verdict_key((DossierVerdict)i));
    comma = ", ";
  }
  printf("\n");
}

/* Checks the dossier in `folder` and shows what came out, and `path` where it was written to one. */
static bool check(Cli *cli, const char *folder, const char *path, GError **error)
{
  g_auto(DossierResult) result = { 0 };
  g_autoptr(Json) told = json_array();

  if (!dossier_check(folder, tell, told, &result, error))
    return false;
  if (result.count[DOSSIER_DIFFERS] > 0)
    cli_set_exit(cli, CLI_EXIT_REFUSED);
  if (!cli_json(cli)) {
    print_told(told);
    print_result(&result);
    return true;
  }

  g_autoptr(Json) document =
      json_pack("{s:s, s:s, s:s, s:o, s:O, s:o}", "subject", result.subject, "as_of", result.as_of, "key",
                result.key, "messages", counts_json(&result), "not_same", told, "file", cli_json_text(path));

  cli_print_json(document);
  return true;
}

static bool verify_archive(Cli *cli, const char *path, GError **error)
{
  g_auto(DossierWork) work = { 0 };

  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return check(cli, path, NULL, error);
  return dossier_work_make(NULL, &work, error) && dossier_files_unpack(path, work.folder, error) &&
         check(cli, work.folder, NULL, error);
}

static bool read_revision(const Args *args, int *ret_revision, GError **error)
{
  const char *text = args_text(args, "revision");
  gint64 revision = 0;

  if (text != NULL && !g_ascii_string_to_signed(text, 10, 1, G_MAXINT, &revision, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--revision %s: expected a number above 0", text);
    return false;
  }
  *ret_revision = (int)revision;
  return true;
}

/* The link key; without it links and codes cannot be put in. */
static LinkKey *load_link_key(Cli *cli)
{
  g_autofree char *path = link_key_path(cli_store_path(cli));
  g_autoptr(GError) error = NULL;
  LinkKey *key = NULL;

  if (!link_key_load(path, &key, &error))
    cli_warn("letters with an acknowledgement link cannot be made again from it: %s", error->message);
  return key;
}

static bool write_all(Cli *cli, const Args *args, const DossierWork *work, DossierSubject **ret_subject,
                      GError **error)
{
  g_autofree char *sign_path = sign_key_path(cli_store_path(cli));
  g_autoptr(Progress) progress = progress_new("messages");
  DbProgress tick = progress_for_db(progress);
  g_autoptr(TemplateSet) templates = NULL;
  g_autoptr(LinkKey) link_key = NULL;
  g_autoptr(SignKey) sign_key = NULL;
  int revision = 0;
  Db *db = NULL;

  if (!read_revision(args, &revision, error) || !cli_store(cli, DB_READ, &db, error) ||
      !template_set_load(&templates, error) || !sign_key_load(sign_path, &sign_key, error))
    return false;
  link_key = load_link_key(cli);

  DossierTerms terms = { sign_key, link_key, templates, &tick };

  if (!db_begin_read(db, error))
    return false;

  bool done = dossier_store_find(db, args_word(args, 0), revision, ret_subject, error) &&
              dossier_write(db, *ret_subject, &terms, work->folder, error);

  db_end_read(db);
  return done;
}

static void show(Cli *cli, const DossierSubject *subject, const char *path)
{
  if (cli_json(cli)) {
    g_autoptr(Json) document =
        json_pack("{s:s, s:s, s:I, s:s}", "subject", subject->name, "as_of", subject->as_of, "recipients",
                  (json_int_t)subject->messages->len, "file", path);

    cli_print_json(document);
    return;
  }
  printf("%u %s of %s as of %s\n%s\nNext: kigen outbox dossier --verify %s\n", subject->messages->len,
         subject->messages->len == 1 ? "message" : "messages", subject->name, subject->as_of, path, path);
}

static bool make(Cli *cli, const Args *args, GError **error)
{
  const char *path = args_text(args, "output");
  g_autoptr(DossierSubject) subject = NULL;
  g_auto(DossierWork) work = { 0 };

  if (path != NULL && g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s exists already: name another file", path);
    return false;
  }
  if (!dossier_work_make(path, &work, error) || !write_all(cli, args, &work, &subject, error) ||
      (args_flag(args, "verify") && !check(cli, work.folder, path, error)) ||
      (path != NULL && !publish(&work, subject->as_of, path, error)))
    return false;
  if (!args_flag(args, "verify"))
    show(cli, subject, path);
  return true;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  const char *word = args_word(args, 0);

  if (args_flag(args, "verify") && args_text(args, "output") == NULL && g_file_test(word, G_FILE_TEST_EXISTS))
    return verify_archive(cli, word, error);
  if (args_text(args, "output") != NULL || args_flag(args, "verify"))
    return make(cli, args, error);
  g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
                      "where does it go? Say --output FILE.tar, or --verify");
  return false;
}

const Command cmd_outbox_dossier = {
  .name = "dossier",
  .summary = "Proof of notice, as an archive that stands by itself",
  .words = "PRODUCT/RELEASE|ADVISORY|ARCHIVE",
  .min_words = 1,
  .max_words = 1,
  .options = { options },
  .help = help,
  .run = run,
};
