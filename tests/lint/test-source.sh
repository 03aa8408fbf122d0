#!/bin/sh
# What reading the source can prove: who includes whom, which calls are banned, which library is
# used where, that no parser is without its tests, and the format. Speaks TAP.
. "$(dirname "$0")/../tap.sh"
sources=$(find checker fixes -name '*.[ch]' 2>/dev/null)

# ---- includes ------------------------------------------------------------------------------------

# Folder: the folders it may include, beside itself. "." is checker/ itself: facts, finding, cmd ...
allowed='
base:
parse: base
volume: base parse
facts: base
finding: base
probe: base volume parse facts ec2
ec2: base
rule: base facts finding probe/probe.h
report: base facts finding waivers
fixes: base volume parse facts finding'

# Every #include "..." of the program, as "file includer included".
includes()
{
        grep -n '^#include "' $sources |
                sed -n 's,^\(\([a-z]*/\)\([^:]*\)\):[0-9]*:#include "\([^"]*\)".*,\1 \3 \4,p' |
                while read -r file inside included; do
                        case $file in
                        fixes/*) includer=fixes ;;
                        *)
                                includer=${inside%%/*}
                                case $inside in
                                */*) ;;
                                facts.*) includer=facts ;;
                                finding.*) includer=finding ;;
                                *) continue ;; # main, cmd-*: everything
                                esac
                                ;;
                        esac
                        echo "$file $includer $included"
                done
}

wrong_includes()
{
        includes | while read -r file includer included; do
                case $included in
                */*) target=${included%%/*} ;;
                *.h)
                        if [ -e "$(dirname "$file")/$included" ] && [ "$includer" != facts ] && [ "$includer" != finding ]; then
                                target=$includer
                        else
                                target=${included%.h}
                        fi
                        ;;
                esac
                [ "$target" = "$includer" ] && continue
                list=$(printf '%s\n' "$allowed" | sed -n "s/^$includer://p")
                case " $list " in
                *" $target "* | *" $included "*) ;;
                *) echo "$file includes $included" ;;
                esac
        done
}
is 'includes go one way only' "$(wrong_includes)" ''

is 'nobody but the verbs includes cmd.h' \
        "$(grep -l '#include "cmd\.h"' $sources | grep -vE '^checker/(main|options|cmd[^/]*)\.[ch]$')" ''

# ---- libraries -----------------------------------------------------------------------------------

# library HEADER-PATTERN FILE-PATTERN-IN-CHECKER [FILE-PATTERN]
library()
{
        is "$1 only where it belongs" \
                "$(grep -lE "#include <$1" $sources | grep -vE "^(checker/($2)|$3)$")" ''
}
library json-c 'base/jsonx\.[ch]|facts\.c|rule/.*\.[ch]|report/report-json\.c|probe/probe-target\.c' 'fixes/show-json\.c'
for header in lz4 lzma zlib zstd bzlib; do
        library $header 'parse/compression\.c'
done
library yaml 'parse/(netplan|cloudconfig)\.c'
library libkmod 'probe/.*drivers\.c'
library blkid 'volume/blkids\.c'
library libudev 'volume/blkids\.c'
library curl 'ec2/imds\.c'
library nettle 'base/digest\.[ch]'

# ---- calls ---------------------------------------------------------------------------------------

banned='strcpy|strcat|strncpy|sprintf|vsprintf|gets|strtok|strtok_r|alloca|system|popen|mktemp|tmpnam|tempnam|atoi|atol|atoll|atof|strerror_l|setenv|putenv|localtime|gmtime|ctime|asctime|basename|dirname|rand'
is 'no banned call' \
        "$(grep -nE "(^|[^a-zA-Z0-9_.>])($banned)\(" $sources | grep -vE ':[0-9]+: ?\*| \* |//')" ''
is 'memory comes from xalloc' \
        "$(grep -nE '(^|[^a-zA-Z0-9_.>])(malloc|calloc|realloc|strdup|strndup|asprintf|vasprintf|reallocarray)\(' \
                $(echo "$sources" | grep -v /xalloc))" ''
is 'parsers do no I/O and print nothing' \
        "$(grep -nE '(^|[^a-zA-Z0-9_.>])(open|openat|fopen|fdopen|read|pread|printf|fprintf|fputs|puts|perror|getenv)\(|json' checker/parse/*.c)" ''

# ---- every parser is tested ----------------------------------------------------------------------

untested()
{
        for file in checker/parse/*.c; do
                name=$(basename "$file" .c)
                # Without a header of its own it is a part of another parser, and tested with that.
                [ -e "checker/parse/$name.h" ] || continue
                [ -e "tests/unit/test-$name.c" ] || echo "$name: no tests/unit/test-$name.c"
                [ -e "tests/fuzz/fuzz-$name.c" ] || echo "$name: no tests/fuzz/fuzz-$name.c"
                [ -n "$(ls "tests/fuzz/corpus/$name" 2>/dev/null)" ] || echo "$name: no tests/fuzz/corpus/$name"
        done
}
is 'every parser has a unit test, a fuzz target and a corpus' "$(untested)" ''

# ---- packaging -----------------------------------------------------------------------------------

unknown_to_bootstrap()
{
        for package in $(sed -n 's/^PKGS := //p' Makefile); do
                grep -q "^lib:$package " packaging/bootstrap || echo "$package"
        done
}
is 'bootstrap installs every library of the Makefile' "$(unknown_to_bootstrap)" ''

# ---- the rest ------------------------------------------------------------------------------------

run "$bin" rules lint
is 'the built-in rules are sound' "$status: $err" '0: '

broken_scripts()
{
        for file in $(git ls-files '*.sh' packaging/bootstrap 2>/dev/null || find tests packaging -name '*.sh'); do
                ${DASH:-sh} -n "$file" 2>&1
        done
}
is 'shell scripts parse' "$(broken_scripts)" ''

is 'no source file is far over 600 lines, no header far over 80' \
        "$(wc -l $sources | awk '$2 ~ /\.c$/ && $1 > 650 || $2 ~ /\.h$/ && $1 > 110')" ''

format=$(command -v clang-format-14 || command -v clang-format)
case $("${format:-false}" --version 2>/dev/null) in
*'version 14.'*)
        is 'clang-format has nothing to change' \
                "$("$format" --dry-run $sources $(find tests -name '*.[ch]') 2>&1 | grep -c warning:)" 0
        ;;
*) skip 'clang-format has nothing to change' 'needs clang-format 14; other versions format differently' ;;
esac
tap_end
