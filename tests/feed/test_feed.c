#include "notifier/feed/feed.h"
#include "notifier/feed/feed_text.h"
#include "notifier/feed/ical_fold.h"
#include "tests/support/run.h"

#include <libical/ical.h>
#include <string.h>

static const Feed feed_ja = { "ja", "あおば総合病院 サポート期限", "医療機器の期限", NULL };
static const char *const two_categories[] = { "サポート期限", "CT, MR; 他\\", "", NULL };

static FeedEvent eos(void)
{
  return (FeedEvent){
    .uid = "7b9c-eos@kigen.example",
    .sequence = 3,
    .last_modified = "2026-04-01T01:02:03Z",
    .day = day_from_ymd(2031, 3, 31),
    .summary = "サポート終了（EOS）: CT装置 X100, Ver.2",
    .description = "対象: 12台\nお問い合わせ: 03-0000-0000",
    .categories = two_categories,
    .url = "https://maker.example/x100?a=b;c,d",
  };
}

/* What is remembered changes no byte: rendered without, to be remembered, and out of memory. */
static char *render(const Feed *feed, const FeedEvent *events, gsize n)
{
  g_autoptr(FeedBlockMemo) blocks = feed_block_memo_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  ck_assert_msg(feed_render(feed, events, n, &bytes, &error), "%s", error != NULL ? error->message : "");
  for (int i = 0; i < 2; i++) {
    Feed again = *feed;
    g_autoptr(GBytes) same = NULL;

    again.blocks = blocks;
    ck_assert(feed_render(&again, events, n, &same, NULL));
    ck_assert(g_bytes_equal(bytes, same));
  }
  return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* Every byte, so that a change of one is seen: an ETag of every subscriber hangs on it. */
START_TEST(test_render_bytes)
{
  FeedEvent event = eos();
  g_autofree char *text = render(&feed_ja, &event, 1);

  ck_assert_str_eq(text, "BEGIN:VCALENDAR\r\n"
                         "VERSION:2.0\r\n"
                         "PRODID:-//kigen//support calendar//EN\r\n"
                         "CALSCALE:GREGORIAN\r\n"
                         "METHOD:PUBLISH\r\n"
                         "NAME:あおば総合病院 サポート期限\r\n"
                         "X-WR-CALNAME:あおば総合病院 サポート期限\r\n"
                         "DESCRIPTION:医療機器の期限\r\n"
                         "X-WR-CALDESC:医療機器の期限\r\n"
                         "COLOR:firebrick\r\n"
                         "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
                         "X-PUBLISHED-TTL:PT1H\r\n"
                         "BEGIN:VEVENT\r\n"
                         "UID:7b9c-eos@kigen.example\r\n"
                         "DTSTAMP:20260401T010203Z\r\n"
                         "LAST-MODIFIED:20260401T010203Z\r\n"
                         "SEQUENCE:3\r\n"
                         "DTSTART;VALUE=DATE:20310331\r\n"
                         "DTEND;VALUE=DATE:20310401\r\n"
                         "SUMMARY:サポート終了（EOS）: CT装置 X100\\, Ver.2\r\n"
                         "DESCRIPTION:対象: 12台\\nお問い合わせ: 03-0000-0000\r\n"
                         "CATEGORIES:サポート期限,CT\\, MR\\; 他\\\\\r\n"
                         "URL:https://maker.example/x100?a=b;c,d\r\n"
                         "STATUS:CONFIRMED\r\n"
                         "TRANSP:TRANSPARENT\r\n"
                         "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"
                         "END:VEVENT\r\n"
                         "END:VCALENDAR\r\n");
}
END_TEST

START_TEST(test_render_without_events)
{
  g_autofree char *text = render(&feed_ja, NULL, 0);

  ck_assert_ptr_nonnull(strstr(text, "X-PUBLISHED-TTL:PT1H\r\n"
                                     "BEGIN:VTIMEZONE\r\n"
                                     "TZID:Asia/Tokyo\r\n"
                                     "BEGIN:STANDARD\r\n"
                                     "DTSTART:19700101T000000\r\n"
                                     "TZOFFSETFROM:+0900\r\n"
                                     "TZOFFSETTO:+0900\r\n"
                                     "TZNAME:JST\r\n"
                                     "END:STANDARD\r\n"
                                     "END:VTIMEZONE\r\n"
                                     "END:VCALENDAR\r\n"));
  ck_assert_ptr_null(strstr(text, "VEVENT"));
}
END_TEST

START_TEST(test_render_cancelled)
{
  static const struct {
    const char *language, *line;
  } rows[] = { { "ja", "\r\nSUMMARY:【中止】EOS\r\n" }, { "en", "\r\nSUMMARY:[CANCELLED] EOS\r\n" } };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    Feed feed = { rows[i].language, "n", NULL, NULL };
    FeedEvent event = eos();

    event.cancelled = true;
    event.summary = "EOS";

    g_autofree char *text = render(&feed, &event, 1);

    ck_assert_msg(strstr(text, rows[i].line) != NULL, "row %zu: %s", i, text);
    ck_assert_msg(strstr(text, "\r\nSTATUS:CANCELLED\r\n") != NULL, "row %zu", i);
    ck_assert_msg(strstr(text, "\r\nSTATUS:CONFIRMED\r\n") == NULL, "row %zu", i);
    ck_assert_msg(strstr(text, "\r\nDTSTART;VALUE=DATE:20310331\r\n") != NULL, "row %zu", i);
  }
}
END_TEST

static const struct {
  int year, month, day;
  const char *lines;
} days[] = {
  { 2031, 3, 31, "\r\nDTSTART;VALUE=DATE:20310331\r\nDTEND;VALUE=DATE:20310401\r\n" },
  { 2027, 12, 31, "\r\nDTSTART;VALUE=DATE:20271231\r\nDTEND;VALUE=DATE:20280101\r\n" },
  { 2028, 2, 28, "\r\nDTSTART;VALUE=DATE:20280228\r\nDTEND;VALUE=DATE:20280229\r\n" },
  { 2028, 2, 29, "\r\nDTSTART;VALUE=DATE:20280229\r\nDTEND;VALUE=DATE:20280301\r\n" },
  { 2027, 2, 28, "\r\nDTSTART;VALUE=DATE:20270228\r\nDTEND;VALUE=DATE:20270301\r\n" },
  { 1583, 1, 1, "\r\nDTSTART;VALUE=DATE:15830101\r\nDTEND;VALUE=DATE:15830102\r\n" },
  { 3000, 12, 30, "\r\nDTSTART;VALUE=DATE:30001230\r\nDTEND;VALUE=DATE:30001231\r\n" },
};

START_TEST(test_render_days)
{
  FeedEvent event = eos();

  event.day = day_from_ymd(days[_i].year, days[_i].month, days[_i].day);

  g_autofree char *text = render(&feed_ja, &event, 1);

  ck_assert_msg(strstr(text, days[_i].lines) != NULL, "row %d: %s", _i, text);
}
END_TEST

static const struct {
  const char *instant;
  guint32 day; /* 0: 2031-03-31, else as is */
  int code;
} refused[] = {
  { "2026-04-01T01:02:03Z", G_MAXUINT32, FEED_ERROR_DAY },
  { "2026-04-01T01:02:03Z", 1, FEED_ERROR_DAY },       /* 0001-01-01 */
  { "2026-04-01T01:02:03Z", 3652059, FEED_ERROR_DAY }, /* 9999-12-31 */
  { NULL, 0, FEED_ERROR_INSTANT },
  { "", 0, FEED_ERROR_INSTANT },
  { "2026-04-01", 0, FEED_ERROR_INSTANT },
  { "2026-04-01 01:02:03Z", 0, FEED_ERROR_INSTANT },
  { "2026-04-01T01:02:03+", 0, FEED_ERROR_INSTANT },
  { "2026-02-29T01:02:03Z", 0, FEED_ERROR_INSTANT },
  { "2026-04-01T24:02:03Z", 0, FEED_ERROR_INSTANT },
  { "2026-04-01T01:60:03Z", 0, FEED_ERROR_INSTANT },
  { "2026-04-01T01:02:61Z", 0, FEED_ERROR_INSTANT },
  { "2026-04-01T01:02:-1Z", 0, FEED_ERROR_INSTANT },
};

START_TEST(test_render_refuses)
{
  g_autoptr(GError) error = NULL;
  GBytes *bytes = NULL;
  FeedEvent events[] = { eos(), eos() };

  events[1].uid = "second";
  events[1].last_modified = refused[_i].instant;
  if (refused[_i].day != 0)
    events[1].day = refused[_i].day;
  ck_assert_msg(!feed_render(&feed_ja, events, 2, &bytes, &error), "row %d", _i);
  ck_assert_msg(g_error_matches(error, FEED_ERROR, refused[_i].code), "row %d: %s", _i, error->message);
  ck_assert_msg(strstr(error->message, "second") != NULL, "row %d: %s", _i, error->message);
  ck_assert_ptr_null(bytes);
}
END_TEST

START_TEST(test_render_no_day_no_uid)
{
  g_autoptr(GError) error = NULL;
  GBytes *bytes = NULL;
  FeedEvent event = eos();

  event.day = DAY_NONE;
  ck_assert(!feed_render(&feed_ja, &event, 1, &bytes, &error));
  ck_assert(g_error_matches(error, FEED_ERROR, FEED_ERROR_DAY));
  g_clear_error(&error);
  event = eos();
  event.uid = " \r\n";
  ck_assert(!feed_render(&feed_ja, &event, 1, &bytes, &error));
  ck_assert(g_error_matches(error, FEED_ERROR, FEED_ERROR_UID));
}
END_TEST

START_TEST(test_render_is_deterministic)
{
  FeedEvent events[] = { eos(), eos(), eos() };
  g_autofree char *first = render(&feed_ja, events, 3);

  for (int i = 0; i < 50; i++) {
    g_autofree char *again = render(&feed_ja, events, 3);

    ck_assert_str_eq(first, again);
  }
}
END_TEST

/* Foreign text that tries to be something else, wherever text goes. */
static const char *const hostile[] = {
  "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
  "x\nATTACH:https://evil.example/",
  "x\rBEGIN:VALARM",
  "\x01\x02\x1b]0;x\x07",
  "\xFF\xFE\xC3\x28\xE7\xB5",
  "a,b;c\\d\\n\"e\":f",
  "\\",
  "",
  "   ",
  "https://maker.example/\r\nATTENDEE:mailto:a@b.example",
  "終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終終",
};

static void check_tree(const char *text, guint n, guint row)
{
  static const char *const known[] = { "UID",
                                       "DTSTAMP",
                                       "LAST-MODIFIED",
                                       "SEQUENCE",
                                       "DTSTART",
                                       "DTEND",
                                       "SUMMARY",
                                       "DESCRIPTION",
                                       "CATEGORIES",
                                       "URL",
                                       "STATUS",
                                       "TRANSP",
                                       "X-MICROSOFT-CDO-BUSYSTATUS",
                                       NULL };
  icalcomponent *calendar = icalparser_parse_string(text);
  guint seen = 0;

  ck_assert_msg(calendar != NULL, "row %u: libical does not read it", row);
  ck_assert_int_eq(icalcomponent_count_errors(calendar), 0);
  ck_assert_int_eq(icalcomponent_count_components(calendar, ICAL_ANY_COMPONENT), (int)n);
  for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
       event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT), seen++) {
    ck_assert_int_eq(icalcomponent_count_components(event, ICAL_ANY_COMPONENT), 0);
    ck_assert_int_eq(icalcomponent_count_properties(event, ICAL_UID_PROPERTY), 1);
    ck_assert_int_eq(icalcomponent_count_properties(event, ICAL_DTSTAMP_PROPERTY), 1);
    for (icalproperty *p = icalcomponent_get_first_property(event, ICAL_ANY_PROPERTY); p != NULL;
         p = icalcomponent_get_next_property(event, ICAL_ANY_PROPERTY))
      ck_assert_msg(g_strv_contains(known, icalproperty_get_property_name(p)), "row %u: a property %s", row,
                    icalproperty_get_property_name(p));
  }
  ck_assert_uint_eq(seen, n);
  icalcomponent_free(calendar);
}

START_TEST(test_render_hostile_text)
{
  const char *text = hostile[_i];
  const char *const categories[] = { text, "b", text, NULL };
  Feed feed = { "ja", text, text, NULL };
  FeedEvent events[] = { eos(), eos() };

  events[0].uid = strspn(text, " ") < strlen(text) ? text : "u";
  events[0].summary = events[0].description = events[0].url = text;
  events[0].categories = categories;
  events[0].cancelled = true;

  g_autofree char *got = render(&feed, events, 2);

  ck_assert(g_utf8_validate(got, -1, NULL));
  for (const char *p = got; *p != '\0'; p++)
    ck_assert_msg((guint8)*p >= 0x20 || (*p == '\r' && p[1] == '\n') || (*p == '\n' && p[-1] == '\r'),
                  "control byte %02x", *p);
  check_tree(got, 2, (guint)_i);
}
END_TEST

static GBytes *render_with(FeedBlockMemo *blocks, const char *language, const FeedEvent *event)
{
  Feed feed = { language, "n", NULL, blocks };
  GBytes *bytes = NULL;

  ck_assert(feed_render(&feed, event, 1, &bytes, NULL));
  return bytes;
}

/* Events that differ in one thing alone are never taken for one another, whatever is remembered. */
START_TEST(test_blocks_tell_apart)
{
  static const char *const other_categories[] = { "サポート期限", NULL };
  static const char *const joined_categories[] = { "a", "b", NULL }, *const one_category[] = { "ab", NULL };
  g_autoptr(FeedBlockMemo) blocks = feed_block_memo_new();
  FeedEvent events[12];
  gsize n = 0;

  for (; n < G_N_ELEMENTS(events); n++)
    events[n] = eos();
  events[1].uid = "other@kigen.example";
  events[2].sequence = 4;
  events[3].last_modified = "2026-04-01T01:02:04Z";
  events[4].day++;
  events[5].summary = "サポート終了";
  events[6].description = NULL;
  events[7].description = "";
  events[8].url = NULL;
  events[9].categories = other_categories;
  events[10].categories = joined_categories;
  events[11].categories = one_category;
  for (int cancelled = 0; cancelled < 2; cancelled++) {
    for (gsize i = 0; i < n; i++) {
      for (int english = 0; english < 2; english++) {
        const char *language = english ? "en" : "ja";

        events[i].cancelled = cancelled != 0;

        g_autoptr(GBytes) fresh = render_with(NULL, language, &events[i]);
        g_autoptr(GBytes) kept = render_with(blocks, language, &events[i]);

        ck_assert_msg(g_bytes_equal(fresh, kept), "event %zu", i);
      }
    }
  }
}
END_TEST

/* What is remembered is bounded, and more than that is rendered all the same. */
START_TEST(test_blocks_many)
{
  g_autoptr(FeedBlockMemo) blocks = feed_block_memo_new();
  FeedEvent event = eos();

  for (int i = 0; i < 3000; i++) {
    event.sequence = i;

    g_autoptr(GBytes) kept = render_with(blocks, "ja", &event);

    if (i % 500 == 0) {
      g_autoptr(GBytes) fresh = render_with(NULL, "ja", &event);

      ck_assert(g_bytes_equal(fresh, kept));
    }
  }
}
END_TEST

/* The line that libical writes of `property`, which is taken. */
static char *line_by_libical(icalproperty *property)
{
  g_autoptr(GString) folded = g_string_new(NULL);
  char *text = icalproperty_as_ical_string_r(property);

  ical_fold_text(folded, text, strlen(text));
  icalmemory_free_buffer(text);
  icalproperty_free(property);
  return g_string_free(g_steal_pointer(&folded), FALSE);
}

/* The texts that we escape ourselves are what libical would have written. */
START_TEST(test_texts_as_libical)
{
  const char *text = hostile[_i];
  g_autoptr(GString) line = g_string_new(NULL), lines = g_string_new(NULL);
  FeedEvent event = eos();

  if (*feed_text_clean(line, text, FEED_TEXT_LINE) == '\0')
    return;
  feed_text_clean(lines, text, FEED_TEXT_LINES);
  event.uid = event.summary = event.description = text;

  g_autofree char *uid = line_by_libical(icalproperty_new_uid(line->str));
  g_autofree char *summary = line_by_libical(icalproperty_new_summary(line->str));
  g_autofree char *description = line_by_libical(icalproperty_new_description(lines->str));
  g_autofree char *begin = g_strconcat("BEGIN:VEVENT\r\n", uid, "DTSTAMP:", NULL);
  g_autofree char *texts = g_strconcat("20310401\r\n", summary, description, "CATEGORIES:", NULL);
  g_autofree char *calendar = render(&feed_ja, &event, 1);

  ck_assert_msg(strstr(calendar, begin) != NULL, "%s\n%s", begin, calendar);
  ck_assert_msg(strstr(calendar, texts) != NULL, "%s\n%s", texts, calendar);
}
END_TEST

START_TEST(test_render_reads_back)
{
  FeedEvent event = eos();

  event.summary = "a, b; c\\d \"e\" 製品寿命終了製品寿命終了製品寿命終了製品寿命終了 終";
  event.description =
      "一行目\n二行目, ; \\ 三\n\nお問い合わせお問い合わせお問い合わせお問い合わせお問い合わせ";

  g_autofree char *text = render(&feed_ja, &event, 1);
  icalcomponent *calendar = icalparser_parse_string(text);
  icalcomponent *back = icalcomponent_get_first_real_component(calendar);

  ck_assert_str_eq(icalcomponent_get_summary(back), event.summary);
  ck_assert_str_eq(icalcomponent_get_description(back), event.description);
  ck_assert_str_eq(icalcomponent_get_uid(back), event.uid);
  ck_assert_int_eq(icalcomponent_get_sequence(back), 3);
  ck_assert_str_eq(icaltime_as_ical_string(icalcomponent_get_dtstart(back)), "20310331");
  ck_assert_str_eq(icaltime_as_ical_string(icalcomponent_get_dtend(back)), "20310401");
  ck_assert_ptr_null(strstr(text, "SUMMARY:\r\n"));
  ck_assert_ptr_null(strstr(text, " \r\n"));
  icalcomponent_free(calendar);
}
END_TEST

/* libical 3.0.16 folds a line that is just full between its CR and LF. */
START_TEST(test_render_every_length)
{
  for (gsize n = 1; n < 400; n++) {
    g_autofree char *summary = g_strnfill(n, 'a');
    FeedEvent event = eos();

    event.summary = summary;

    g_autofree char *text = render(&feed_ja, &event, 1);

    ck_assert_msg(strstr(text, "\r\r") == NULL && strstr(text, "\n\r") == NULL, "%zu: %s", n, text);
    check_tree(text, 1, (guint)n);
  }
}
END_TEST

START_TEST(test_render_many)
{
  enum { N = 2000 };
  g_autofree FeedEvent *events = g_new0(FeedEvent, N);
  g_autoptr(GPtrArray) uids = g_ptr_array_new_with_free_func(g_free);

  for (gsize i = 0; i < N; i++) {
    g_ptr_array_add(uids, g_strdup_printf("%zu@kigen.example", i));
    events[i] = eos();
    events[i].uid = g_ptr_array_index(uids, i);
  }

  g_autofree char *text = render(&feed_ja, events, N);

  check_tree(text, N, 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("feed");
  TCase *tcase = tcase_create("feed");

  tcase_set_timeout(tcase, 60);
  tcase_add_test(tcase, test_render_bytes);
  tcase_add_test(tcase, test_render_without_events);
  tcase_add_test(tcase, test_render_cancelled);
  tcase_add_loop_test(tcase, test_render_days, 0, G_N_ELEMENTS(days));
  tcase_add_loop_test(tcase, test_render_refuses, 0, G_N_ELEMENTS(refused));
  tcase_add_test(tcase, test_render_no_day_no_uid);
  tcase_add_test(tcase, test_render_is_deterministic);
  tcase_add_loop_test(tcase, test_render_hostile_text, 0, G_N_ELEMENTS(hostile));
  tcase_add_test(tcase, test_render_reads_back);
  tcase_add_test(tcase, test_render_every_length);
  tcase_add_test(tcase, test_render_many);
  tcase_add_test(tcase, test_blocks_tell_apart);
  tcase_add_test(tcase, test_blocks_many);
  tcase_add_loop_test(tcase, test_texts_as_libical, 0, G_N_ELEMENTS(hostile));
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
