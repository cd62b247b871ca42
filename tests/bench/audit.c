/* How fast `audit verify` walks the trail, beside what the hashes alone take and what reading the rows alone
 * takes: one process, processor time, the three ways alternating, medians. Usage: bench_audit [ROWS] */

#include "db/audit.h"
#include "db/audit_check.h"
#include "db/audit_log.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROWS 1000000
#define ROUNDS 5
#define SAMPLE 1000

static Db *db;
static gint64 rows = ROWS;

static void ok(bool done, GError *error)
{
  if (!done) {
    fprintf(stderr, "bench_audit: %s\n", error != NULL ? error->message : "?");
    exit(1);
  }
}

/* What a publication leaves in the trail, about 600 bytes. */
static char *payload(gint64 i)
{
  return g_strdup_printf(
      "{\"what\":\"SCT-6000/"
      "%d.%d\",\"market\":\"*\",\"revision\":%d,\"to\":{\"general_availability\":\"2020-04-01\","
      "\"end_of_sale\":\"2027-03-31\",\"security_support_end\":null,\"eol\":\"2031-03-31\",\"eos\":\"2036-03-"
      "31\","
      "\"parts_until\":null,\"repair_until\":null,\"announced_on\":null,\"presented_on\":null,"
      "\"limited_support_doc\":\"LS-2026-%05d\",\"limited_support_duties\":"
      "\"院内ネットワークから分離すること\","
      "\"limited_support_duties_en\":null,\"limited_support_lines\":\"security-updates:2036-03-31;parts:2033-"
      "03-31\"},"
      "\"why\":\"部品の供給終了\",\"notice\":\"plan-change\",\"organizations\":120,\"messages\":120}",
      (int)(i / 100 % 100), (int)(i % 100), (int)(i % 9 + 1), (int)(i % 100000));
}

static void fill(const char *path)
{
  AuditContext context = { "早瀬", day_from_ymd(2026, 12, 1), "2026-12-01T01:02:03Z" };
  GError *error = NULL;

  ok(db_open(path, DB_CREATE, &db, &error), error);
  ok(db_begin(db, &error), error);
  for (gint64 i = 0; i < rows; i++) {
    g_autofree char *text = payload(i);

    ok(audit_append(db, &context, "plan.publish", text, &error), error);
  }
  ok(db_commit(db, &error), error);
}

static void verify(void)
{
  g_auto(AuditResult) result = { 0 };
  GError *error = NULL;

  ok(audit_check_store(db, NULL, NULL, &result, &error), error);
  ok(result.verdict == AUDIT_HOLDS && result.rows == rows, NULL);
}

static void read_alone(void)
{
  AuditReader *reader = audit_log_reader_new(db);
  GError *error = NULL;
  AuditRow row;
  gint64 n = -1;
  bool more = true;

  for (; more; n++)
    ok(reader->next(reader, &row, &more, &error), error);
  ok(n == rows, NULL);
  audit_log_reader_free(reader);
}

/* The same hashes over payloads that lie in memory. */
static void hash_alone(void)
{
  static guint8 digest[AUDIT_HASH_SIZE], hash[AUDIT_HASH_SIZE], salt[AUDIT_SALT_SIZE];
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  AuditRow row = { .at = audit_field_text("2026-12-01T01:02:03Z"),
                   .day = audit_field_text("2026-12-01"),
                   .action = audit_field_text("plan.publish"),
                   .digest = { digest, sizeof digest } };

  for (gint64 i = 0; i < SAMPLE; i++) {
    g_autofree char *text = payload(i);

    g_ptr_array_add(texts, g_strconcat("{\"actor\":\"早瀬\",", text + 1, NULL));
  }
  for (gint64 i = 0; i < rows; i++) {
    audit_chain_digest((AuditField){ salt, sizeof salt }, audit_field_text(texts->pdata[i % SAMPLE]), digest);
    audit_chain_hash(hash, i + 1, &row, hash);
  }
}

static double seconds_of(void (*way)(void))
{
  clock_t begin = clock();

  way();
  return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run)(void);
  } ways[] = { { "hashes alone", hash_alone }, { "reading alone", read_alone }, { "audit verify", verify } };
  g_autofree char *folder = g_dir_make_tmp("kigen-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "kigen.db", NULL);
  double seconds[G_N_ELEMENTS(ways)][ROUNDS];

  if (argc > 1)
    rows = g_ascii_strtoll(argv[1], NULL, 10);
  fill(path);
  for (int round = 0; round < ROUNDS; round++)
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++)
      seconds[i][round] = seconds_of(ways[i].run);
  for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
    qsort(seconds[i], ROUNDS, sizeof(double), by_size);
    printf("%-14s %6.3f s  %9.0f rows/s  %.2f of the hashes' rate\n", ways[i].name, seconds[i][ROUNDS / 2],
           (double)rows / seconds[i][ROUNDS / 2], seconds[0][ROUNDS / 2] / seconds[i][ROUNDS / 2]);
  }
  db_discard(db);
  g_rmdir(folder);
  return 0;
}
