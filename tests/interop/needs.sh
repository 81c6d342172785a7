# Read by the scripts beside this file: leaves with a printed reason when something is not there.

skip() {
  printf 'skipped: %s\n' "$1"
  exit 0
}

needs() { # commands
  local command
  for command in "$@"; do
    command -v "$command" >/dev/null || skip "$command is not installed"
  done
}
