#include "notifier/mail/letter_memo.h"

struct LetterMemo {
  GHashTable *parts;     /* key → ContextPart */
  FeedBlockMemo *blocks; /* keyed by all they are made from: these stay */
  HeldPlans *plans;      /* looks by itself whether the store has changed */
};

LetterMemo *letter_memo_new(void)
{
  LetterMemo *memo = g_new0(LetterMemo, 1);

  memo->parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)context_part_unref);
  memo->blocks = feed_block_memo_new();
  memo->plans = held_plans_new();
  return memo;
}

void letter_memo_free(LetterMemo *memo)
{
  if (memo == NULL)
    return;
  g_hash_table_unref(memo->parts);
  feed_block_memo_free(memo->blocks);
  held_plans_free(memo->plans);
  g_free(memo);
}

void letter_memo_begin(LetterMemo *memo)
{
  g_hash_table_remove_all(memo->parts);
}

bool letter_memo_give(LetterMemo *memo, const char *key, json_t *object, GPtrArray *parts)
{
  ContextPart *part = memo != NULL ? g_hash_table_lookup(memo->parts, key) : NULL;

  if (part == NULL)
    return false;
  context_part_give(object, context_part_ref(part), parts);
  return true;
}

void letter_memo_give_new(LetterMemo *memo, const char *key, json_t *json, json_t *object, GPtrArray *parts)
{
  ContextPart *part = context_part_new(json);

  if (memo != NULL)
    g_hash_table_replace(memo->parts, g_strdup(key), context_part_ref(part));
  context_part_give(object, part, parts);
}

FeedBlockMemo *letter_memo_blocks(LetterMemo *memo)
{
  return memo != NULL ? memo->blocks : NULL;
}

HeldPlans *letter_memo_plans(LetterMemo *memo)
{
  return memo != NULL ? memo->plans : NULL;
}
