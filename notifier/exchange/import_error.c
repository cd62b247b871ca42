#include "notifier/exchange/import_error.h"

G_DEFINE_QUARK(kigen - import - error, import_error)
