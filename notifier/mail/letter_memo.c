#include "notifier/mail/letter_memo.h"

struct LetterMemo {
  GHashTable *parts;     /* key → json_t */
  FeedBlockMemo *blocks; /* keyed by all they are made from: these stay */
};

static void part_unref(gpointer data)
{
  json_decref(data);
}

LetterMemo *letter_memo_new(void)
{
  LetterMemo *memo = g_new0(LetterMemo, 1);

  memo->parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, part_unref);
  memo->blocks = feed_block_memo_new();
  return memo;
}

void letter_memo_free(LetterMemo *memo)
{
  if (memo == NULL)
    return;
  g_hash_table_unref(memo->parts);
  feed_block_memo_free(memo->blocks);
  g_free(memo);
}

void letter_memo_begin(LetterMemo *memo)
{
  g_hash_table_remove_all(memo->parts);
}

json_t *letter_memo_get(const LetterMemo *memo, const char *key)
{
  return memo != NULL ? json_incref(g_hash_table_lookup(memo->parts, key)) : NULL;
}

void letter_memo_keep(LetterMemo *memo, const char *key, json_t *part)
{
  if (memo != NULL)
    g_hash_table_replace(memo->parts, g_strdup(key), json_incref(part));
}

FeedBlockMemo *letter_memo_blocks(LetterMemo *memo)
{
  return memo != NULL ? memo->blocks : NULL;
}
