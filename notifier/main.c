#include "notifier/cli/command.h"

#include <locale.h>
#include <signal.h>

int main(int argc, char **argv)
{
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C");
  signal(SIGPIPE, SIG_IGN);
  return command_main(argc, argv);
}
