#include "notifier/page/devices_csv.h"

#include <string.h>

#include "notifier/page/page_site.h"
#include "notifier/page/page_unit.h"
#include "notifier/template/csv_cell.h"

#define GETA "\x81\xac" /* 〓 in CP932: printers' mark for a character they lack */

typedef struct {
  const PageFrame *frame;
  GString *csv;
  gint64 more;
} Sheet;

static const struct {
  const char *ja, *en;
} headings[] = {
  { "施設", "Organization" },
  { "販売名", "Product" },
  { "型式", "Model" },
  { "ソフトウェア", "Software" },
  { "製造番号", "Serial number" },
  { "ロット番号", "Lot" },
  { "数量", "Quantity" },
  { "UDI", "UDI" },
  { "部署", "Department" },
  { "設置場所", "Location" },
  { "資産番号", "Asset number" },
  { "納入日", "Installed on" },
  { "状態", "Status" },
  { "段階", "Stage" },
  { "製品寿命終了（EOL）", "End of life (EOL)" },
  { "サポート終了（EOS）", "End of support (EOS)" },
  { "備考", "Remark" },
};

static void put(const Sheet *sheet, const char *text, bool is_first)
{
  g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);

  csv_cell_append(sheet->csv, valid, is_first);
}

static void end_row(const Sheet *sheet)
{
  g_string_append(sheet->csv, "\r\n");
}

static void put_headings(const Sheet *sheet)
{
  for (gsize i = 0; i < G_N_ELEMENTS(headings); i++)
    put(sheet, page_frame_is_english(sheet->frame) ? headings[i].en : headings[i].ja, i == 0);
  end_row(sheet);
}

static void put_day(const Sheet *sheet, Day day)
{
  char text[DAY_TEXT_SIZE];

  put(sheet, day != DAY_NONE ? day_format(day, text) : NULL, false);
}

/* ISO, which every ledger reads. */
static void put_date(const Sheet *sheet, PlanDate date)
{
  bool english = page_frame_is_english(sheet->frame);

  if (date.state == DATE_KNOWN)
    put_day(sheet, date.day);
  else if (date.state == DATE_TBA)
    put(sheet, english ? "not announced" : "未定", false);
  else
    put(sheet, english ? "unknown" : "不明", false);
}

static const char *status_word(const char *status, bool english)
{
  static const char *const words[][3] = { { "in-use", "使用中", "in use" },
                                          { "spare", "予備", "spare" },
                                          { "isolated", "隔離中", "isolated" } };

  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_strcmp0(status, words[i][0]) == 0)
      return words[i][english ? 2 : 1];
  return english ? "unknown" : "不明";
}

/* What the dates alone do not say. Own string. */
static char *remark_of(const HeldUnit *unit, bool english)
{
  GString *text = g_string_new(NULL);
  bool latest = effective_is_latest(unit->end.eol) || effective_is_latest(unit->end.eos);
  bool contract = unit->end.eos.date.state == DATE_KNOWN && unit->end.eos.by != EFFECTIVE_PLAN;

  if (latest)
    g_string_append(text, english ? "at the latest: a part has no date yet"
                                  : "期限は遅くともこの日（構成品の一部は期限未公表）");
  if (contract)
    g_string_append_printf(text, "%s%s", text->len > 0 ? (english ? "; " : "、") : "",
                           english ? "EOS extended by contract" : "契約により EOS を延長");
  return g_string_free(text, FALSE);
}

static void put_unit(const Sheet *sheet, const PageSite *site, const HeldUnit *unit)
{
  bool english = page_frame_is_english(sheet->frame);
  g_autofree char *quantity = g_strdup_printf("%" G_GINT64_FORMAT, unit->quantity);
  g_autofree char *remark = remark_of(unit, english);
  const char *const first[] = {
    site->name,       page_frame_choose(sheet->frame, unit->product_name_ja, unit->product_name_en),
    unit->model,      unit->software,
    unit->serial,     unit->lot,
    quantity,         unit->udi,
    unit->department, unit->location,
    unit->asset_no
  };

  for (gsize i = 0; i < G_N_ELEMENTS(first); i++)
    put(sheet, first[i], i == 0);
  put_day(sheet, unit->installed_on);
  put(sheet, status_word(unit->status, english), false);
  put(sheet, stage_name(page_unit_stage(unit, sheet->frame->today), sheet->frame->language), false);
  put_date(sheet, unit->end.eol.date);
  put_date(sheet, unit->end.eos.date);
  put(sheet, remark, false);
  end_row(sheet);
}

/* A PageSiteVisit. */
static bool put_site(const PageSite *site, gpointer data, GError **error)
{
  Sheet *sheet = data;

  for (guint i = 0; i < site->units->len; i++)
    put_unit(sheet, site, site->units->pdata[i]);
  sheet->more += site->more;
  return true;
}

static void put_more(const Sheet *sheet)
{
  g_autofree char *text = g_strdup_printf(
      page_frame_is_english(sheet->frame) ? "and %" G_GINT64_FORMAT " more; please ask us for the whole list"
                                          : "ほか%" G_GINT64_FORMAT "件（全件の一覧はお問い合わせください）",
      sheet->more);

  if (sheet->more == 0)
    return;
  put(sheet, text, true);
  end_row(sheet);
}

/* The same character as Windows writes it: what other systems type has no place in CP932. */
static gunichar as_windows_has_it(gunichar c)
{
  static const gunichar pairs[][2] = { { 0x301c, 0xff5e }, { 0x2212, 0xff0d }, { 0x2016, 0x2225 },
                                       { 0x2014, 0x2015 }, { 0x00a2, 0xffe0 }, { 0x00a3, 0xffe1 },
                                       { 0x00ac, 0xffe2 }, { 0x00a5, 0xffe5 }, { 0x00a0, 0x0020 } };

  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
    if (pairs[i][0] == c)
      return pairs[i][1];
  return c;
}

/* False when CP932 has no such character. */
static bool append_character(GString *out, gunichar c)
{
  char utf8[8];
  gsize written;
  g_autofree char *bytes = NULL;

  if (c < 0x80) {
    g_string_append_c(out, (char)c);
    return true;
  }
  bytes =
      g_convert(utf8, g_unichar_to_utf8(as_windows_has_it(c), utf8), "CP932", "UTF-8", NULL, &written, NULL);
  if (bytes == NULL)
    return false;
  g_string_append_len(out, bytes, (gssize)written);
  return true;
}

GString *devices_csv_cp932(const char *text, guint *ret_lost)
{
  GString *out = g_string_new(NULL);
  guint lost = 0;

  for (const char *p = text; *p != '\0'; p += g_utf8_skip[(guchar)*p]) {
    if (append_character(out, g_utf8_get_char(p)))
      continue;
    g_string_append(out, GETA);
    lost++;
  }
  *ret_lost = lost;
  return out;
}

static GBytes *as_cp932(const Sheet *sheet)
{
  guint lost, none;
  GString *out = devices_csv_cp932(sheet->csv->str, &lost);
  g_autofree char *text = g_strdup_printf(
      page_frame_is_english(sheet->frame)
          ? "%u characters that CP932 lacks are 〓 here; the UTF-8 file has them\r\n"
          : "CP932 にない文字（%u文字）を〓で示しています。UTF-8 のファイルには元の文字があります。\r\n",
      lost);
  GString *note = devices_csv_cp932(text, &none);

  if (lost > 0)
    g_string_append_len(out, note->str, (gssize)note->len);
  g_string_free(note, TRUE);
  return g_string_free_to_bytes(out);
}

bool devices_csv_render(Db *db, const PageFrame *frame, const PageRow *page, DevicesCsvEncoding encoding,
                        GBytes **ret_bytes, GError **error)
{
  g_autoptr(GString) csv = g_string_new(encoding == DEVICES_CSV_UTF8 ? CSV_CELL_BOM : "");
  Sheet sheet = { frame, csv, 0 };

  put_headings(&sheet);
  if (!page_site_each(db, frame, page, DEVICES_CSV_MAX, put_site, &sheet, error))
    return false;
  put_more(&sheet);
  *ret_bytes =
      encoding == DEVICES_CSV_UTF8 ? g_string_free_to_bytes(g_steal_pointer(&csv)) : as_cp932(&sheet);
  return true;
}
