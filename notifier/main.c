#include <stdio.h>

int main(int argc, char **argv)
{
  puts("kigen " KIGEN_VERSION);
  return 0;
}
