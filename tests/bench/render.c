/* How long the letters of a store take from the row to the bytes, on one thread: bench_render STORE
 * [LETTERS]. Prints µs of the processor a letter, and their size. Nothing is written: the leases are rolled
 * back. */

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "db/maker_store.h"
#include "notifier/mail/deliver_render.h"

#define ROUND 64 /* letters that are rendered from one state of the store, as a manager leases them */

static const AuditContext context = { "bench", 0, "2031-04-01T00:00:00Z" };

static DeliverStyle *style_of(Db *db, const LinkKey *key, const TemplateSet *templates, Day today)
{
  g_autoptr(GHashTable) maker = NULL;
  g_autoptr(GError) error = NULL;

  if (!maker_store_load(db, &maker, &error))
    g_error("%s", error->message);

  DeliverStyleOptions options = { .today = today,
                                  .from_address = "notice@maker.example",
                                  .return_path = "notice@maker.example",
                                  .verp = true,
                                  .base_url = "https://window.maker.example",
                                  .key = key,
                                  .uid_domain = "maker.example",
                                  .audit_head = "kigen-head 1 5 2031-04-01T00:00:00Z",
                                  .maker = maker,
                                  .templates = templates };

  return deliver_style_new(&options);
}

typedef struct {
  Db *db;
  DeliverStyle *style;
  GPtrArray *items;
  gsize size; /* octets of all of them */
} Work;

/* In a thread of its own, as in the service: its memory comes from another arena than main's. */
static gpointer render_all(gpointer data)
{
  Work *work = data;
  g_autoptr(LetterMemo) memo = letter_memo_new();

  for (guint i = 0; i < work->items->len; i++) {
    g_autoptr(GError) error = NULL;
    DeliverItem *item = work->items->pdata[i];

    if (i % ROUND == 0)
      letter_memo_begin(memo);
    if (!deliver_render(work->db, work->style, memo, context.now, item, &error))
      g_error("%s", error->message);
    g_assert(item->bytes != NULL);
    work->size += g_bytes_get_size(item->bytes);
    g_clear_pointer(&item->bytes, g_bytes_unref); /* as a sender that keeps up takes them */
  }
  return NULL;
}

static GPtrArray *lease(Db *db, Day today, guint letters)
{
  AuditContext of_day = context;
  g_autoptr(GPtrArray) leases = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify)deliver_item_free);

  of_day.today = today;
  if (!db_begin(db, &error) || !outbox_lease_take(db, &of_day, "bench", "mail", letters, &leases, &error))
    g_error("%s", error->message);
  for (guint i = 0; i < leases->len; i++)
    g_ptr_array_add(items, deliver_item_new(leases->pdata[i]));
  g_ptr_array_set_free_func(leases, NULL);
  return items;
}

int main(int argc, char **argv)
{
  guint letters = argc == 3 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 5000;
  Day today = day_from_ymd(2031, 4, 1);

  if (argc < 2 || argc > 3 || letters == 0) {
    fprintf(stderr, "usage: bench_render STORE [LETTERS]\n");
    return 2;
  }

  g_autoptr(GError) error = NULL;
  g_autoptr(Db) db = NULL;
  g_autofree char *key_path = link_key_path(argv[1]);
  g_autoptr(LinkKey) key = NULL;
  g_autoptr(TemplateSet) templates = NULL;

  if (!db_open(argv[1], DB_WRITE, &db, &error) || !link_key_load(key_path, &key, &error) ||
      !template_set_load(&templates, &error))
    g_error("%s", error->message);

  g_autoptr(DeliverStyle) style = style_of(db, key, templates, today);
  g_autoptr(GPtrArray) items = lease(db, today, letters);
  mallopt(M_TRIM_THRESHOLD,
          64 << 20); /* in the service the mails under way keep the heap from shrinking after each */

  clock_t start = clock();
  Work work = { db, style, items, 0 };

  g_thread_join(g_thread_new("render", render_all, &work));

  if (items->len == 0)
    g_error("%s: no message is due", argv[1]);
  printf("%u letters, %.1f µs each, %zu octets each\n", items->len,
         (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC / items->len, work.size / items->len);
  db_rollback(db);
  return 0;
}
