/* What the store promises about disks that are read-only, full or damaged (architecture.md, Storage). */

#include "tests/db/storage.h"
#include "tests/support/run.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

/* From here on without root's rights: those ignore what a file's mode says. */
static void become_nobody(void)
{
  g_autofree char *folder = scratch_path("");

  ck_assert_int_eq(chmod(folder, 0755), 0);
  if (geteuid() == 0) {
    ck_assert_int_eq(setegid(NOBODY), 0);
    ck_assert_int_eq(seteuid(NOBODY), 0);
  }
}

static void become_root(void)
{
  g_autofree char *folder = scratch_path("");

  if (getuid() == 0) {
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(setegid(0), 0);
  }
  ck_assert_int_eq(chmod(folder, 0700), 0);
}

static void set_modes(mode_t mode)
{
  static const char *const names[] = { "kigen.db", "kigen.db-wal", "kigen.db-shm", "kigen.db.lock" };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = scratch_path(names[i]);

    (void)!chmod(path, mode);
  }
}

static void assert_open_fails(const char *name, DbMode mode, DbError expected, const char *word)
{
  g_autofree char *path = scratch_path(name);
  g_autoptr(Db) db = NULL;
  g_autoptr(GError) error = NULL;

  assert_fails(db_open(path, mode, &db, &error), error, expected, word);
}

START_TEST(test_read_only_store)
{
  g_autofree char *folder = scratch_path("");
  g_autoptr(Db) keeps_files = scratch_store("kigen.db");

  assert_done(storage_insert(keeps_files, 5, 10, ERR));
  set_modes(0444);
  if (geteuid() != 0) {
    ck_assert_int_eq(chmod(folder, 0555), 0);
  }
  become_nobody();
  assert_open_fails("kigen.db", DB_WRITE, DB_ERROR_READ_ONLY, "read-only");
  assert_open_fails("new.db", DB_CREATE, DB_ERROR_READ_ONLY, "new.db");
  g_autoptr(Db) db = storage_open("kigen.db", DB_READ);

  ck_assert_int_eq(storage_rows(db), 5);
  db_close(g_steal_pointer(&db));
  become_root();
}
END_TEST

/* Without a -shm file to read, and where none can be made, SQLite cannot read a store in WAL mode: we say so.
 */
START_TEST(test_read_only_directory_without_shm)
{
  g_autofree char *shm = scratch_path("kigen.db-shm");
  g_autofree char *wal = scratch_path("kigen.db-wal");

  db_close(scratch_store("kigen.db"));
  set_modes(0444);
  ck_assert_int_eq(g_unlink(shm), 0);
  become_nobody();
  assert_open_fails("kigen.db", DB_READ, DB_ERROR_READ_ONLY, "writ");
  become_root();
  ck_assert_int_eq(g_unlink(wal), 0);
  become_nobody();
  assert_open_fails("kigen.db", DB_READ, DB_ERROR_READ_ONLY, "writ");
  become_root();
}
END_TEST

START_TEST(test_unreadable_store)
{
  db_close(scratch_store("kigen.db"));
  set_modes(0000);
  become_nobody();
  assert_open_fails("kigen.db", DB_READ, DB_ERROR_READ_ONLY, "kigen.db");
  become_root();
}
END_TEST

/* A namespace of our own where we may mount; as root, or as root of a user namespace. */
static bool enter_namespace(void)
{
  g_autofree char *map = g_strdup_printf("0 %d 1", (int)getuid());

  if (geteuid() == 0 && unshare(CLONE_NEWNS) == 0) {
    return true;
  }
  return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
         g_file_set_contents_full("/proc/self/uid_map", map, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

/* A disk of 1 MB at `path`. False where the system does not let us: the test then says so. */
static bool mount_small_disk(const char *path)
{
  ck_assert_int_eq(g_mkdir(path, 0700), 0);
  if (enter_namespace() && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
      mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0) {
    return true;
  }
  g_print("# skipped: this system lets nobody mount a small tmpfs\n");
  return false;
}

START_TEST(test_disk_full)
{
  g_autofree char *disk = scratch_path("disk");

  if (!mount_small_disk(disk)) {
    return;
  }
  g_autoptr(Db) db = scratch_store("disk/kigen.db");
  g_autoptr(GError) error = NULL;

  assert_done(storage_insert(db, 1, 100, ERR));
  assert_fails(storage_insert(db, 5000, 2000, &error), error, DB_ERROR_FULL, "disk/kigen.db");
  ck_assert_ptr_nonnull(strstr(error->message, "free space"));
  storage_assert_integrity(db);
  ck_assert_int_eq(storage_rows(db), 1);
  db_close(g_steal_pointer(&db));
  db = storage_open("disk/kigen.db", DB_WRITE);
  storage_assert_integrity(db);
  ck_assert_int_eq(storage_rows(db), 1);
}
END_TEST

/* Leaves `left` bytes, more or less, on the small disk. */
static void fill_disk(const char *ballast, gsize left)
{
  gsize size = 1024 * 1024 - left;
  g_autofree char *bytes = g_malloc0(size);
  int file = open(ballast, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  ck_assert_int_ge(file, 0);
  ck_assert_int_gt(write(file, bytes, size), 0);
  close(file);
}

START_TEST(test_create_on_a_full_disk_leaves_nothing)
{
  g_autofree char *disk = scratch_path("disk");
  g_autofree char *ballast = scratch_path("disk/ballast");
  g_autofree char *path = scratch_path("disk/kigen.db");
  int refused = 0, made = 0;

  if (!mount_small_disk(disk)) {
    return;
  }
  for (gsize left = 0; left <= 800 * 1024; left += 20 * 1024) {
    g_autoptr(GError) error = NULL;
    Db *db = NULL;

    fill_disk(ballast, left);
    if (db_open(path, DB_CREATE, &db, &error)) {
      db_discard(db);
      made++;
    } else {
      ck_assert_msg(g_error_matches(error, DB_ERROR, DB_ERROR_FULL), "%d KB left: %s", (int)left / 1024,
                    error->message);
      refused++;
    }
    g_autoptr(GDir) dir = g_dir_open(disk, 0, NULL);

    ck_assert_str_eq(g_dir_read_name(dir), "ballast");
    ck_assert_ptr_null(g_dir_read_name(dir));
  }
  ck_assert_int_gt(refused, 3);
  ck_assert_int_gt(made, 3);
}
END_TEST

START_TEST(test_damaged_store)
{
  g_autofree char *path = scratch_path("kigen.db");
  g_autoptr(Db) made = scratch_store("kigen.db");
  g_autoptr(GError) error = NULL;
  char zeros[4096] = { 0 };

  assert_done(storage_insert(made, 3000, 3000, ERR));
  db_close(g_steal_pointer(&made));
  int file = open(path, O_RDWR | O_CLOEXEC);

  for (off_t page = 2; page < 60; page++) {
    ck_assert_int_eq(pwrite(file, zeros, sizeof zeros, page * 4096), sizeof zeros);
  }
  close(file);
  g_autofree char *log = scratch_path("kigen.db-wal");

  ck_assert_int_eq(g_unlink(log), 0);
  g_autoptr(Db) db = NULL;
  bool done = db_open(path, DB_WRITE, &db, &error) && storage_insert(db, 1, 1, &error);

  assert_fails(done, error, DB_ERROR_CORRUPT, "kigen restore");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("storage_disks");
  TCase *disks = tcase_create("disks");
  TCase *all[] = { disks };

  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    tcase_set_timeout(all[i], 60);
    tcase_add_checked_fixture(all[i], scratch_setup, scratch_teardown);
    suite_add_tcase(suite, all[i]);
  }
  tcase_add_test(disks, test_read_only_store);
  tcase_add_test(disks, test_read_only_directory_without_shm);
  tcase_add_test(disks, test_unreadable_store);
  tcase_add_test(disks, test_disk_full);
  tcase_add_test(disks, test_create_on_a_full_disk_leaves_nothing);
  tcase_add_test(disks, test_damaged_store);
  return run_suite(suite);
}
