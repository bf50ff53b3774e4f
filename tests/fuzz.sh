#!/usr/bin/env bash
# Searches every parser for inputs that reach new branches, by AFL++ and SharpFuzz. An input that makes one throw or hang is a
# finding: the script fails and says where it lies. tests/fuzz.sh [INPUTS of each parser, 15000] [PARSER…]; GPUTTY_FUZZ_KEEP=1 adds
# the smallest of what was found to the repository's corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
inputs=${1:-15000}
shift $(($# > 0 ? 1 : 0))
work=$PWD/TestResults/fuzz
corpus=$PWD/tests/GpuTty.Tests/Corpus
# Of one parser, in files and in bytes of each.
most_files=12 most_bytes=2048
command -v afl-fuzz >/dev/null || apt-get install -y --no-install-recommends afl++ >/dev/null
rm -rf "$work"
mkdir -p "$work/out"
dotnet build tests/GpuTty.Tests -c Release --nologo -v q -p:RunAnalyzers=false -o "$work/bin" >/dev/null
program=("$(command -v dotnet)" "$work/bin/GpuTty.Tests.dll" fuzz)
"${program[@]}" samples "$work/in"
mapfile -t parsers < <("${program[@]}" list)
[ $# -eq 0 ] || parsers=("$@")
# Not the files that the program which marks them runs from.
cp -r "$work/bin" "$work/marked"
"${program[@]}" instrument "$work/marked/gputty.dll" "$work/marked/GpuTty.Core.dll"
program[1]=$work/marked/GpuTty.Tests.dll

export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1
export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_FORKSRV_INIT_TMOUT=60000
total=0 findings=0
for parser in "${parsers[@]}"; do
    [ ! -d "$corpus/$parser" ] || cp -n "$corpus/$parser"/* "$work/in/$parser/"
    if ! afl-fuzz -i "$work/in/$parser" -o "$work/out/$parser" -E "$inputs" -t 10000 -m none \
        -- "${program[@]}" parse "$parser" >"$work/$parser.log" 2>&1; then
        tail -n 20 "$work/$parser.log"
        echo "!!  $parser: the search did not run; all of it: $work/$parser.log"
        findings=$((findings + 1))
        continue
    fi
    stats=$work/out/$parser/default/fuzzer_stats
    done=$(sed -n 's/^execs_done *: //p' "$stats")
    bad=$(find "$work/out/$parser/default/crashes" "$work/out/$parser/default/hangs" -name 'id:*' 2>/dev/null | wc -l)
    total=$((total + done)) findings=$((findings + bad))
    new=$(sed -n 's/^corpus_count *: //p' "$stats")
    echo "$([ "$bad" -eq 0 ] && echo 'ok ' || echo '!! ') $parser: $done inputs, $new reach something new, $bad findings"
    if [ "${GPUTTY_FUZZ_KEEP:-0}" = 1 ]; then
        mkdir -p "$corpus/$parser"
        find "$work/out/$parser/default/queue" -name 'id:*' ! -name '*orig:*' -size -"$most_bytes"c -printf '%s %p\n' |
            sort -n | head -n "$most_files" | while read -r _ file; do
            cp "$file" "$corpus/$parser/$(sha256sum "$file" | cut -c1-12)"
        done
    fi
done
echo "$total inputs, $findings findings"
[ "$findings" -eq 0 ] || { echo "They lie in $work/out/*/default/{crashes,hangs}"; exit 1; }
