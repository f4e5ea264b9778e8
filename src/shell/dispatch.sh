#!/bin/sh
# Juju runs this for every hook and action; JUJU_DISPATCH_PATH says which.
case "$0" in
*/*) cd "${0%/*}" || exit 1 ;;
esac
unset NODE_OPTIONS NODE_PATH
case "$JUJU_DISPATCH_PATH" in
actions/*)
  if [ -f "$JUJU_DISPATCH_PATH" ] && [ -x "$JUJU_DISPATCH_PATH" ]; then
    PATH=$PWD/bin:$PATH
    export PATH
    exec "./$JUJU_DISPATCH_PATH"
  fi
  ;;
esac

# The hook tools run out of a shell that is started here, since it starts processes faster than Node does, and can ask
# what this hook is sure to ask while Node still starts. Between the two are six pipes: what the shell is to run (3; Node
# writes to it as 9), what that answered (4), and answers to what is asked side by side (5 to 8). A shell keeps an empty
# text in a pipe, and /proc opens both ends of it. Where there are no such pipes, Node starts the tools itself.
exec 3<<. 4<<. 5<<. 6<<. 7<<. 8<<.
.
.
.
.
.
.
if ! [ -p /proc/self/fd/3 ]; then # This shell keeps it in a file.
  pipe=.pipe.$$
  if mkfifo -m 600 $pipe.3 $pipe.4 $pipe.5 $pipe.6 $pipe.7 $pipe.8 2>/dev/null; then
    exec 3<>$pipe.3 4<>$pipe.4 5<>$pipe.5 6<>$pipe.6 7<>$pipe.7 8<>$pipe.8
    rm -f $pipe.3 $pipe.4 $pipe.5 $pipe.6 $pipe.7 $pipe.8
    if [ -p /proc/self/fd/3 ]; then
      for n in 3 4 5 6 7 8; do eval "exec $n</proc/self/fd/$n"; done
    fi
  fi
fi

# Asks up to four questions, each answered on a pipe of its own: in turn, which costs least, or side by side where tools are
# slow.
ask_four() {
  n=5 askers=''
  for question; do
    if [ $order = side-by-side ]; then
      $question >&$n 2>/dev/null &
      askers="$askers $!"
    else
      $question >&$n 2>/dev/null
      mark $? $n
    fi
    n=$((n + 1))
  done
  n=5
  for asker in $askers; do
    wait "$asker"
    mark $? $n
    n=$((n + 1))
  done
}

# Asks what earlier hooks left to be asked, and what this hook's own relation makes sure to come; says first what that is.
#
#     side-by-side                                        the tools are slow
#     config-get --all --format=json                      any hook asks this
#     @update-status network-get --format=json website    update-status asks this
ask_ahead() {
  set --
  ours=no order=in-turn
  case "$JUJU_HOOK_NAME" in
  collect-metrics | meter-status-changed) ;; # They may not ask.
  *)
    while read -r question; do
      case "$question" in
      side-by-side) order=$question && continue ;;
      "@$JUJU_HOOK_NAME "*) question=${question#@* } ;;
      esac
      case "$question" in
      *[!A-Za-z0-9' '_./:=%+-]* | *" ${JUJU_RELATION_ID:-.}") continue ;; # What ends so is asked below.
      "relation-ids --format=json ${JUJU_RELATION:-.}") ours=yes ;;
      esac
      set -- "$@" "$question"
    done <.unit-state.questions
    case "$ours $JUJU_HOOK_NAME" in
    yes\ *-relation-broken) ;;
    yes\ *-relation-*)
      set -- "$@" "relation-list --format=json -r $JUJU_RELATION_ID"
      [ -z "$JUJU_REMOTE_UNIT" ] ||
        set -- "$@" "relation-get --format=json -r $JUJU_RELATION_ID - $JUJU_REMOTE_UNIT"
      ;;
    esac
    ;;
  esac
  printf '%s\n' "$order" "$@" >&4
  mark 0 4
  while [ $# -gt 4 ]; do
    ask_four "$1" "$2" "$3" "$4"
    shift 4
  done
  [ $# -eq 0 ] || ask_four "$@"
}

# Runs what is written to 3, until nobody is left to write.
serve_tools() {
  exec 9>&- </dev/null >/dev/null 2>&1 4>/proc/self/fd/4 5>/proc/self/fd/5
  exec 6>/proc/self/fd/6 7>/proc/self/fd/7 8>/proc/self/fd/8
  if [ -n "$BASH_VERSION" ]; then # It would read all that is ever written before it runs any of it.
    mark 0 4
    exec "$BASH" /proc/self/fd/3
  fi
  ask_ahead
  . /proc/self/fd/3
}

# What no tool can print by chance comes after each answer.
mark() {
  printf '\n%s %s\n' "$CHARM_TOOL_SHELL" "$1" >&"$2"
}

unset CHARM_TOOL_SHELL
if [ -p /proc/self/fd/3 ]; then
  read -r CHARM_TOOL_SHELL 2>/dev/null </proc/sys/kernel/random/uuid || CHARM_TOOL_SHELL=$$-$JUJU_CONTEXT_ID
  exec 9>/proc/self/fd/3
  serve_tools &
  export CHARM_TOOL_SHELL
  exec 3<&-
else
  exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&-
fi
# A hook is over before what the compiler Maglev makes of its code would have paid for it (V8 has another for hooks that are
# not), and before most of what it makes is garbage.
exec ./bin/node --no-maglev --min-semi-space-size=4 ./charm.js
