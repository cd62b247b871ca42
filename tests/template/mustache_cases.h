#ifndef KIGEN_TESTS_TEMPLATE_MUSTACHE_CASES_H
#define KIGEN_TESTS_TEMPLATE_MUSTACHE_CASES_H

/* What the engine must do, without the specification's own files: one row at least for each of its rules, and
 * what goes beyond them. */

#include "notifier/template/mustache.h"

#define HTML MUSTACHE_HTML
#define TEXT MUSTACHE_TEXT

static const struct {
  const char *name;
  const char *source;
  const char *context;  /* JSON */
  const char *partials; /* JSON, or NULL */
  MustacheEscape escape;
  const char *expected;
} render_cases[] = {
  { "empty", "", "{}", NULL, HTML, "" },
  { "no tag", "a { b } }} c\n", "{}", NULL, HTML, "a { b } }} c\n" },
  { "value", "Hello, {{ subject }}!", "{\"subject\":\"world\"}", NULL, HTML, "Hello, world!" },
  { "value, twice over", "{{a}}", "{\"a\":\"{{b}}\",\"b\":\"no\"}", NULL, HTML, "{{b}}" },
  { "escaped", "{{a}}", "{\"a\":\"<b> & \\\"c\\\" 'd'\"}", NULL, HTML,
    "&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;" },
  { "not escaped in text", "{{a}}", "{\"a\":\"<b> & \\\"c\\\" 'd'\"}", NULL, TEXT, "<b> & \"c\" 'd'" },
  { "triple", "{{{a}}}{{{ a }}}", "{\"a\":\"<&>\"}", NULL, HTML, "<&><&>" },
  { "ampersand", "{{&a}}{{& a }}", "{\"a\":\"<&>\"}", NULL, HTML, "<&><&>" },
  { "missing, null, list and object are nothing", "({{a}}{{b}}{{c}}{{d}})", "{\"b\":null,\"c\":[1],\"d\":{}}",
    NULL, HTML, "()" },
  { "numbers", "{{a}} {{b}} {{c}} {{d}} {{e}}", "{\"a\":85,\"b\":1.21,\"c\":-3,\"d\":1e21,\"e\":0.1}", NULL,
    HTML, "85 1.21 -3 1e+21 0.1" },
  { "17 digits where they are needed", "{{a}} {{b}}", "{\"a\":0.30000000000000004,\"b\":0}", NULL, HTML,
    "0.30000000000000004 0" },
  { "booleans", "{{a}} {{b}}", "{\"a\":true,\"b\":false}", NULL, HTML, "true false" },
  { "dotted", "{{a.b.c}}", "{\"a\":{\"b\":{\"c\":\"x\"}}}", NULL, HTML, "x" },
  { "dotted, broken", "({{a.b.c}})", "{\"a\":{},\"b\":{\"c\":\"x\"}}", NULL, HTML, "()" },
  { "dotted, inner context first", "{{#a}}({{b.c}}){{/a}}", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"x\"}}", NULL,
    HTML, "()" },
  { "dotted is not a key", "({{a.b}})", "{\"a.b\":\"x\"}", NULL, HTML, "()" },
  { "the context itself", "{{.}} {{#.}}{{.}}{{/.}}", "\"<a>\"", NULL, HTML, "&lt;a&gt; &lt;a&gt;" },
  { "no white space is lost", "  {{a}}  \n", "{\"a\":\"x\"}", NULL, HTML, "  x  \n" },
  { "multi-byte", "「{{名前}}」", "{\"名前\":\"東京\"}", NULL, HTML, "「東京」" },

  { "section", "{{#a}}x{{/a}}{{#b}}y{{/b}}{{#c}}z{{/c}}", "{\"a\":true,\"b\":false}", NULL, HTML, "x" },
  { "section, what is false", "{{#a}}a{{/a}}{{#b}}b{{/b}}{{#c}}c{{/c}}{{#d}}d{{/d}}{{#e}}e{{/e}}.",
    "{\"a\":null,\"b\":\"\",\"c\":0,\"d\":[],\"e\":0.0}", NULL, HTML, "." },
  { "section, what is true", "{{#a}}a{{/a}}{{#b}}b{{/b}}{{#c}}c{{/c}}{{#d}}d{{/d}}",
    "{\"a\":{},\"b\":\"0\",\"c\":-1,\"d\":[null]}", NULL, HTML, "abcd" },
  { "object", "{{#a}}{{b}}{{c}}{{/a}}", "{\"a\":{\"b\":\"x\"},\"b\":\"no\",\"c\":\"y\"}", NULL, HTML, "xy" },
  { "list", "{{#l}}<{{n}}>{{/l}}", "{\"l\":[{\"n\":1},{\"n\":2},{}],\"n\":9}", NULL, HTML, "<1><2><9>" },
  { "list of values", "{{#l}}({{.}}){{/l}}", "{\"l\":[1,\"a\",0.5,true]}", NULL, HTML, "(1)(a)(0.5)(true)" },
  { "list of lists", "{{#l}}[{{#.}}{{.}}{{/.}}]{{/l}}", "{\"l\":[[1,2],[],[3]]}", NULL, HTML, "[12][][3]" },
  { "section of a value", "{{#a}}{{.}}!{{/a}}", "{\"a\":\"x\"}", NULL, HTML, "x!" },
  { "sections within each other, of one name", "{{#a}}{{#a}}{{b}}{{/a}}{{/a}}", "{\"a\":{\"b\":\"x\"}}", NULL,
    HTML, "x" },
  { "dotted section", "{{#a.b}}x{{/a.b}}{{#a.c}}y{{/a.c}}", "{\"a\":{\"b\":1}}", NULL, HTML, "x" },
  { "section, white space in the tags", "{{# a }}x{{/ a\n}}", "{\"a\":1}", NULL, HTML, "x" },
  { "inverted", "{{^a}}x{{/a}}{{^b}}y{{/b}}{{^c}}z{{/c}}{{^d}}l{{/d}}", "{\"a\":true,\"b\":false,\"d\":[]}",
    NULL, HTML, "yzl" },
  { "inverted keeps the context", "{{#a}}{{^b}}{{c}}{{/b}}{{/a}}", "{\"a\":{\"c\":\"x\"}}", NULL, HTML, "x" },

  { "alone on a line", "a\n{{#b}}\nc\n{{/b}}\nd\n", "{\"b\":1}", NULL, HTML, "a\nc\nd\n" },
  { "alone on an indented line", "a\n  {{#b}}  \n  c\n\t{{/b}}\nd", "{\"b\":1}", NULL, HTML, "a\n  c\nd" },
  { "alone, CRLF", "a\r\n{{^b}}\r\nc\r\n{{/b}}\r\nd", "{}", NULL, HTML, "a\r\nc\r\nd" },
  { "alone, first and last", "  {{#b}}\nx\n  {{/b}}", "{\"b\":1}", NULL, HTML, "x\n" },
  { "two tags are not alone", "{{#b}} {{/b}}\nx", "{\"b\":1}", NULL, HTML, " \nx" },
  { "not alone", "| {{#b}}\n{{/b}} |", "{\"b\":1}", NULL, HTML, "| \n |" },
  { "an empty line stays", "{{#b}}\n\n{{/b}}\n", "{\"b\":1}", NULL, HTML, "\n" },
  { "only line feeds end lines", "a\r{{#b}}\rx{{/b}}", "{\"b\":1}", NULL, HTML, "a\r\rx" },

  { "comment", "a{{! {{b }}c", "{\"b\":1}", NULL, HTML, "ac" },
  { "comment of several lines, alone", "a\n  {{!\n b\n }}\nc", "{}", NULL, HTML, "a\nc" },
  { "comment, inline", "  a {{! b }}\n", "{}", NULL, HTML, "  a \n" },

  { "delimiters", "{{=<% %>=}}<%a%>{{a}}<%={{ }}=%>{{a}}", "{\"a\":\"x\"}", NULL, HTML, "x{{a}}x" },
  { "delimiters, one character", "{{=| |=}}|a|", "{\"a\":\"x\"}", NULL, HTML, "x" },
  { "delimiters, white space", "{{= \n@   @ \n=}}@a@", "{\"a\":\"x\"}", NULL, HTML, "x" },
  { "delimiters, alone", "a\n  {{=@ @=}}\nb", "{}", NULL, HTML, "a\nb" },
  { "delimiters, multi-byte", "{{=「 」=}}「a」", "{\"a\":\"x\"}", NULL, HTML, "x" },
  { "delimiters stay in their partial", "{{=| |=}}|>p|", "{\"a\":\"x\"}", "{\"p\":\"{{a}}|a|\"}", HTML,
    "x|a|" },
  { "delimiters come not out of a partial", "{{>p}}{{a}}|a|", "{\"a\":\"x\"}", "{\"p\":\"{{=| |=}}\"}", HTML,
    "x|a|" },
  { "triple with other delimiters", "{{=<% %>=}}<%{a}%>", "{\"a\":\"<\"}", NULL, HTML, "<" },

  { "partial", "[{{>p}}]", "{\"a\":\"x\"}", "{\"p\":\"{{a}}\"}", HTML, "[x]" },
  { "partial that is not there", "[{{>p}}]", "{}", "{}", HTML, "[]" },
  { "partial that calls itself", "{{>p}}", "{\"c\":1,\"n\":[{\"c\":2,\"n\":[]},{\"c\":3,\"n\":[]}]}",
    "{\"p\":\"{{c}}<{{#n}}{{>p}}{{/n}}>\"}", HTML, "1<2<>3<>>" },
  { "partial, inline", "  {{a}}  {{>p}}\n", "{\"a\":\"|\"}", "{\"p\":\">\\n>\"}", HTML, "  |  >\n>\n" },
  { "partial, indented", "a\n  {{>p}}\nb\n", "{}", "{\"p\":\"1\\n2\\n\"}", HTML, "a\n  1\n  2\nb\n" },
  { "partial, indented, no last line break", "  {{>p}}\n>", "{}", "{\"p\":\"1\\n2\"}", HTML, "  1\n  2>" },
  { "partial, indented: values are not", " {{>p}}\n", "{\"a\":\"1\\n2\"}", "{\"p\":\"|\\n{{{a}}}\\n|\\n\"}",
    HTML, " |\n 1\n2\n |\n" },
  { "partial, indented twice", " {{>p}}", "{}", "{\"p\":\"a\\n\\t{{>q}}\",\"q\":\"b\\nc\\n\"}", HTML,
    " a\n \tb\n \tc\n" },
  { "partial, indented: sections and comments", "  {{>p}}", "{\"l\":[1,2]}",
    "{\"p\":\"{{#l}}\\n{{.}}\\n{{/l}}\\n{{!c}}d\\n{{^l}}no{{/l}}e\\n\"}", HTML, "  1\n  2\n  d\n  e\n" },
  { "partial, indented: empty lines stay empty", "  {{>p}}", "{}", "{\"p\":\"a\\n\\nb\\r\\n\\r\\nc\"}", HTML,
    "  a\n\n  b\r\n\r\n  c" },
  { "partial, indented: an inline one within is not", "  {{>p}}", "{}",
    "{\"p\":\"a {{>q}}\\n\",\"q\":\"b\\nc\"}", HTML, "  a b\nc\n" },
};

static const struct {
  const char *name;
  const char *source;
  const char *context;
  const char *partials;
  MustacheError code;
  const char *place;  /* the message begins with it */
  const char *remedy; /* and contains this */
} refused_cases[] = {
  { "tag not closed", "a\nb {{c", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:2:3: this tag is not closed",
    "write }}" },
  { "tag not closed, at the end", "{{", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: this tag is not closed",
    "{{name}}" },
  { "triple closed as double", "{{{a}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1:", "write }}}" },
  { "comment not closed", "{{! a", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1:", "{{! comment }}" },
  { "columns count characters", "日本{{a", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:3:", "write }}" },
  { "section not closed", "a\n {{#b}}\n{{#c}}{{/c}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX,
    "case:2:2: the section b", "write {{/b}} where it ends" },
  { "inverted not closed", "{{^b}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: the section b", "{{/b}}" },
  { "wrong close", "{{#a}}\n{{#b}}\n{{/a}}{{/b}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX,
    "case:3:1: {{/a}} does not close the section b that line 2 opened", "write {{/b}} first" },
  { "close without section", "x{{/a}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX,
    "case:1:2: {{/a}} closes a section that is not open", "write {{#a}} before it" },
  { "no name", "{{ }}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: this tag names nothing", "{{name}}" },
  { "no partial's name", "{{>}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: this tag names nothing",
    "{{> name}}" },
  { "white space in a name", "{{a b}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX,
    "case:1:1: a name has no white space", "close the tag with }}" },
  { "an empty part", "{{a..b}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX,
    "case:1:1: the name a..b has an empty part", "name.part" },
  { "an empty part at the end", "{{#a.}}{{/a.}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: the name a.",
    "name.part" },
  { "one delimiter", "{{=x=}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: bad delimiters",
    "{{=<% %>=}}" },
  { "no delimiter", "{{==}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: bad delimiters", "{{=<% %>=}}" },
  { "three delimiters", "{{=a b c=}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: bad delimiters",
    "{{=<% %>=}}" },
  { "= in a delimiter", "{{=a= b=}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX, "case:1:1: bad delimiters",
    "{{=<% %>=}}" },
  { "a long delimiter", "{{=12345678901234567 x=}}", NULL, NULL, MUSTACHE_ERROR_SYNTAX,
    "case:1:1: bad delimiters", "16 bytes" },
  { "wrong partial", "a\n{{>p}}", "{}", "{\"p\":\"x{{#a}}\"}", MUSTACHE_ERROR_SYNTAX,
    "case:2:1: p:1:2: the section a", "{{/a}}" },
  { "a partial in itself", "{{>p}}", "{}", "{\"p\":\"x{{>p}}\"}", MUSTACHE_ERROR_LIMIT,
    "p:1:1: nested too deep", "includes itself" },
  { "two partials in each other", "{{>p}}", "{}", "{\"p\":\"{{>q}}{{>q}}\",\"q\":\"{{>p}}{{>p}}\"}",
    MUSTACHE_ERROR_LIMIT, "", "nested too deep" },
};

#undef HTML
#undef TEXT

#endif
