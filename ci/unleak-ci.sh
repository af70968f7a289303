#!/bin/sh
# Scans with unleak what a build brings in, on any CI: docs/ci.md. Needs git and Node.js; arguments go to `unleak scan`.
#
#   UNLEAK_CI_SCAN     changes (default) or history: everything that was ever committed
#   UNLEAK_CI_TARGET   of a merge request: the branch or commit that it is to be merged into
#   UNLEAK_CI_BEFORE   of a push: the commit that the branch was at before (empty or zeros: a new branch)
#   UNLEAK_CI_BRANCH   the branch that is built
#   UNLEAK_CI_TRUNK    the branch that new ones are compared with (default: main)
#   UNLEAK_CI_HEAD     the newest commit of the change (default: HEAD)
#   UNLEAK_CI_RUN      how unleak is started, where it is installed (default: it is taken from the npm registry)
#
# Exit codes: 0 nothing found, 1 credentials found, 2 not everything could be scanned.

# unleak-ci begin
set -eu
say() { echo "unleak-ci: $1" >&2; }
git() { GIT_TERMINAL_PROMPT=0 command git -c safe.directory="$PWD" "$@"; }
has() { git cat-file -e "$1^{commit}" 2>/dev/null; }
fetch() { git fetch --quiet --no-tags "$@" 2>/dev/null; }

scan=${UNLEAK_CI_SCAN:-changes} target=${UNLEAK_CI_TARGET:-} before=${UNLEAK_CI_BEFORE:-}
branch=${UNLEAK_CI_BRANCH:-} trunk=${UNLEAK_CI_TRUNK:-main} head=${UNLEAK_CI_HEAD:-HEAD}

case $scan in
  changes | history) ;;
  *) say "UNLEAK_CI_SCAN is '$scan': it must be changes or history" && exit 2 ;;
esac
case $before in *[!0]*) ;; *) before= ;; esac

git rev-parse --git-dir >/dev/null 2>&1 || { say "$PWD is not a git repository" && exit 2; }

# Gives a name under which the clone has the commit or branch, or nothing. A branch is fetched anew, since a clone that
# is used again knows it as it was.
resolve() {
  case ${#1}:$1 in
    *:*[!0-9a-f]*) ;;
    40:* | 64:*) if has "$1" || { fetch -- origin "$1" && has "$1"; }; then echo "$1"; fi && return ;;
  esac
  fetch -- origin "+refs/heads/$1:refs/remotes/origin/$1" || :
  for name in "refs/remotes/origin/$1" "refs/heads/$1"; do if has "$name"; then echo "$name" && return; fi; done
}

base=
if [ "$scan" = history ]; then
  :
elif [ -n "$target" ]; then
  # Where it cannot be found, unleak says so and fails: a merge request is never taken as clean unseen.
  base=$(resolve "$target") && base=${base:-$target}
elif [ -n "$before" ] && base=$(resolve "$before") && [ -n "$base" ]; then
  :
else
  [ -z "$before" ] || say "the branch was at $before before, which is gone"
  if [ "$branch" != "$trunk" ]; then base=$(resolve "$trunk"); fi
  [ -n "$base" ] || say "there is nothing to compare with: the whole history is scanned"
fi

# A shallow clone may end inside the change. Only then is the rest of the history fetched.
shallow=$(git rev-parse --git-path shallow)
if [ -s "$shallow" ]; then
  cut=yes
  if [ -n "$base" ] && git merge-base "$base" "$head" >/dev/null 2>&1; then
    git rev-list "$base..$head" | grep -q -x -F -f "$shallow" || cut=
  fi
  if [ -n "$cut" ]; then
    say "the clone is shallow: fetching the rest of its history"
    fetch --unshallow origin || say "the history could not be fetched: let the CI clone all of it"
  fi
fi

# Installed apart from what is scanned, whose .npmrc and node_modules have no say in what scans it.
if [ -z "${UNLEAK_CI_RUN:-}" ]; then
  place=$(mktemp -d)
  trap 'rm -rf "$place"' EXIT
  quiet='--no-audit --no-fund --no-update-notifier --loglevel=error'
  npm install --prefix "$place" --ignore-scripts $quiet unleak@0.1.0 >&2 ||
    { say "unleak could not be installed from the npm registry" && exit 2; }
fi
start() { if [ -n "${UNLEAK_CI_RUN:-}" ]; then $UNLEAK_CI_RUN "$@"; else "$place/node_modules/.bin/unleak" "$@"; fi; }

if [ -n "$base" ]; then
  ${through:-} start scan . --range="$base..$head" "$@"
else
  ${through:-} start scan . --history only "$@"
fi
# unleak-ci end
