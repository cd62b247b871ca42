#include "notifier/template/mustache_lexer.h"
#include "notifier/template/mustache_program.h"
#include "notifier/template/mustache_value.h"

#include <string.h>

/* The context stack: innermost first, on the C stack. */
typedef struct Frame {
  const json_t *value;
  const struct Frame *outer;
} Frame;

typedef struct {
  GString *out;
  gsize output_max; /* length of `out` that is too much */
  guint steps;
  guint depth;
} Renderer;

/* What is rendered at one place: the operations [from, to) of `template`. */
typedef struct {
  const Mustache *template;
  gsize from, to;
  const Frame *frame;
  const char *indent; /* before each line, or NULL */
} Span;

static bool render_span(Renderer *renderer, const Span *span, GError **error);

static bool fail(const Span *span, const MustacheOp *op, GError **error, const char *message)
{
  guint line, column;

  mustache_lexer_position(span->template->source, op->at, &line, &column);
  g_set_error(error, MUSTACHE_ERROR, MUSTACHE_ERROR_LIMIT, "%s:%u:%u: %s", span->template->name, line, column,
              message);
  return false;
}

/* The first part of a dotted name is looked up outwards, the others only in what it found (specification,
 * interpolation, "Dotted Names"). */
static const json_t *look_up(const Frame *frame, const MustachePart *path)
{
  const json_t *value = NULL;

  if (path->text == NULL)
    return frame->value;
  for (; frame != NULL && value == NULL; frame = frame->outer)
    value = json_object_getn(frame->value, path->text, path->length);
  for (path++; path->text != NULL && value != NULL; path++)
    value = json_object_getn(value, path->text, path->length);
  return value;
}

static bool line_is_empty(const char *at, const char *end)
{
  return at < end && (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'));
}

/* Lines that are empty stay so: an indentation would only leave white space at their end. */
static void append_indented(GString *out, const MustacheOp *op, const char *indent)
{
  const char *at = op->text, *end = op->text + op->length;
  bool line_start = op->line_start;

  do {
    const char *newline = at < end ? memchr(at, '\n', (gsize)(end - at)) : NULL;
    const char *next = newline != NULL ? newline + 1 : end;

    if (line_start && !line_is_empty(at, end))
      g_string_append(out, indent);
    g_string_append_len(out, at, next - at);
    at = next;
    line_start = true;
  } while (at < end);
}

static bool render_section(Renderer *renderer, const Span *span, gsize at, const json_t *value,
                           GError **error)
{
  const MustacheOp *op = &g_array_index(span->template->ops, MustacheOp, at);
  gsize times = json_is_array(value) ? json_array_size(value) : 1;
  Frame frame = { value, span->frame };
  Span body = { span->template, at + 1, op->next, &frame, span->indent };

  for (gsize i = 0; i < times; i++) {
    if (json_is_array(value))
      frame.value = json_array_get(value, i);
    renderer->steps++; /* an empty body counts as well */
    if (!render_span(renderer, &body, error))
      return false;
  }
  return true;
}

static bool render_partial(Renderer *renderer, const Span *span, const MustacheOp *op, GError **error)
{
  g_autofree char *joined = NULL;
  const char *indent = NULL;

  if (op->partial == NULL)
    return true;
  if (op->standalone && span->indent != NULL && op->text != NULL)
    indent = joined = g_strconcat(span->indent, op->text, NULL);
  else if (op->standalone)
    indent = op->text != NULL ? op->text : span->indent;

  Span body = { op->partial, 0, op->partial->ops->len, span->frame, indent };

  return render_span(renderer, &body, error);
}

static bool render_block(Renderer *renderer, const Span *span, gsize at, GError **error)
{
  const MustacheOp *op = &g_array_index(span->template->ops, MustacheOp, at);

  if (op->kind == OP_PARTIAL)
    return render_partial(renderer, span, op, error);

  const json_t *value = look_up(span->frame, op->path);

  if (mustache_value_is_true(value) != (op->kind == OP_SECTION))
    return true;
  if (op->kind == OP_SECTION)
    return render_section(renderer, span, at, value, error);

  Span body = { span->template, at + 1, op->next, span->frame, span->indent };

  return render_span(renderer, &body, error);
}

static void render_leaf(Renderer *renderer, const Span *span, const MustacheOp *op)
{
  if (op->kind != OP_TEXT)
    mustache_value_append(renderer->out, look_up(span->frame, op->path),
                          op->kind == OP_VALUE && span->template->escape == MUSTACHE_HTML);
  else if (span->indent == NULL)
    g_string_append_len(renderer->out, op->text, (gssize)op->length);
  else
    append_indented(renderer->out, op, span->indent);
}

static bool check_limits(const Renderer *renderer, const Span *span, const MustacheOp *op, GError **error)
{
  if (renderer->depth > MUSTACHE_DEPTH_MAX)
    return fail(
        span, op, error,
        "nested too deep: a partial includes itself without end; put it into a section that comes to an end");
  if (renderer->steps > MUSTACHE_STEPS_MAX || renderer->out->len > renderer->output_max)
    return fail(span, op, error,
                "this rendering grows without end: look for lists within lists, or shorten the data");
  return true;
}

static bool render_span(Renderer *renderer, const Span *span, GError **error)
{
  renderer->depth++;
  for (gsize i = span->from; i < span->to;) {
    const MustacheOp *op = &g_array_index(span->template->ops, MustacheOp, i);
    bool block = op->kind == OP_SECTION || op->kind == OP_INVERTED || op->kind == OP_PARTIAL;

    renderer->steps++;
    if (!check_limits(renderer, span, op, error) || (block && !render_block(renderer, span, i, error)))
      return false;
    if (!block)
      render_leaf(renderer, span, op);
    i = op->kind == OP_SECTION || op->kind == OP_INVERTED ? op->next : i + 1;
  }
  renderer->depth--;
  return true;
}

bool mustache_render(const Mustache *template, const json_t *context, GString *out, GError **error)
{
  Renderer renderer = { .out = out, .output_max = out->len + MUSTACHE_OUTPUT_MAX };
  gsize before = out->len;
  Frame frame = { context, NULL };
  Span span = { template, 0, template->ops->len, &frame, NULL };

  if (render_span(&renderer, &span, error))
    return true;
  g_string_truncate(out, before);
  return false;
}
