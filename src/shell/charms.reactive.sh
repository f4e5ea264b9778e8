#!/bin/bash
# Reactive handlers in bash 4.4 or newer. A handler file is executable, lies in the charm's reactive/ and reads like this:
#
#     #!/bin/bash
#     source charms.reactive.sh
#
#     @when db.available
#     @when_not web.configured
#     function configure() {
#         render_template web.conf /etc/web.conf
#         set_flag web.configured
#     }
#
#     @when_file_changed /etc/web.conf
#     function restart() {
#         systemctl restart web
#     }
#
#     reactive_handler_main
#
# The framework starts the file with --test to ask what wants to run, and with --invoke to run it. Everything that the
# answer depends on it has put into files beforehand, so a test starts no other process (but one for each watched file).
#
# CHARMS_REACTIVE_TRACE=true keeps "set -x" on inside this library.

{
    _reactive_import_options=$-
    set +x
} 2> /dev/null

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    cat << 'USAGE'
Source this file in a handler file of the charm's reactive/ folder, decorate functions, and end with reactive_handler_main.

Decorators: a function runs when all of its decorators hold.
  @when FLAG…, @when_all FLAG…       all of the flags are set
  @when_any FLAG…                    one of the flags is set
  @when_not FLAG…, @when_none FLAG…  none of the flags is set
  @when_not_all FLAG…                one of the flags is not set
  @hook PATTERN…                     the hook fits, as in '{requires:mysql}-relation-{joined,changed}'
  @when_file_changed FILE…           a file is not as the function left it
  @only_once                         the function never ran to its end in a hook that succeeded
  @collect_metrics, @meter_status_changed   in these restricted hooks

Functions:
  set_flag clear_flag toggle_flag is_flag_set all_flags_set any_flags_set get_flags get_unset_flags
  register_trigger relation_call name_relation_get any_hook any_file_changed
  mark_invoked was_invoked render_template
"charms.reactive --help" tells more of them.
USAGE
    exit 0
fi

# A second "source", by a file that shares functions, must not lose what was decorated so far.
if [[ -n ${_reactive_is_loaded-} ]]; then
    if [[ $_reactive_import_options == *x* ]]; then set -x; fi
    return 0
fi
_reactive_is_loaded=yes

if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
    echo "cannot load charms.reactive.sh: it needs bash 4.4 or newer, and this is $BASH_VERSION" >&2
    exit 2
fi

REACTIVE_ACTION=${1---test}
REACTIVE_ARGS=${2-}

if [[ -n ${CHARM_DIR:=${JUJU_CHARM_DIR-}} ]]; then
    export CHARM_DIR
    case :$PATH: in
        *":$CHARM_DIR/bin:"*) ;;
        *) export PATH=$PATH:$CHARM_DIR/bin ;;
    esac
fi

# How each function of this library sets its own options; "local -" puts the caller's back when it returns.
_reactive_trace=+x
if [[ ${CHARMS_REACTIVE_TRACE-} == true ]]; then _reactive_trace=-x; fi

# The decorated functions, by number: name, what to call, name among its likes, and which kinds of conditions they have.
declare -ga _reactive_names=() _reactive_calls=() _reactive_parts=() _reactive_kinds=()
# Their conditions in a row: number of the function, kind, number of words, words.
declare -ga _reactive_conditions=()
# Where a function is defined, to its number; and its name, to the latest. Keys of all tables begin with "=", since they may
# not be empty.
declare -gA _reactive_places=() _reactive_latest=()
# The lines of the file that was read last.
declare -ga _reactive_lines=()
_reactive_lines_of=''

# What the framework says about this hook.
_reactive_phase='' _reactive_round=0 _reactive_hook='' _reactive_path=''
declare -ga _reactive_flags=() _reactive_changed=() _reactive_endpoints=()
declare -gA _reactive_is_set=() _reactive_has_changed=() _reactive_invoked=() _reactive_watched=() _reactive_remembered=()

# ---- decorators

function @when() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate when flags "$@"; }
function @when_all() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate when_all flags "$@"; }
function @when_any() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate when_any flags "$@"; }
function @when_not() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate when_not flags "$@"; }
function @when_none() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate when_none flags "$@"; }
function @when_not_all() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate when_not_all flags "$@"; }
function @hook() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate hook hook "$@"; }
function @when_file_changed() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate when_file_changed file "$@"; }
function @only_once() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate only_once once; }
function @collect_metrics() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate restricted_hook restricted collect-metrics; }
function @meter_status_changed() { { local -; set "$_reactive_trace"; } 2> /dev/null; _reactive_decorate restricted_hook restricted meter-status-changed; }

# Notes a condition of the function that follows the decorator in its file.
function _reactive_decorate() {
    { local -; set +eEu "$_reactive_trace"; } 2> /dev/null
    local kind=$1 group=$2 file=${BASH_SOURCE[2]} line=${BASH_LINENO[1]} name place index word
    shift 2
    if [[ $group != once ]] && (($# == 0)); then
        _reactive_fail "$file:$line: @$kind needs at least one argument"
    fi
    for word in "$@"; do
        if [[ -z $word ]]; then _reactive_fail "$file:$line: @$kind was given an empty argument"; fi
    done
    _reactive_find_function "$file" "$line" "$kind"
    place="=$file:$line"
    if [[ -z ${_reactive_places[$place]+x} ]]; then
        _reactive_places[$place]=${#_reactive_names[@]}
        _reactive_add_function "$name"
    fi
    index=${_reactive_places[$place]}
    _reactive_kinds[index]+="$group "
    _reactive_conditions+=("$index" "$kind" "$#" "$@")
}

# Finds the function below a decorator, past further decorators and comments; changes "name" and "line" of the caller.
function _reactive_find_function() {
    local file=$1 at=$2 kind=$3 text
    local with_word='^[[:space:]]*function[[:space:]]+([^][:space:](){}]+)'
    local with_parentheses='^[[:space:]]*([^][:space:](){}<>;&|"`$'\'']+)[[:space:]]*\([[:space:]]*\)'
    local passed_over='^[[:space:]]*(@|#|$)'
    if [[ $_reactive_lines_of != "$file" ]]; then
        mapfile -t _reactive_lines < "$file"
        _reactive_lines_of=$file
    fi
    ((at -= 1))
    # Of a decorator on several lines bash tells any one.
    while ((at > 0)) && [[ ${_reactive_lines[at - 1]} == *\\ ]]; do ((at -= 1)); done
    while ((at < ${#_reactive_lines[@]})); do
        text=${_reactive_lines[at]}
        if [[ $text =~ $passed_over ]]; then
            if [[ ${BASH_REMATCH[1]} == @ ]]; then
                while [[ ${_reactive_lines[at]-} == *\\ ]]; do ((at += 1)); done
            fi
        elif [[ $text =~ $with_word || $text =~ $with_parentheses ]]; then
            name=${BASH_REMATCH[1]}
            line=$((at + 1))
            return
        elif ((at >= line)); then
            break
        fi
        ((at += 1))
    done
    _reactive_fail "$file:$line: no function follows @$kind"
}

# A second function of one name takes the place of the first in bash; the first lives on under another.
function _reactive_add_function() {
    local name=$1 former=${_reactive_latest["=$1"]-} part=$1 definition count
    if [[ -n $former ]]; then
        count=${_reactive_parts[former]#"$name"}
        count=${count#'#'}
        part="$name#$((${count:-1} + 1))"
        definition=$(declare -f -- "$name")
        eval "function _reactive_function_$former ${definition#*"$name"}"
        _reactive_calls[former]=_reactive_function_$former
    fi
    _reactive_latest["=$name"]=${#_reactive_names[@]}
    _reactive_names+=("$name")
    _reactive_calls+=("$name")
    _reactive_kinds+=('')
    _reactive_parts+=("$part")
}

# Ends the handler because of how it is written.
function _reactive_fail() {
    echo "cannot use this handler: $1" >&2
    _reactive_report fault "$1"
    exit 2
}

# Tells the framework something: a kind of record and its fields.
function _reactive_report() {
    if [[ -n ${CHARMS_REACTIVE_DIR-} && -w $CHARMS_REACTIVE_DIR/report ]]; then
        printf '%s\0' "$@" >> "$CHARMS_REACTIVE_DIR/report"
    fi
}

# ---- main

# The last line of a handler file.
function reactive_handler_main() {
    { local _reactive_options=$- _reactive_index; set +x; } 2> /dev/null
    case $REACTIVE_ACTION in
        --test)
            if _reactive_test; then exit 0; else exit 1; fi
            ;;
        --invoke)
            _reactive_choose
            for _reactive_index in "${_reactive_chosen[@]}"; do
                # Neither tested nor joined to anything: "set -e" of the handler file is to hold inside.
                if [[ $_reactive_options == *x* ]]; then set -x; fi
                "${_reactive_calls[_reactive_index]}"
                { set +x; } 2> /dev/null
                _reactive_note_run "$_reactive_index"
            done
            ;;
    esac
    if [[ $_reactive_options == *x* ]]; then set -x; fi
}

# Prints the functions that want to run, with commas between them; false if there are none.
function _reactive_test() {
    { local -; set +eEu "$_reactive_trace"; } 2> /dev/null
    local IFS=$' \t\n' index answer=''
    local -a holds=()
    if ! _reactive_load_facts; then
        _reactive_ask
        return
    fi
    _reactive_report library
    _reactive_hold_phase
    _reactive_hold_conditions
    _reactive_hold_changes
    _reactive_hold_files
    for index in "${!_reactive_names[@]}"; do
        if ((holds[index])); then
            _reactive_put_token "$index"
            _reactive_report_flags "$index"
        fi
    done
    [[ -n $answer ]] || return 1
    printf '%s\n' "$answer"
}

# Adds a function to "answer" of the caller.
function _reactive_put_token() {
    local token=${_reactive_parts[$1]}
    if [[ $token == *,* ]]; then token="#$1"; fi
    answer+=${answer:+,}$token
}

# Which functions belong to the phase at all: those that wait for flags, for files or for once come after those that wait
# for the hook alone, and restricted hooks have their own.
function _reactive_hold_phase() {
    local index phase
    for index in "${!_reactive_names[@]}"; do
        case " ${_reactive_kinds[index]}" in
            *' restricted '*) phase=restricted ;;
            *' flags '* | *' file '* | *' once '*) phase=other ;;
            *) phase=hooks ;;
        esac
        holds[index]=0
        if [[ $phase == "$_reactive_phase" ]]; then holds[index]=1; fi
    done
}

# Calls a function with each condition of each decorated function that still holds, and notes where it fails.
function _reactive_each_condition() {
    local check=$1 at=0 owner kind count
    while ((at < ${#_reactive_conditions[@]})); do
        owner=${_reactive_conditions[at]}
        kind=${_reactive_conditions[at + 1]}
        count=${_reactive_conditions[at + 2]}
        if ((holds[owner])); then
            "$check" "$owner" "$kind" "${_reactive_conditions[@]:at + 3:count}" || holds[owner]=0
        fi
        ((at += 3 + count))
    done
}

function _reactive_hold_conditions() { _reactive_each_condition _reactive_check; }
function _reactive_hold_files() { _reactive_each_condition _reactive_check_files; }

# Whether a condition holds, files aside.
function _reactive_check() {
    local owner=$1 kind=$2 word
    shift 2
    case $kind in
        when | when_all) _reactive_all_set "$@" ;;
        when_any) _reactive_any_set "$@" ;;
        when_not | when_none) ! _reactive_any_set "$@" ;;
        when_not_all) ! _reactive_all_set "$@" ;;
        restricted_hook) [[ $_reactive_hook == "$1" ]] ;;
        only_once) [[ -z ${_reactive_invoked["=$_reactive_path:${_reactive_parts[owner]}"]+x} ]] ;;
        hook)
            for word in "$@"; do
                if _reactive_fits_hook "$word"; then return 0; fi
            done
            return 1
            ;;
    esac
}

# From the second round on a function runs again only if one of its flags changed in the round before.
function _reactive_hold_changes() {
    local index
    local -a changed=()
    if ((_reactive_round < 2)); then return; fi
    _reactive_each_condition _reactive_note_changed
    for index in "${!_reactive_names[@]}"; do
        if [[ " ${_reactive_kinds[index]}" == *' flags '* && -z ${changed[index]-} ]]; then holds[index]=0; fi
    done
}

function _reactive_note_changed() {
    local owner=$1 kind=$2 word flag
    local -a globs
    shift 2
    if [[ $kind != when* || $kind == when_file_changed ]]; then return 0; fi
    for word in "$@"; do
        if [[ -n ${_reactive_has_changed["=$word"]+x} ]]; then
            changed[owner]=yes
        elif _reactive_make_globs "$word"; then
            for flag in "${_reactive_changed[@]}"; do
                if _reactive_fits_globs "$flag"; then changed[owner]=yes; fi
            done
        fi
    done
    return 0
}

# Whether a file is not as the function left it; where it never ran, not as a Python charm saw it last.
function _reactive_check_files() {
    local owner=$1 kind=$2 file id key known hash
    shift 2
    if [[ $kind != when_file_changed ]]; then return 0; fi
    id=$_reactive_path:${_reactive_parts[owner]}
    for file in "$@"; do
        _reactive_hash_file "$file"
        key="=$id"$'\n'"$file"
        if [[ -n ${_reactive_watched[$key]+x} ]]; then
            known=${_reactive_watched[$key]}
        else
            known=${_reactive_remembered["=$file"]-}
        fi
        if [[ $hash != "$known" ]]; then return 0; fi
    done
    return 1
}

# Puts a file's md5 into "hash" of the caller: nothing for a file that is not there.
function _reactive_hash_file() {
    local path=$1
    if [[ $path != /* ]]; then path=${CHARM_DIR:-.}/$path; fi
    hash=''
    if [[ ! -e $path ]]; then return; fi
    if ! hash=$(md5sum < "$path"); then _reactive_fail "the file \"$1\" cannot be watched"; fi
    hash=${hash%% *}
}

# Tells which flags a function waits for; in place of a pattern, the set flags that it fits.
function _reactive_report_flags() {
    local wanted=$1 at=0 count word flag
    local -a globs
    while ((at < ${#_reactive_conditions[@]})); do
        count=${_reactive_conditions[at + 2]}
        if [[ ${_reactive_conditions[at]} == "$wanted" && ${_reactive_conditions[at + 1]} == when* ]]; then
            for word in "${_reactive_conditions[@]:at + 3:count}"; do
                if ! _reactive_make_globs "$word"; then
                    _reactive_report flag "$word"
                    continue
                fi
                for flag in "${_reactive_flags[@]}"; do
                    if _reactive_fits_globs "$flag"; then _reactive_report flag "$flag"; fi
                done
            done
        fi
        ((at += 3 + count))
    done
}

# Puts the numbers of the functions that --invoke names into _reactive_chosen.
function _reactive_choose() {
    { local -; set +eEu "$_reactive_trace"; } 2> /dev/null
    local rest=${REACTIVE_ARGS%$'\n'} token index
    _reactive_load_facts
    _reactive_chosen=()
    while [[ -n $rest ]]; do
        token=${rest%%,*}
        rest=${rest#"$token"}
        rest=${rest#,}
        for index in "${!_reactive_parts[@]}"; do
            if [[ $token == "${_reactive_parts[index]}" || $token == "#$index" ]]; then
                _reactive_chosen+=("$index")
                continue 2
            fi
        done
        _reactive_fail "it has no decorated function \"$token\""
    done
}

# Remembers what decides whether a function runs again.
function _reactive_note_run() {
    { local -; set +eEu "$_reactive_trace"; } 2> /dev/null
    local index=$1 id=$_reactive_path:${_reactive_parts[$1]} at=0 count file hash
    if [[ " ${_reactive_kinds[index]}" == *' once '* ]]; then
        if [[ -n $_reactive_phase ]]; then _reactive_report done "$id"; else charms.reactive mark_invoked "$id"; fi
    fi
    while ((at < ${#_reactive_conditions[@]})); do
        count=${_reactive_conditions[at + 2]}
        if [[ ${_reactive_conditions[at]} == "$index" && ${_reactive_conditions[at + 1]} == when_file_changed ]]; then
            for file in "${_reactive_conditions[@]:at + 3:count}"; do
                _reactive_hash_file "$file"
                _reactive_report watched "$id" "$file" "$hash"
            done
        fi
        ((at += 3 + count))
    done
    return 0
}

# ---- what the framework says

# Reads the facts; false where no framework runs this file.
function _reactive_load_facts() {
    local folder=${CHARMS_REACTIVE_DIR-} at=0 flag
    local -a facts
    _reactive_path=${BASH_SOURCE[-1]#"${CHARM_DIR-}/"}
    if [[ -z $folder || ! -r $folder/facts || ! -r $folder/flags ]]; then return 1; fi
    mapfile -d '' -t facts < "$folder/facts"
    while ((at < ${#facts[@]})); do
        case ${facts[at]} in
            phase) _reactive_phase=${facts[at += 1]} ;;
            round) _reactive_round=${facts[at += 1]} ;;
            hook) _reactive_hook=${facts[at += 1]} ;;
            path) _reactive_path=${facts[at += 1]} ;;
            changed) _reactive_changed+=("${facts[at += 1]}") ;;
            invoked) _reactive_invoked["=${facts[at += 1]}"]=yes ;;
            endpoint)
                _reactive_endpoints+=("${facts[@]:at + 1:3}")
                ((at += 3))
                ;;
            watched)
                _reactive_watched["=${facts[at + 1]}"$'\n'"${facts[at + 2]}"]=${facts[at + 3]}
                ((at += 3))
                ;;
            remembered)
                _reactive_remembered["=${facts[at + 1]}"]=${facts[at + 2]}
                ((at += 2))
                ;;
        esac
        ((at += 1))
    done
    for flag in "${_reactive_changed[@]}"; do _reactive_has_changed["=$flag"]=yes; done
    _reactive_load_flags
}

function _reactive_load_flags() {
    local flag
    _reactive_is_set=()
    mapfile -d '' -t _reactive_flags < "$CHARMS_REACTIVE_DIR/flags"
    for flag in "${_reactive_flags[@]}"; do _reactive_is_set["=$flag"]=yes; done
}

function _reactive_all_set() {
    local flag
    for flag in "$@"; do
        if ! _reactive_matches_set "$flag"; then return 1; fi
    done
}

function _reactive_any_set() {
    local flag
    for flag in "$@"; do
        if _reactive_matches_set "$flag"; then return 0; fi
    done
    return 1
}

# Whether a flag is set, or one that fits the pattern.
function _reactive_matches_set() {
    local flag
    local -a globs
    if ! _reactive_make_globs "$1"; then
        [[ -n ${_reactive_is_set["=$1"]+x} ]]
        return
    fi
    for flag in "${_reactive_flags[@]}"; do
        if _reactive_fits_globs "$flag"; then return 0; fi
    done
    return 1
}

# ---- patterns

# Puts what a flag with wildcards stands for into "globs" of the caller; false for a flag without any.
function _reactive_make_globs() {
    local wildcard='[*?]|\{[^{}]*,[^{}]*\}' text glob at
    local -a expanded
    [[ $1 =~ $wildcard ]] || return 1
    globs=()
    _reactive_expand '\{([^{}]*,[^{}]*)\}' '' "$1"
    for text in "${expanded[@]}"; do
        glob=''
        for ((at = 0; at < ${#text}; at += 1)); do
            case ${text:at:1} in
                [*?]) glob+=${text:at:1} ;;
                *) glob+=\\${text:at:1} ;;
            esac
        done
        globs+=("$glob")
    done
}

function _reactive_fits_globs() {
    local glob
    for glob in "${globs[@]}"; do
        # shellcheck disable=SC2053
        if [[ $1 == $glob ]]; then return 0; fi
    done
    return 1
}

# Whether the hook is one that a pattern stands for: {role:interface} and {one,other} in any number.
function _reactive_fits_hook() {
    local -a expanded
    local text
    _reactive_expand '\{([^:{}]+):([^{}]+)\}' endpoints "$1"
    _reactive_expand '\{([^:{}]+)\}' trim "${expanded[@]}"
    if [[ $1 == *[{}]* ]]; then
        for text in "${expanded[@]}"; do
            if [[ $text == *[{}]* ]]; then _reactive_fail "the hook pattern \"$1\" has a brace too many or too few"; fi
        done
    fi
    for text in "${expanded[@]}"; do
        if [[ $text == "$_reactive_hook" ]]; then return 0; fi
    done
    return 1
}

# Replaces each group of the given form by each of its parts, in every combination; the texts go to "expanded" of the caller.
function _reactive_expand() {
    local form=$1 how=$2 text part group before after
    local -a waiting=("${@:3}") parts
    expanded=()
    while ((${#waiting[@]} > 0)); do
        text=${waiting[0]}
        waiting=("${waiting[@]:1}")
        if [[ ! $text =~ $form ]]; then
            expanded+=("$text")
            continue
        fi
        group=${BASH_REMATCH[0]}
        before=${text%%"$group"*}
        after=${text#*"$group"}
        if [[ $how == endpoints ]]; then
            _reactive_find_endpoints "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
        else
            _reactive_split "${BASH_REMATCH[1]}" "$how"
        fi
        for part in "${parts[@]}"; do waiting+=("$before$part$after"); done
    done
}

# Puts the names of the endpoints with a role and an interface into "parts" of the caller.
function _reactive_find_endpoints() {
    local role interface at
    _reactive_trim "$1"
    role=$_reactive_trimmed
    _reactive_trim "$2"
    interface=$_reactive_trimmed
    case $role in
        peer) role=peers ;;
        provides | requires | peers) ;;
        *) _reactive_fail "\"$role\" is no role in a hook pattern; use provides, requires or peers" ;;
    esac
    parts=()
    for ((at = 0; at < ${#_reactive_endpoints[@]}; at += 3)); do
        if [[ ${_reactive_endpoints[at + 1]} == "$role" && ${_reactive_endpoints[at + 2]} == "$interface" ]]; then
            parts+=("${_reactive_endpoints[at]}")
        fi
    done
}

# Puts what lies between commas into "parts" of the caller.
function _reactive_split() {
    local rest=$1, part
    parts=()
    while [[ -n $rest ]]; do
        part=${rest%%,*}
        rest=${rest#*,}
        if [[ $2 == trim ]]; then
            _reactive_trim "$part"
            part=$_reactive_trimmed
        fi
        parts+=("$part")
    done
}

function _reactive_trim() {
    _reactive_trimmed=${1#"${1%%[![:space:]]*}"}
    _reactive_trimmed=${_reactive_trimmed%"${_reactive_trimmed##*[![:space:]]}"}
}

# ---- without the framework

# A file that is started by hand asks the command what would run.
function _reactive_ask() {
    local index at=0 owner count answer
    local -a specs=()
    for index in "${!_reactive_names[@]}"; do
        _reactive_put_quoted "$index" "${_reactive_parts[index]}" "$_reactive_path:${_reactive_parts[index]}"
    done
    while ((at < ${#_reactive_conditions[@]})); do
        owner=${_reactive_conditions[at]}
        count=${_reactive_conditions[at + 2]}
        _reactive_quote "${_reactive_conditions[@]:at + 3:count}"
        _reactive_put_quoted "$owner" "${_reactive_conditions[at + 1]}" "$_reactive_quoted"
        ((at += 3 + count))
    done
    answer=$(charms.reactive test "${specs[@]}") || return
    [[ -n $answer ]] || return 1
    printf '%s\n' "$answer"
}

# Adds words to one of "specs" of the caller.
function _reactive_put_quoted() {
    local index=$1
    _reactive_quote "${@:2}"
    specs[index]+=${specs[index]:+ }$_reactive_quoted
}

# Puts words, each in single quotes, into _reactive_quoted.
function _reactive_quote() {
    local word
    _reactive_quoted=''
    for word in "$@"; do
        _reactive_quoted+=${_reactive_quoted:+ }\'${word//\'/\'\\\'\'}\'
    done
}

# ---- functions for handlers

# The framework's command. What is asked about flags is answered here, as long as nobody changed them by other means.
function charms.reactive() {
    { local -; set +eEu "$_reactive_trace"; } 2> /dev/null
    local program=${CHARM_DIR-}/bin/charms.reactive
    if _reactive_answers "$@"; then
        return "$_reactive_status"
    elif [[ -x $program ]]; then
        "$program" "$@"
    else
        command charms.reactive "$@"
    fi
}

# Answers a question about flags, with _reactive_status for its exit code; false if it is for the command to answer.
function _reactive_answers() {
    local question=${1-} word folder=${CHARMS_REACTIVE_DIR-} IFS=$'\n'
    case $question:$# in
        is_flag_set:2 | is_state:2 | all_flags_set:* | all_states:* | any_flags_set:* | any_states:* | get_flags:1) ;;
        *) return 1 ;;
    esac
    shift
    for word in "$@"; do
        if [[ $word == -* ]]; then return 1; fi
    done
    if [[ -z $folder || ! -r $folder/flags || ${UNIT_STATE_DB-} != "$folder"/* ]]; then return 1; fi
    # A program that knows nothing of the flags file may have written to the store.
    if [[ $UNIT_STATE_DB -nt $folder/flags ]]; then return 1; fi
    _reactive_load_flags
    _reactive_status=0
    case $question in
        get_flags) printf '%s' "${_reactive_flags[*]}" ;;
        any_*)
            for word in "$@"; do
                if [[ -n ${_reactive_is_set["=$word"]+x} ]]; then return 0; fi
            done
            _reactive_status=1
            ;;
        *)
            for word in "$@"; do
                if [[ -z ${_reactive_is_set["=$word"]+x} ]]; then _reactive_status=1; fi
            done
            ;;
    esac
    return 0
}

function set_flag() { charms.reactive set_flag "$@"; }
function clear_flag() { charms.reactive clear_flag "$@"; }
function toggle_flag() { charms.reactive toggle_flag "$@"; }
function is_flag_set() { charms.reactive is_flag_set "$@"; }
function all_flags_set() { charms.reactive all_flags_set "$@"; }
function any_flags_set() { charms.reactive any_flags_set "$@"; }
function get_flags() { charms.reactive get_flags "$@"; }
function get_unset_flags() { charms.reactive get_unset_flags "$@"; }
function register_trigger() { charms.reactive register_trigger "$@"; }
function any_hook() { charms.reactive any_hook "$@"; }
function any_file_changed() { charms.reactive any_file_changed "$@"; }
function mark_invoked() { charms.reactive mark_invoked "$@"; }
function was_invoked() { charms.reactive was_invoked "$@"; }
function render_template() { charms.reactive render_template "$@"; }
function relation_call() { charms.reactive relation_call "$@"; }

# The names from before flags were called flags.
function set_state() { charms.reactive set_flag "$@"; }
function remove_state() { charms.reactive clear_flag "$@"; }
function toggle_state() { charms.reactive toggle_flag "$@"; }
function is_state() { charms.reactive is_flag_set "$@"; }
function all_states() { charms.reactive all_flags_set "$@"; }
function any_states() { charms.reactive any_flags_set "$@"; }
function get_states() { charms.reactive get_states "$@"; }

# state_relation_call FLAG METHOD [ARGUMENT…], the older form of relation_call --flag FLAG METHOD.
function state_relation_call() { charms.reactive relation_call --flag "$@"; }

# name_relation_get ENDPOINT UNIT [KEY] [--format=FORMAT]: relation-get for an endpoint's name in place of a relation's id.
function name_relation_get() {
    { local -; set +eEu "$_reactive_trace"; } 2> /dev/null
    local id key=-
    id=$(charms.reactive relation_id "$1" "$2") || return
    if [[ -n ${3-} && $3 != --* ]]; then
        key=$3
        set -- "$1" "$2" "${@:4}"
    fi
    relation-get -r "$id" "$key" "$2" "${@:3}"
}

if [[ $_reactive_import_options == *x* ]]; then set -x; fi
