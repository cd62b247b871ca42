#include "notifier/exchange/text.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "notifier/exchange/text_file.h"

#define PIECE_SIZE (128 * 1024)

struct TextReader {
  TextFile *file;
  TextEncoding encoding; /* of the present pass */
  bool guessed;
  GIConv iconv; /* once a CP932 pass began, else (GIConv)-1 */
  bool hashing;
  crypto_hash_sha256_state hash;
  gint64 done;      /* bytes of the file handed out */
  char *raw;        /* bytes as read */
  gsize raw_used;   /* how many of them */
  gsize raw_taken;  /* of those, handed out with the last piece */
  bool ended;       /* `raw` reaches to the file's last byte */
  GString *decoded; /* a CP932 pass: `raw` as UTF-8 */
  gint64 broken_at; /* offset and value of the byte that broke the last pass */
  guchar broken_byte;
};

static const struct {
  const char *key;
  TextEncoding encoding;
} encodings[] = {
  { "auto", TEXT_ENCODING_AUTO },         { "utf-8", TEXT_ENCODING_UTF8 },
  { "cp932", TEXT_ENCODING_CP932 },       { "utf8", TEXT_ENCODING_UTF8 },
  { "shift_jis", TEXT_ENCODING_CP932 },   { "shift-jis", TEXT_ENCODING_CP932 },
  { "sjis", TEXT_ENCODING_CP932 },        { "ms932", TEXT_ENCODING_CP932 },
  { "windows-31j", TEXT_ENCODING_CP932 },
};

bool text_encoding_parse(const char *key, TextEncoding *ret_encoding)
{
  for (gsize i = 0; i < G_N_ELEMENTS(encodings); i++) {
    if (g_ascii_strcasecmp(encodings[i].key, key) == 0) {
      *ret_encoding = encodings[i].encoding;
      return true;
    }
  }
  return false;
}

const char *text_encoding_key(TextEncoding encoding)
{
  g_assert(encoding <= TEXT_ENCODING_CP932);
  return encodings[encoding].key; /* the first three rows are in the enum's order */
}

/* Says where and what the byte is that broke the last pass. */
static void set_broken(TextReader *reader, const char *expected, GError **error)
{
  guint line, column;

  text_file_locate(reader->file, reader->broken_at, reader->encoding == TEXT_ENCODING_CP932, &line, &column);
  if (reader->broken_byte == 0)
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TEXT,
                "%s:%u: column %u: a NUL byte: this is no text file, or it is UTF-16; save it as UTF-8 (in "
                "Excel: \"CSV UTF-8\")",
                text_file_path(reader->file), line, column);
  else
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TEXT,
                "%s:%u: column %u: byte 0x%02X is %s; save the file as UTF-8 (in Excel: \"CSV UTF-8\")",
                text_file_path(reader->file), line, column, reader->broken_byte, expected);
}

static bool broken(TextReader *reader, gsize index, GError **error)
{
  reader->broken_at = reader->done + (gint64)index;
  reader->broken_byte = (guchar)reader->raw[index];
  set_broken(reader, reader->encoding == TEXT_ENCODING_CP932 ? "not CP932" : "not UTF-8", error);
  return false;
}

/* Starts a pass over the file from its first byte. */
static bool start(TextReader *reader, TextEncoding encoding, GError **error)
{
  if (encoding == TEXT_ENCODING_CP932 && reader->iconv == (GIConv)-1)
    reader->iconv = g_iconv_open("UTF-8", "CP932");
  if (encoding == TEXT_ENCODING_CP932 && reader->iconv == (GIConv)-1) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILE,
                "%s: this system cannot convert CP932; save the file as UTF-8", text_file_path(reader->file));
    return false;
  }
  reader->encoding = encoding;
  reader->ended = false;
  reader->done = 0;
  reader->raw_used = reader->raw_taken = 0;
  return true;
}

/* Drops what the last piece took and reads on. */
static bool fill(TextReader *reader, GError **error)
{
  gsize n;

  reader->done += (gint64)reader->raw_taken;
  reader->raw_used -= reader->raw_taken;
  memmove(reader->raw, reader->raw + reader->raw_taken, reader->raw_used);
  reader->raw_taken = 0;
  if (reader->ended)
    return true;
  if (!text_file_read(reader->file, reader->done + (gint64)reader->raw_used, reader->raw + reader->raw_used,
                      PIECE_SIZE - reader->raw_used, &n, error))
    return false;
  if (reader->hashing)
    crypto_hash_sha256_update(&reader->hash, (const guchar *)reader->raw + reader->raw_used, n);
  reader->raw_used += n;
  reader->ended = reader->raw_used < PIECE_SIZE;
  return true;
}

static bool starts_with(const TextReader *reader, const char *bytes, gsize n)
{
  return reader->done == 0 && reader->raw_used >= n && memcmp(reader->raw, bytes, n) == 0;
}

static bool check_utf16(TextReader *reader, GError **error)
{
  if (!starts_with(reader, "\xFF\xFE", 2) && !starts_with(reader, "\xFE\xFF", 2))
    return true;
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TEXT,
              "%s:1: column 1: the file is UTF-16; save it as UTF-8 (in Excel: \"CSV UTF-8\", not \"Unicode "
              "Text\")",
              text_file_path(reader->file));
  reader->broken_byte = 0;
  return false;
}

static bool next_utf8(TextReader *reader, const char **ret_text, gsize *ret_size, GError **error)
{
  const char *end;
  const char *text = reader->raw;
  gsize size = reader->raw_used;
  gsize bom = starts_with(reader, "\xEF\xBB\xBF", 3) ? 3 : 0;

  if (!g_utf8_validate_len(text, size, &end)) {
    gsize rest = (gsize)(text + size - end);
    bool cut = rest < 4 && g_utf8_get_char_validated(end, (gssize)rest) == (gunichar)-2;

    if (reader->ended || !cut)
      return broken(reader, (gsize)(end - text), error);
  }
  reader->raw_taken = (gsize)(end - text);
  *ret_text = text + bom;
  *ret_size = reader->raw_taken - bom;
  return true;
}

static bool next_cp932(TextReader *reader, const char **ret_text, gsize *ret_size, GError **error)
{
  char *in = reader->raw;
  gsize in_left = reader->raw_used;
  const char *nul = memchr(in, '\0', in_left);

  if (nul != NULL)
    return broken(reader, (gsize)(nul - in), error);
  g_string_set_size(reader->decoded, 3 * PIECE_SIZE); /* one byte becomes at most three */

  char *out = reader->decoded->str;
  gsize out_left = reader->decoded->len;

  if (g_iconv(reader->iconv, &in, &in_left, &out, &out_left) == (gsize)-1 &&
      (errno != EINVAL || reader->ended))
    return broken(reader, (gsize)(in - reader->raw), error);
  reader->raw_taken = (gsize)(in - reader->raw);
  *ret_text = reader->decoded->str;
  *ret_size = (gsize)(out - reader->decoded->str);
  return true;
}

bool text_reader_next(TextReader *reader, const char **ret_text, gsize *ret_size, GError **error)
{
  if (!fill(reader, error) || !check_utf16(reader, error))
    return false;
  if (reader->raw_used > 0) {
    if (reader->encoding == TEXT_ENCODING_CP932)
      return next_cp932(reader, ret_text, ret_size, error);
    if (!next_utf8(reader, ret_text, ret_size, error))
      return false;
    /* nothing but a byte order mark: not the end yet */
    return *ret_size > 0 || text_reader_next(reader, ret_text, ret_size, error);
  }
  if (!text_file_check_unchanged(reader->file, error))
    return false;
  *ret_text = reader->raw;
  *ret_size = 0;
  return true;
}

/* Reads the file once in `encoding`. */
static bool look_through(TextReader *reader, TextEncoding encoding, GError **error)
{
  const char *text;
  gsize size;

  if (!start(reader, encoding, error))
    return false;
  do {
    if (!text_reader_next(reader, &text, &size, error))
      return false;
  } while (size > 0);
  return true;
}

/* UTF-8, else CP932 where the bytes are wholly that. A byte order mark leaves no choice. */
static bool find_encoding(TextReader *reader, GError **error)
{
  g_autoptr(GError) utf8_error = NULL;
  g_autoptr(GError) cp932_error = NULL;
  char bom[3];
  gsize n;

  if (look_through(reader, TEXT_ENCODING_UTF8, &utf8_error))
    return true;

  gint64 broken_at = reader->broken_at;
  guchar broken_byte = reader->broken_byte;

  if (!g_error_matches(utf8_error, IMPORT_ERROR, IMPORT_ERROR_TEXT) || broken_byte == 0 ||
      !text_file_read(reader->file, 0, bom, sizeof bom, &n, NULL) ||
      (n == 3 && memcmp(bom, "\xEF\xBB\xBF", 3) == 0)) {
    g_propagate_error(error, g_steal_pointer(&utf8_error));
    return false;
  }
  if (look_through(reader, TEXT_ENCODING_CP932, &cp932_error)) {
    reader->guessed = true;
    return true;
  }
  if (reader->broken_byte == 0) {
    g_propagate_error(error, g_steal_pointer(&cp932_error));
    return false;
  }
  reader->broken_at = broken_at;
  reader->broken_byte = broken_byte;
  reader->encoding = TEXT_ENCODING_UTF8;
  set_broken(reader, "neither UTF-8 nor, with the rest of the file, CP932", error);
  return false;
}

bool text_reader_open(const char *path, TextEncoding encoding, TextReader **ret_reader, GError **error)
{
  g_autoptr(TextReader) reader = g_new0(TextReader, 1);

  reader->iconv = (GIConv)-1;
  reader->raw = g_malloc(PIECE_SIZE);
  reader->decoded = g_string_new(NULL);
  if (!text_file_open(path, &reader->file, error))
    return false;

  bool known =
      encoding == TEXT_ENCODING_AUTO ? find_encoding(reader, error) : look_through(reader, encoding, error);

  if (!known || !start(reader, reader->encoding, error))
    return false;
  crypto_hash_sha256_init(&reader->hash);
  reader->hashing = true;
  *ret_reader = g_steal_pointer(&reader);
  return true;
}

void text_reader_free(TextReader *reader)
{
  if (reader == NULL)
    return;
  if (reader->iconv != (GIConv)-1)
    g_iconv_close(reader->iconv);
  text_file_free(reader->file);
  g_string_free(reader->decoded, TRUE);
  g_free(reader->raw);
  g_free(reader);
}

TextEncoding text_reader_encoding(const TextReader *reader)
{
  return reader->encoding;
}

bool text_reader_guessed(const TextReader *reader)
{
  return reader->guessed;
}

const char *text_reader_path(const TextReader *reader)
{
  return text_file_path(reader->file);
}

gint64 text_reader_total(const TextReader *reader)
{
  return text_file_size(reader->file);
}

gint64 text_reader_done(const TextReader *reader)
{
  return reader->done;
}

char *text_reader_sha256(TextReader *reader)
{
  guchar digest[crypto_hash_sha256_BYTES];
  char *hex = g_malloc(2 * sizeof digest + 1);

  crypto_hash_sha256_final(&reader->hash, digest);
  return sodium_bin2hex(hex, 2 * sizeof digest + 1, digest, sizeof digest);
}
