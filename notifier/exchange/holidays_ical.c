#include "notifier/exchange/holidays_ical.h"

#include "notifier/exchange/holidays.h"

#include <libical/ical.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(icalcomponent, icalcomponent_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(icalrecur_iterator, icalrecur_iterator_free)

/* One VEVENT. */
typedef struct {
  guint line; /* it begins on */
  icalcomponent *event;
} Event;

/* A file in the reading. */
typedef struct {
  const char *path;
  GArray *events;      /* Event */
  GHashTable *changed; /* "UID YYYY-MM-DD" of occurrences that an event of their own stands for */
  GArray *days;
} Reading;

static void clear_event(gpointer event)
{
  icalcomponent_free(((Event *)event)->event);
}

/* True when the line at `line` is "WORD" or begins "WORD:" or "WORD;", whatever its case. */
static bool is_property(const char *line, const char *word)
{
  size_t length = strlen(word);

  return g_ascii_strncasecmp(line, word, length) == 0 && strchr(":; \t\r\n", line[length]) != NULL;
}

static const char *next_line(const char *line)
{
  const char *end = strchr(line, '\n');

  return end != NULL ? end + 1 : line + strlen(line);
}

bool holidays_ical_is(const char *text)
{
  return is_property(text + strspn(text, " \t\r\n"), "BEGIN:VCALENDAR");
}

static bool refuse(const Reading *reading, guint line, GError **error, const char *what)
{
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "%s:%u: the event that begins here %s", reading->path,
              line, what);
  return false;
}

/* The properties that say which days an event closes. */
static const struct {
  const char *name;
  icalproperty_kind kind;
} telling[] = {
  { "DTSTART", ICAL_DTSTART_PROPERTY },   { "DTEND", ICAL_DTEND_PROPERTY },
  { "DURATION", ICAL_DURATION_PROPERTY }, { "RRULE", ICAL_RRULE_PROPERTY },
  { "RDATE", ICAL_RDATE_PROPERTY },       { "EXDATE", ICAL_EXDATE_PROPERTY },
  { "EXRULE", ICAL_EXRULE_PROPERTY },     { "RECURRENCE-ID", ICAL_RECURRENCEID_PROPERTY },
};

/* How many lines of the event's own (not of an alarm in it) are the property `name`. */
static int count_lines(const char *text, const char *name)
{
  int depth = 0, n = 0;

  for (const char *line = text; *line != '\0'; line = next_line(line)) {
    depth += is_property(line, "BEGIN") - is_property(line, "END");
    n += depth == 1 && is_property(line, name);
  }
  return n;
}

/* libical drops a property it cannot read: what counts must not get lost that way. */
static bool check_whole(const Reading *reading, guint line, const char *text, icalcomponent *event,
                        GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(telling); i++) {
    if (icalcomponent_count_properties(event, telling[i].kind) < count_lines(text, telling[i].name)) {
      g_autofree char *what = g_strdup_printf("has a %s that cannot be read (RFC 5545)", telling[i].name);

      return refuse(reading, line, error, what);
    }
  }
  return true;
}

static bool add_event(Reading *reading, guint line, const char *start, gsize size, GError **error)
{
  g_autofree char *text = g_strndup(start, size);
  g_autoptr(icalcomponent) event = icalparser_parse_string(text);

  if (event == NULL || icalcomponent_isa(event) != ICAL_VEVENT_COMPONENT)
    return refuse(reading, line, error, "cannot be read as iCalendar (RFC 5545)");
  if (!check_whole(reading, line, text, event, error))
    return false;

  Event read = { line, g_steal_pointer(&event) };

  g_array_append_val(reading->events, read);
  return true;
}

/* Cuts the text into its events, so that each can be named by its line. */
static bool find_events(Reading *reading, const char *text, GError **error)
{
  const char *begin = NULL;
  guint number = 1, begin_number = 0;

  for (const char *line = text; *line != '\0'; line = next_line(line), number++) {
    if (is_property(line, "BEGIN:VEVENT")) {
      if (begin != NULL)
        return refuse(reading, begin_number, error, "has no END:VEVENT: is the file complete?");
      begin = line;
      begin_number = number;
    } else if (begin != NULL && is_property(line, "END:VEVENT")) {
      if (!add_event(reading, begin_number, begin, (gsize)(next_line(line) - begin), error))
        return false;
      begin = NULL;
    }
  }
  return begin == NULL || refuse(reading, begin_number, error, "has no END:VEVENT: is the file complete?");
}

static Day day_of(struct icaltimetype time)
{
  return day_from_ymd(time.year, time.month, time.day);
}

static Day last_day(void)
{
  return day_from_ymd(HOLIDAYS_LAST_YEAR, 12, 31);
}

static char *occurrence_key(icalcomponent *event, Day day)
{
  const char *uid = icalcomponent_get_uid(event);
  char text[DAY_TEXT_SIZE];

  return g_strdup_printf("%s %s", uid != NULL ? uid : "", day_format(day, text));
}

static icalproperty *first(icalcomponent *event, icalproperty_kind kind)
{
  return icalcomponent_get_first_property(event, kind);
}

static void note_changed(Reading *reading, icalcomponent *event)
{
  icalproperty *property = first(event, ICAL_RECURRENCEID_PROPERTY);
  Day day = property != NULL ? day_of(icalproperty_get_recurrenceid(property)) : DAY_NONE;

  if (day != DAY_NONE)
    g_hash_table_add(reading->changed, occurrence_key(event, day));
}

/* How many days an event of whole days lasts: DTEND is the day after its last (RFC 5545 §3.6.1); 0 when that
 * makes no sense. */
static int length_of(icalcomponent *event, Day start)
{
  icalproperty *end = first(event, ICAL_DTEND_PROPERTY), *duration = first(event, ICAL_DURATION_PROPERTY);

  if (end != NULL) {
    Day after = day_of(icalproperty_get_dtend(end));

    return after == DAY_NONE || after < start ? 0 : (int)MAX(after - start, 1);
  }
  if (duration != NULL) {
    struct icaldurationtype length = icalproperty_get_duration(duration);

    if (length.is_neg || length.weeks > 10 || length.days > 100)
      return 0;
    return (int)MAX(length.weeks * 7 + length.days, 1);
  }
  return 1;
}

/* Closes the `length` days from `day` on, unless that occurrence was taken out or is told by an event of its
 * own. */
static void close_days(const Reading *reading, icalcomponent *event, GHashTable *without, Day day, int length)
{
  g_autofree char *key = occurrence_key(event, day);

  if (g_hash_table_contains(without, GUINT_TO_POINTER(day)) ||
      (first(event, ICAL_RECURRENCEID_PROPERTY) == NULL && g_hash_table_contains(reading->changed, key)))
    return;
  for (Day closed = day; closed < day + (Day)length && closed <= last_day(); closed++)
    if (reading->days->len <= HOLIDAYS_DAYS_MAX)
      g_array_append_val(reading->days, closed);
}

/* Every day that `rule` makes from `start` on, up to the last one that counts. */
static bool expand(const Event *event, struct icalrecurrencetype rule, struct icaltimetype start,
                   GArray *days, const Reading *reading, GError **error)
{
  g_autoptr(icalrecur_iterator) iterator = NULL;

  /* Below a day nothing is whole, and libical would count the seconds. */
  if (rule.freq != ICAL_DAILY_RECURRENCE && rule.freq != ICAL_WEEKLY_RECURRENCE &&
      rule.freq != ICAL_MONTHLY_RECURRENCE && rule.freq != ICAL_YEARLY_RECURRENCE)
    return refuse(reading, event->line, error,
                  "repeats more often than by the day: FREQ is DAILY, WEEKLY, MONTHLY or YEARLY");
  iterator = icalrecur_iterator_new(rule, start);
  if (iterator == NULL)
    return refuse(reading, event->line, error, "has an RRULE that cannot be followed (RFC 5545 §3.3.10)");
  for (;;) {
    struct icaltimetype next = icalrecur_iterator_next(iterator);
    Day day = day_of(next);

    if (icaltime_is_null_time(next) || day > last_day() || days->len > HOLIDAYS_DAYS_MAX)
      return true;
    if (day == DAY_NONE) /* long before our calendar's time */
      return refuse(reading, event->line, error, "repeats on a day that is none: correct DTSTART");
    g_array_append_val(days, day);
  }
}

static bool expand_rules(const Reading *reading, const Event *event, icalproperty_kind kind,
                         struct icaltimetype start, GArray *days, GError **error)
{
  for (icalproperty *property = first(event->event, kind); property != NULL;
       property = icalcomponent_get_next_property(event->event, kind)) {
    struct icalrecurrencetype rule =
        kind == ICAL_RRULE_PROPERTY ? icalproperty_get_rrule(property) : icalproperty_get_exrule(property);

    if (!expand(event, rule, start, days, reading, error))
      return false;
  }
  return true;
}

/* The occurrences of a repeated event that are none. */
static bool find_without(const Reading *reading, const Event *event, struct icaltimetype start,
                         GHashTable *without, GError **error)
{
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(Day));

  if (!expand_rules(reading, event, ICAL_EXRULE_PROPERTY, start, days, error))
    return false;
  for (guint i = 0; i < days->len; i++)
    g_hash_table_add(without, GUINT_TO_POINTER(g_array_index(days, Day, i)));
  for (icalproperty *property = first(event->event, ICAL_EXDATE_PROPERTY); property != NULL;
       property = icalcomponent_get_next_property(event->event, ICAL_EXDATE_PROPERTY))
    g_hash_table_add(without, GUINT_TO_POINTER(day_of(icalproperty_get_exdate(property))));
  return true;
}

/* DTSTART is an occurrence whatever the rule says (RFC 5545 §3.8.5.3). */
static bool find_starts(const Reading *reading, const Event *event, struct icaltimetype start, GArray *starts,
                        GError **error)
{
  Day day = day_of(start);

  g_array_append_val(starts, day);
  for (icalproperty *property = first(event->event, ICAL_RDATE_PROPERTY); property != NULL;
       property = icalcomponent_get_next_property(event->event, ICAL_RDATE_PROPERTY)) {
    day = day_of(icalproperty_get_rdate(property).time);
    if (day == DAY_NONE)
      return refuse(reading, event->line, error, "has an RDATE that is no day");
    g_array_append_val(starts, day);
  }
  return expand_rules(reading, event, ICAL_RRULE_PROPERTY, start, starts, error);
}

static bool read_event(const Reading *reading, const Event *event, GError **error)
{
  icalproperty *property = first(event->event, ICAL_DTSTART_PROPERTY);
  g_autoptr(GHashTable) without = g_hash_table_new(NULL, NULL);
  g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(Day));

  if (property == NULL)
    return refuse(reading, event->line, error, "has no DTSTART, so it is on no day");

  struct icaltimetype start = icalproperty_get_dtstart(property);
  Day day = day_of(start);
  int length = day != DAY_NONE ? length_of(event->event, day) : 0;

  if (!start.is_date || icalcomponent_get_status(event->event) == ICAL_STATUS_CANCELLED)
    return true;
  if (length == 0)
    return refuse(reading, event->line, error,
                  day == DAY_NONE ? "starts on no day: correct DTSTART"
                                  : "ends before it begins, or on no day: correct DTEND or DURATION");
  if (!find_without(reading, event, start, without, error) ||
      !find_starts(reading, event, start, starts, error))
    return false;
  for (guint i = 0; i < starts->len; i++)
    close_days(reading, event->event, without, g_array_index(starts, Day, i), length);
  return true;
}

bool holidays_ical_read(const char *text, const char *path, GArray *days, GError **error)
{
  g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(Event));
  g_autoptr(GHashTable) changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  Reading reading = { path, events, changed, days };

  g_array_set_clear_func(events, clear_event);
  if (!find_events(&reading, text, error))
    return false;
  for (guint i = 0; i < events->len; i++)
    note_changed(&reading, g_array_index(events, Event, i).event);
  for (guint i = 0; i < events->len && days->len <= HOLIDAYS_DAYS_MAX; i++)
    if (!read_event(&reading, &g_array_index(events, Event, i), error))
      return false;
  return true;
}
