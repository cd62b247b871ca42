#include "notifier/cli/args.h"

#include "notifier/cli/cli_error.h"
#include "notifier/cli/suggest.h"

#include <string.h>

struct Args {
  GHashTable *values; /* option name → GPtrArray of its values ("" for a flag), as they were given */
  GPtrArray *words;
};

Args *args_new(void)
{
  Args *args = g_new0(Args, 1);

  args->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  args->words = g_ptr_array_new();
  return args;
}

void args_free(Args *args)
{
  if (args == NULL)
    return;
  g_hash_table_unref(args->values);
  g_ptr_array_unref(args->words);
  g_free(args);
}

static const ArgOption *find_option(const ArgOption *const options[], const char *name, size_t length)
{
  for (guint t = 0; options[t] != NULL; t++)
    for (const ArgOption *row = options[t]; row->name != NULL; row++)
      if (strlen(row->name) == length && memcmp(row->name, name, length) == 0)
        return row;
  return NULL;
}

static bool refuse_unknown(const ArgOption *const options[], const char *text, GError **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_autofree char *given = g_strndup(text, strcspn(text, "="));
  const char *bare = given + strspn(given, "-");

  for (guint t = 0; options[t] != NULL; t++)
    for (const ArgOption *row = options[t]; row->name != NULL; row++)
      g_strv_builder_add(builder, row->name);

  g_auto(GStrv) names = g_strv_builder_end(builder);
  const char *nearest = suggest_nearest(bare, (const char *const *)names);

  if (nearest != NULL)
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "unknown option %s: did you mean --%s?", given, nearest);
  else
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "unknown option %s", given);
  return false;
}

static void add_value(Args *args, const char *name, const char *value)
{
  GPtrArray *values = g_hash_table_lookup(args->values, name);

  if (values == NULL) {
    values = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_insert(args->values, g_strdup(name), values);
  }
  g_ptr_array_add(values, g_strdup(value));
}

/* Reads the option at argv[*position] and its value. */
static bool read_option(Args *args, const ArgOption *const options[], char **argv, int *position,
                        GError **error)
{
  const char *text = argv[*position];
  const char *name = strcmp(text, "-h") == 0 ? "help" : text + 2;
  size_t length = strcspn(name, "=");
  const ArgOption *row =
      g_str_has_prefix(text, "--") || strcmp(text, "-h") == 0 ? find_option(options, name, length) : NULL;
  const char *value = name[length] == '=' ? name + length + 1 : NULL;

  if (row == NULL)
    return refuse_unknown(options, text, error);
  if (row->value == NULL && value != NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--%s takes no value", row->name);
    return false;
  }
  if (row->value != NULL && value == NULL)
    value = argv[++*position];
  if (row->value != NULL && value == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--%s needs a value: --%s %s", row->name, row->name,
                row->value);
    return false;
  }
  add_value(args, row->name, value != NULL ? value : "");
  ++*position;
  return true;
}

bool args_read(Args *args, const ArgOption *const options[], bool one_word, char **argv, int *position,
               GError **error)
{
  bool only_words = false;

  while (argv[*position] != NULL) {
    const char *text = argv[*position];
    bool is_option = !only_words && text[0] == '-' && text[1] != '\0';

    if (is_option && strcmp(text, "--") == 0) {
      only_words = true;
      ++*position;
    } else if (is_option) {
      if (!read_option(args, options, argv, position, error))
        return false;
    } else if (one_word) {
      return true;
    } else {
      g_ptr_array_add(args->words, argv[(*position)++]);
    }
  }
  return true;
}

bool args_flag(const Args *args, const char *name)
{
  return g_hash_table_contains(args->values, name);
}

const char *args_text(const Args *args, const char *name)
{
  const GPtrArray *values = g_hash_table_lookup(args->values, name);

  return values != NULL ? values->pdata[values->len - 1] : NULL;
}

const char *args_text_at(const Args *args, const char *name, guint i)
{
  const GPtrArray *values = g_hash_table_lookup(args->values, name);

  return values != NULL && i < values->len ? values->pdata[i] : NULL;
}

guint args_count(const Args *args)
{
  return args->words->len;
}

const char *args_word(const Args *args, guint i)
{
  return i < args->words->len ? args->words->pdata[i] : NULL;
}
