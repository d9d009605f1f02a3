#!/bin/bash -eu
# Called by ClusterFuzzLite in the image of Dockerfile, with CXX, CXXFLAGS, LIB_FUZZING_ENGINE and OUT set. Built are the
# targets of what comes from the network. Their rooms need no library but tl::expected, which is a header: the C++ library of
# that image is not the one that a distribution's libraries are built for. No CMake, which would ask for all the others.
cd "$(dirname "$0")"
[[ -d harness ]] || cd "${SRC:+$SRC/smtpspec}"
[[ -d harness ]] || cd ..

targets=(reply_parser command_parser data_parser server_session)
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

sources=()
for file in harness/base/*.cc harness/wire/*.cc harness/server/*.cc fuzz/mutator/*.cc fuzz/oracles/*.cc \
  fuzz/targets/{promise,session_player,session_settings}.cc; do
  # These are about files of people, and need more.
  case $file in */diagnostic.cc | */scenario_form.cc) continue ;; esac
  sources+=("$file")
done
for target in "${targets[@]}"; do sources+=("fuzz/targets/fuzz_$target.cc"); done

compile() {
  # shellcheck disable=SC2086  # CXXFLAGS is a list
  $CXX $CXXFLAGS -std=c++20 -I. -c "$1" -o "$objects/${1//\//_}.o"
}
export -f compile
export CXX CXXFLAGS objects
printf '%s\n' "${sources[@]}" | xargs -P "${JOBS:-$(nproc)}" -I '{}' bash -euc 'compile {}'

ar rcs "$objects/rooms.a" "$objects"/*.o

for target in "${targets[@]}"; do
  definitions=(-DSMTPSPEC_FUZZ_TARGET="fuzz_$target")
  [[ $target == server_session ]] && definitions+=(-DSMTPSPEC_FUZZ_TYPED)
  # shellcheck disable=SC2086
  $CXX $CXXFLAGS -std=c++20 -I. "${definitions[@]}" fuzz/targets/libfuzzer.cc "$objects/rooms.a" $LIB_FUZZING_ENGINE \
    -o "$OUT/fuzz_$target"
  regressions=()
  [[ -d fuzz/regressions/$target ]] && regressions=("fuzz/regressions/$target")
  zip -qrj "$OUT/fuzz_${target}_seed_corpus.zip" "fuzz/corpus/$target" "${regressions[@]}"
  # The session's input is text of its own form, mutated by our own mutator.
  [[ $target == server_session ]] || cp fuzz/dictionaries/smtp.dict "$OUT/fuzz_$target.dict"
  printf '[libfuzzer]\nmax_len = 4096\n' >"$OUT/fuzz_$target.options"
done
