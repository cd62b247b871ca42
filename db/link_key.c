#include "db/link_key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define KEY_SIZE 32
#define KEY_TEXT_SIZE (2 * KEY_SIZE + 1) /* hexadecimal and a newline */

G_STATIC_ASSERT(KEY_SIZE <= crypto_generichash_KEYBYTES_MAX);
G_STATIC_ASSERT(LINK_KEY_TOKEN_HASH_SIZE == crypto_generichash_BYTES);

struct LinkKey {
  guint8 bytes[KEY_SIZE];
};

/* What goes into the hash: the words are part of every token and never change. */
static const char *const purpose_words[] = {
  [LINK_FEED] = "feed",
  [LINK_PAGE] = "page",
  [LINK_ACK] = "ack",
};

GQuark link_key_error_quark(void)
{
  return g_quark_from_static_string("link-key-error");
}

char *link_key_path(const char *store_path)
{
  return g_strconcat(store_path, ".key", NULL);
}

static void close_fd(int *fd)
{
  if (*fd >= 0)
    close(*fd);
}

#define AUTO_FD __attribute__((cleanup(close_fd))) int

static bool fail(GError **error, const char *what, const char *path)
{
  int saved = errno;

  g_set_error(error, LINK_KEY_ERROR, LINK_KEY_ERROR_FAILED, "%s: %s: %s", path, what, g_strerror(saved));
  return false;
}

static bool write_key(int fd, const char *path, GError **error)
{
  guint8 key[KEY_SIZE];
  char text[KEY_TEXT_SIZE + 1];

  randombytes_buf(key, sizeof key);
  sodium_bin2hex(text, sizeof text, key, sizeof key);
  text[KEY_TEXT_SIZE - 1] = '\n';
  errno = ENOSPC; /* a short write sets none */

  bool written = fchmod(fd, 0600) == 0 && write(fd, text, KEY_TEXT_SIZE) == KEY_TEXT_SIZE && fsync(fd) == 0;

  sodium_memzero(key, sizeof key);
  sodium_memzero(text, sizeof text);
  return written || fail(error, "cannot write the link key", path);
}

static bool sync_folder(const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname(path);
  AUTO_FD fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return (fd >= 0 && fsync(fd) == 0) || fail(error, "cannot sync the folder of the link key", path);
}

bool link_key_create(const char *path, GError **error)
{
  g_return_val_if_fail(sodium_init() >= 0, false);

  AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0 && errno == EEXIST) {
    g_set_error(error, LINK_KEY_ERROR, LINK_KEY_ERROR_EXISTS,
                "%s exists already: it may be the key of a store with links in use; move it away first",
                path);
    return false;
  }
  if (fd < 0)
    return fail(error, "cannot make the link key", path);
  if (!write_key(fd, path, error) || !sync_folder(path, error)) {
    g_unlink(path);
    return false;
  }
  return true;
}

static bool check_access(int fd, const char *path, GError **error)
{
  struct stat info;

  if (fstat(fd, &info) < 0)
    return fail(error, "cannot look at the link key", path);
  if (!S_ISREG(info.st_mode)) {
    g_set_error(error, LINK_KEY_ERROR, LINK_KEY_ERROR_FORM, "%s is not a regular file: no link key", path);
    return false;
  }
  if ((info.st_mode & 077) != 0) {
    g_set_error(error, LINK_KEY_ERROR, LINK_KEY_ERROR_OPEN,
                "%s has mode %04o: others than its owner can read the key of every link; run `chmod 600 %s`",
                path, (unsigned)(info.st_mode & 07777), path);
    return false;
  }
  return true;
}

static bool read_key(int fd, const char *path, LinkKey *key, GError **error)
{
  char text[KEY_TEXT_SIZE + 2]; /* one more than a key file has, to notice a longer one */
  gsize size = 0;
  const char *end = NULL;
  gssize n = read(fd, text, sizeof text - 1);

  if (n < 0)
    return fail(error, "cannot read the link key", path);
  text[n] = '\0';

  bool good = (n == KEY_TEXT_SIZE || n == KEY_TEXT_SIZE - 1) &&
              sodium_hex2bin(key->bytes, KEY_SIZE, text, 2 * KEY_SIZE, NULL, &size, &end) == 0 &&
              size == KEY_SIZE && end == text + 2 * KEY_SIZE &&
              (n < KEY_TEXT_SIZE || text[2 * KEY_SIZE] == '\n');

  sodium_memzero(text, sizeof text);
  if (!good)
    g_set_error(error, LINK_KEY_ERROR, LINK_KEY_ERROR_FORM,
                "%s holds no link key (64 hexadecimal digits): restore it from your backup", path);
  return good;
}

bool link_key_load(const char *path, LinkKey **ret_key, GError **error)
{
  g_return_val_if_fail(sodium_init() >= 0, false);

  /* O_NONBLOCK: a FIFO in its place must not hang us; it is refused a line further down. */
  AUTO_FD fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0 && errno == ENOENT) {
    g_set_error(error, LINK_KEY_ERROR, LINK_KEY_ERROR_MISSING,
                "%s: no such file: the key of this store's links; restore it from your backup", path);
    return false;
  }
  if (fd < 0)
    return fail(error, "cannot open the link key", path);
  if (!check_access(fd, path, error))
    return false;

  g_autoptr(LinkKey) key = g_new0(LinkKey, 1);

  if (!read_key(fd, path, key, error))
    return false;
  *ret_key = g_steal_pointer(&key);
  return true;
}

void link_key_free(LinkKey *key)
{
  if (key == NULL)
    return;
  sodium_memzero(key, sizeof *key);
  g_free(key);
}

char *link_key_token(const LinkKey *key, LinkPurpose purpose, gint64 row, const char *detail)
{
  /* NULs keep the three fields apart: none of them can hold one. */
  g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, row);
  g_autoptr(GString) message = g_string_new("kigen-link-1");
  guint8 digest[crypto_generichash_BYTES];
  char text[LINK_KEY_TOKEN_LENGTH + 1];

  for (gsize i = 0; i < 3; i++) {
    const char *field[] = { purpose_words[purpose], number, detail };

    g_string_append_c(message, '\0');
    g_string_append(message, field[i]);
  }
  crypto_generichash(digest, sizeof digest, (const guint8 *)message->str, message->len, key->bytes, KEY_SIZE);
  sodium_bin2base64(text, sizeof text, digest, sizeof digest, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return g_strdup(text);
}

bool link_key_token_is_wellformed(const char *token)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  return strspn(token, alphabet) == LINK_KEY_TOKEN_LENGTH && token[LINK_KEY_TOKEN_LENGTH] == '\0';
}

void link_key_token_hash(const char *token, guint8 ret_hash[static LINK_KEY_TOKEN_HASH_SIZE])
{
  crypto_generichash(ret_hash, LINK_KEY_TOKEN_HASH_SIZE, (const guint8 *)token, strlen(token), NULL, 0);
}
