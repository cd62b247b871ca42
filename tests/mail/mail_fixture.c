#include "tests/mail/mail_fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/support/run.h"

#define SUBJECT                                                                                                                   \
  "【重要】生体情報モニタ KM-1000 シリーズ 製品寿命終了（EOL）およびサポート終了（EOS：End of " \
  "Support）のご案内（文書番号 KG-000123）"
#define NAME "学校法人北海道総合医療福祉大学附属北病院　臨床工学部　医療機器安全管理責任者　佐藤 太郎"

MailMessage fixture_letter(void)
{
  static MailAttachment attachments[2];

  attachments[0] = (MailAttachment){ "devices.csv", "text/csv; charset=utf-8",
                                     g_bytes_new_static("\xef\xbb\xbf製造番号\r\n00123\r\n", 24) };
  attachments[1] = (MailAttachment){ "製品寿命終了の予定.ics", "text/calendar; charset=utf-8",
                                     g_bytes_new_static("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", 32) };
  return (MailMessage){
    .from_name = "期限メディカル株式会社　品質保証部",
    .from_address = "notice@kigen-medical.example",
    .to_name = NAME,
    .to_address = "sato@kita-hospital.example",
    .reply_to = "support@kigen-medical.example",
    .subject = SUBJECT,
    .date = 1763849940,
    .message_id = "kigen.123.0f3a@kigen-medical.example",
    .boundary_seed = "0f3a",
    .text = "拝啓\n\n.\n..\nFrom here\r\n敬具\n",
    .html = "<!DOCTYPE html>\n<p>拝啓 &amp; 敬具</p>\n",
    .attachments = attachments,
    .n_attachments = 2,
  };
}

char *fixture_folder(void)
{
  char *folder = g_dir_make_tmp("kigen-mail-XXXXXX", NULL);

  ck_assert_ptr_nonnull(folder);
  return folder;
}

void fixture_remove(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

  for (const char *name = dir ? g_dir_read_name(dir) : NULL; name != NULL; name = g_dir_read_name(dir)) {
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
      fixture_remove(path);
    else
      g_unlink(path);
  }
  g_rmdir(folder);
}

char *fixture_script(const char *script, const char *argument)
{
  g_autofree char *relative = g_build_filename("tests/mail", script, NULL);
  g_autofree char *path = run_source_path(relative);
  g_autofree char *given = g_strdup(argument);
  char program[] = "python3";
  char *argv[] = { program, path, given, NULL };
  g_autofree char *errors = NULL;
  g_autoptr(GError) error = NULL;
  char *output = NULL;
  int status = -1;

  ck_assert_msg(
      g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors, &status, &error),
      "%s", error != NULL ? error->message : "");
  ck_assert_msg(status == 0, "%s: %s", script, errors);
  return output;
}

json_t *fixture_parse(GBytes *bytes)
{
  g_autofree char *folder = fixture_folder();
  g_autofree char *path = g_build_filename(folder, "mail.eml", NULL);
  gsize size = 0;
  const char *data = g_bytes_get_data(bytes, &size);

  ck_assert(g_file_set_contents(path, data, (gssize)size, NULL));

  g_autofree char *output = fixture_script("parse_mail.py", path);
  json_t *document = json_loads(output, 0, NULL);

  fixture_remove(folder);
  ck_assert_ptr_nonnull(document);
  return document;
}
