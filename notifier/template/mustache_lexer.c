#include "notifier/template/mustache_lexer.h"

#include "notifier/template/mustache.h"

#include <string.h>

typedef struct {
  char sigil; /* 0 for a plain {{name}} */
  MustacheTokenKind kind;
  bool standalone;    /* takes its line with it when it is alone there */
  const char *closer; /* comes before the closing delimiter */
  const char *example;
} TagRule;

static const TagRule tag_rules[] = {
  { '#', TOKEN_SECTION, true, "", "{{#name}}" },  { '^', TOKEN_INVERTED, true, "", "{{^name}}" },
  { '/', TOKEN_CLOSE, true, "", "{{/name}}" },    { '>', TOKEN_PARTIAL, true, "", "{{> name}}" },
  { '&', TOKEN_RAW, false, "", "{{& name}}" },    { '{', TOKEN_RAW, false, "}", "{{{name}}}" },
  { '!', TOKEN_END, true, "", "{{! comment }}" }, { '=', TOKEN_END, true, "=", "{{=<% %>=}}" },
};
static const TagRule plain_rule = { 0, TOKEN_VALUE, false, "", "{{name}}" };

void mustache_lexer_init(MustacheLexer *lexer, const char *name, const char *source, gsize length)
{
  *lexer = (MustacheLexer){ .name = name, .source = source, .end = source + length, .at = source };
  memcpy(lexer->open, "{{", 3);
  memcpy(lexer->close, "}}", 3);
}

void mustache_lexer_position(const char *source, const char *at, guint *ret_line, guint *ret_column)
{
  guint line = 1, column = 1;

  for (const char *c = source; c < at; c++) {
    if (*c == '\n') {
      line++;
      column = 1;
    } else if ((*c & 0xC0) != 0x80) {
      column++;
    }
  }
  *ret_line = line;
  *ret_column = column;
}

void mustache_lexer_fail(const MustacheLexer *lexer, const char *at, GError **error, const char *format, ...)
{
  guint line, column;
  va_list arguments;

  va_start(arguments, format);

  g_autofree char *message = g_strdup_vprintf(format, arguments);

  va_end(arguments);
  mustache_lexer_position(lexer->source, at, &line, &column);
  g_set_error(error, MUSTACHE_ERROR, MUSTACHE_ERROR_SYNTAX, "%s:%u:%u: %s", lexer->name, line, column,
              message);
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static const char *find(const char *from, const char *end, const char *what)
{
  return memmem(from, (gsize)(end - from), what, strlen(what));
}

static const TagRule *rule_for(char sigil)
{
  for (gsize i = 0; i < G_N_ELEMENTS(tag_rules); i++) {
    if (tag_rules[i].sigil == sigil)
      return &tag_rules[i];
  }
  return &plain_rule;
}

static bool at_line_start(const MustacheLexer *lexer, const char *at)
{
  return at == lexer->source || at[-1] == '\n';
}

/* Where the white space begins that alone stands before `tag` on its line; NULL when something else does. */
static const char *line_before(const MustacheLexer *lexer, const char *tag)
{
  while (tag > lexer->source && is_blank(tag[-1]))
    tag--;
  return at_line_start(lexer, tag) ? tag : NULL;
}

/* The first byte of the next line when only white space follows on this one; NULL otherwise. */
static const char *line_after(const MustacheLexer *lexer, const char *at)
{
  while (at < lexer->end && is_blank(*at))
    at++;
  if (at == lexer->end)
    return at;
  if (*at == '\r' && at + 1 < lexer->end && at[1] == '\n')
    at++;
  return *at == '\n' ? at + 1 : NULL;
}

/* A tag as it stands in the source: [begin, after), its content [text, text + length), and its line when it
 * has that for itself. */
typedef struct {
  const TagRule *rule;
  const char *begin, *after, *text;
  gsize length;
  const char *line_begin, *next_line; /* both NULL when not standalone */
} Tag;

static void trim(const char **text, gsize *length)
{
  while (*length > 0 && g_ascii_isspace(**text)) {
    (*text)++;
    (*length)--;
  }
  while (*length > 0 && g_ascii_isspace((*text)[*length - 1]))
    (*length)--;
}

static bool read_tag(const MustacheLexer *lexer, const char *begin, Tag *ret_tag, GError **error)
{
  const char *inside = begin + strlen(lexer->open);
  const TagRule *rule = inside < lexer->end ? rule_for(*inside) : &plain_rule;
  g_autofree char *closer = g_strconcat(rule->closer, lexer->close, NULL);

  if (rule->sigil != 0)
    inside++;

  const char *close = find(inside, lexer->end, closer);

  if (close == NULL) {
    mustache_lexer_fail(lexer, begin, error, "this tag is not closed: write %s where it ends, as in %s",
                        closer, rule->example);
    return false;
  }
  *ret_tag = (Tag){ .rule = rule,
                    .begin = begin,
                    .after = close + strlen(closer),
                    .text = inside,
                    .length = (gsize)(close - inside) };
  trim(&ret_tag->text, &ret_tag->length);
  if (rule->standalone) {
    ret_tag->line_begin = line_before(lexer, begin);
    ret_tag->next_line = ret_tag->line_begin != NULL ? line_after(lexer, ret_tag->after) : NULL;
  }
  return true;
}

static bool check_name(const MustacheLexer *lexer, const Tag *tag, GError **error)
{
  if (tag->length == 0) {
    mustache_lexer_fail(lexer, tag->begin, error, "this tag names nothing: write %s", tag->rule->example);
    return false;
  }
  for (gsize i = 0; i < tag->length; i++) {
    if (g_ascii_isspace(tag->text[i])) {
      mustache_lexer_fail(
          lexer, tag->begin, error,
          "a name has no white space: write %s, or close the tag with %s before the text goes on",
          tag->rule->example, lexer->close);
      return false;
    }
  }
  return true;
}

static bool delimiter_is_good(const char *text, gsize length)
{
  if (length == 0 || length > MUSTACHE_DELIMITER_MAX || memchr(text, '=', length) != NULL)
    return false;
  for (gsize i = 0; i < length; i++) {
    if (g_ascii_isspace(text[i]))
      return false;
  }
  return true;
}

/* {{=<% %>=}}: two words. */
static bool set_delimiters(MustacheLexer *lexer, const Tag *tag, GError **error)
{
  gsize first = 0;

  while (first < tag->length && !g_ascii_isspace(tag->text[first]))
    first++;

  const char *second = tag->text + first;
  gsize second_length = tag->length - first;

  trim(&second, &second_length);
  if (!delimiter_is_good(tag->text, first) || !delimiter_is_good(second, second_length)) {
    mustache_lexer_fail(
        lexer, tag->begin, error,
        "bad delimiters: write an opening and a closing one of up to %d bytes, white space between and "
        "no = in them, as in %s",
        MUSTACHE_DELIMITER_MAX, tag->rule->example);
    return false;
  }
  memcpy(lexer->open, tag->text, first);
  lexer->open[first] = '\0';
  memcpy(lexer->close, second, second_length);
  lexer->close[second_length] = '\0';
  return true;
}

static void take_text(MustacheLexer *lexer, const char *until, MustacheToken *ret_token)
{
  *ret_token = (MustacheToken){ .kind = TOKEN_TEXT,
                                .at = lexer->at,
                                .text = lexer->at,
                                .length = (gsize)(until - lexer->at),
                                .line_start = at_line_start(lexer, lexer->at) };
  lexer->at = until;
  lexer->line_begun = ret_token->length == 0;
}

/* Steps over `tag`, together with its line when it stands alone. True when it is one for the compiler. */
static bool take_tag(MustacheLexer *lexer, const Tag *tag, MustacheToken *ret_token)
{
  lexer->at = tag->next_line != NULL ? tag->next_line : tag->after;
  lexer->line_begun = false;
  if (tag->rule->kind == TOKEN_END)
    return false;
  *ret_token =
      (MustacheToken){ .kind = tag->rule->kind, .at = tag->begin, .text = tag->text, .length = tag->length };
  if (tag->next_line != NULL) {
    ret_token->indent = tag->line_begin;
    ret_token->indent_length = (gsize)(tag->begin - tag->line_begin);
  }
  return true;
}

/* One step: *ret_done when it made a token; otherwise it stepped over a comment or a change of delimiters. */
static bool step(MustacheLexer *lexer, MustacheToken *ret_token, bool *ret_done, GError **error)
{
  const char *begin = find(lexer->at, lexer->end, lexer->open);
  Tag tag;

  if (begin == NULL) {
    *ret_done = true;
    if (lexer->at < lexer->end)
      take_text(lexer, lexer->end, ret_token);
    else
      *ret_token = (MustacheToken){ .kind = TOKEN_END, .at = lexer->end };
    return true;
  }
  if (!read_tag(lexer, begin, &tag, error))
    return false;

  const char *text_end = tag.next_line != NULL ? tag.line_begin : begin;

  /* An inline tag at the start of a line is preceded by an empty text, so that an indentation has its place.
   */
  if (lexer->at < text_end ||
      (tag.next_line == NULL && !lexer->line_begun && at_line_start(lexer, lexer->at))) {
    *ret_done = true;
    take_text(lexer, text_end, ret_token);
    return true;
  }
  if (tag.rule->sigil == '=' ? !set_delimiters(lexer, &tag, error)
                             : tag.rule->kind != TOKEN_END && !check_name(lexer, &tag, error))
    return false;
  *ret_done = take_tag(lexer, &tag, ret_token);
  return true;
}

bool mustache_lexer_next(MustacheLexer *lexer, MustacheToken *ret_token, GError **error)
{
  bool done = false;

  while (!done) {
    if (!step(lexer, ret_token, &done, error))
      return false;
  }
  return true;
}
