#include "notifier/web/web_gzip.h"
#include "tests/support/run.h"

#include <gio/gio.h>

START_TEST(test_is_asked)
{
  static const struct {
    const char *header;
    bool asked;
  } rows[] = {
    { NULL, false },
    { "", false },
    { "gzip", true },
    { "deflate, gzip;q=1.0, *;q=0.5", true },
    { "GZip", true },
    { "x-gzip", true },
    { "gzip;q=0", false },
    { "gzip; q=0.000", false },
    { "gzip ; q=0.001", true },
    { "*", false },
    { "identity", false },
    { "br,zstd", false },
    { "gzipped", false },
    { "gzip;level=9", false },
    { ",,gzip,,", true },
    { "gzip;q=", false },
    { "gzip;q=nan", false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    ck_assert_msg(web_gzip_is_asked(rows[i].header) == rows[i].asked, "row %zu", i);
}
END_TEST

static GBytes *unzip(GBytes *bytes)
{
  g_autoptr(GZlibDecompressor) decompressor = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GInputStream) memory = g_memory_input_stream_new_from_bytes(bytes);
  g_autoptr(GInputStream) stream = g_converter_input_stream_new(memory, G_CONVERTER(decompressor));

  return g_input_stream_read_bytes(stream, 10 * 1024 * 1024, NULL, NULL);
}

START_TEST(test_round_trip)
{
  static const gsize sizes[] = { 0, 1, 100, 16383, 16384, 16385, 1000000 };

  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    guint8 *data = g_malloc0(sizes[i] + 1);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);

    for (gsize k = 0; k < sizes[i]; k++)
      data[k] = (guint8)g_rand_int(rand); /* does not get smaller: several pieces */
    bytes = g_bytes_new_take(data, sizes[i]);

    g_autoptr(GBytes) small = web_gzip(bytes);
    g_autoptr(GBytes) again = web_gzip(bytes);
    g_autoptr(GBytes) back = unzip(small);

    ck_assert_msg(g_bytes_equal(small, again), "%zu bytes: not the same twice", sizes[i]);
    ck_assert_msg(g_bytes_equal(back, bytes), "%zu bytes", sizes[i]);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("web_gzip");
  TCase *tcase = tcase_create("web_gzip");

  tcase_add_test(tcase, test_is_asked);
  tcase_add_test(tcase, test_round_trip);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
