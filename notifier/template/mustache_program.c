#include "notifier/template/mustache_program.h"

#include "notifier/template/mustache_lexer.h"

#include <string.h>

typedef struct {
  Mustache *template;
  MustacheLexer lexer;
  gsize open[MUSTACHE_NESTING_MAX]; /* operations of the sections that are open, outermost first */
  guint depth;
} Compiler;

static MustacheOp *op_at(const Mustache *template, gsize i)
{
  return &g_array_index(template->ops, MustacheOp, i);
}

static bool split_path(Compiler *compiler, MustacheOp *op, GError **error)
{
  g_auto(GStrv) parts = g_strsplit(strcmp(op->name, ".") == 0 ? "" : op->name, ".", -1);

  op->path = g_new0(MustachePart, g_strv_length(parts) + 1);
  for (guint i = 0; parts[i] != NULL; i++) {
    if (parts[i][0] == '\0') {
      mustache_lexer_fail(&compiler->lexer, op->at, error,
                          "the name %s has an empty part: write name.part, or . alone for the item itself",
                          op->name);
      return false;
    }
    op->path[i] =
        (MustachePart){ g_string_chunk_insert(compiler->template->words, parts[i]), strlen(parts[i]) };
  }
  return true;
}

static bool add_text(Compiler *compiler, const MustacheToken *token, GError **error)
{
  MustacheOp op = { .kind = OP_TEXT,
                    .line_start = token->line_start,
                    .at = token->at,
                    .text = token->text,
                    .length = token->length };

  g_array_append_val(compiler->template->ops, op);
  return true;
}

static const MustacheOpKind op_kinds[] = {
  [TOKEN_VALUE] = OP_VALUE,       [TOKEN_RAW] = OP_RAW,         [TOKEN_SECTION] = OP_SECTION,
  [TOKEN_INVERTED] = OP_INVERTED, [TOKEN_PARTIAL] = OP_PARTIAL,
};

static MustacheOp tag_op(Compiler *compiler, const MustacheToken *token)
{
  GStringChunk *words = compiler->template->words;
  MustacheOp op = { .kind = op_kinds[token->kind],
                    .at = token->at,
                    .name = g_string_chunk_insert_len(words, token->text, (gssize)token->length),
                    .standalone = token->indent != NULL };

  if (op.kind == OP_PARTIAL && token->indent_length > 0)
    op.text = g_string_chunk_insert_len(words, token->indent, (gssize)token->indent_length);
  return op;
}

static bool add_tag(Compiler *compiler, const MustacheToken *token, GError **error)
{
  MustacheOp op = tag_op(compiler, token);

  /* Appended even when it fails, so that the template owns the path. */
  bool ok = op.kind == OP_PARTIAL || split_path(compiler, &op, error);

  g_array_append_val(compiler->template->ops, op);
  return ok;
}

static bool open_section(Compiler *compiler, const MustacheToken *token, GError **error)
{
  if (compiler->depth == MUSTACHE_NESTING_MAX) {
    mustache_lexer_fail(&compiler->lexer, token->at, error,
                        "more than %d sections within each other: move the inner ones into a partial",
                        MUSTACHE_NESTING_MAX);
    return false;
  }
  if (!add_tag(compiler, token, error))
    return false;
  compiler->open[compiler->depth++] = compiler->template->ops->len - 1;
  return true;
}

static bool close_section(Compiler *compiler, const MustacheToken *token, GError **error)
{
  if (compiler->depth == 0) {
    mustache_lexer_fail(
        &compiler->lexer, token->at, error,
        "{{/%.*s}} closes a section that is not open: remove it, or write {{#%.*s}} before it",
        (int)token->length, token->text, (int)token->length, token->text);
    return false;
  }

  MustacheOp *section = op_at(compiler->template, compiler->open[compiler->depth - 1]);

  if (strlen(section->name) != token->length || memcmp(section->name, token->text, token->length) != 0) {
    guint line, column;

    mustache_lexer_position(compiler->template->source, section->at, &line, &column);
    mustache_lexer_fail(&compiler->lexer, token->at, error,
                        "{{/%.*s}} does not close the section %s that line %u opened: write {{/%s}} first",
                        (int)token->length, token->text, section->name, line, section->name);
    return false;
  }
  section->next = compiler->template->ops->len;
  compiler->depth--;
  return true;
}

static bool check_closed(Compiler *compiler, const MustacheToken *token, GError **error)
{
  if (compiler->depth == 0)
    return true;

  const MustacheOp *section = op_at(compiler->template, compiler->open[compiler->depth - 1]);

  mustache_lexer_fail(&compiler->lexer, section->at, error,
                      "the section %s is not closed: write {{/%s}} where it ends", section->name,
                      section->name);
  return false;
}

typedef bool (*TokenHandler)(Compiler *compiler, const MustacheToken *token, GError **error);

static const TokenHandler handlers[] = {
  [TOKEN_TEXT] = add_text,        [TOKEN_VALUE] = add_tag,         [TOKEN_RAW] = add_tag,
  [TOKEN_SECTION] = open_section, [TOKEN_INVERTED] = open_section, [TOKEN_CLOSE] = close_section,
  [TOKEN_PARTIAL] = add_tag,      [TOKEN_END] = check_closed,
};

bool mustache_program_compile(Mustache *template, GError **error)
{
  Compiler compiler = { .template = template };
  MustacheToken token;

  mustache_lexer_init(&compiler.lexer, template->name, template->source, template->length);
  do {
    if (!mustache_lexer_next(&compiler.lexer, &token, error) ||
        !handlers[token.kind](&compiler, &token, error))
      return false;
  } while (token.kind != TOKEN_END);
  return true;
}
