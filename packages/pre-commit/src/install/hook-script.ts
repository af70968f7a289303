/**
 * The hooks that we write: POSIX shell with nothing but what every shell has built in, and git, since clients with windows start hooks
 * with next to no PATH, and Git for Windows with its own sh. They hold absolute paths, fall back on what PATH has, and
 * stop the commit when there is nothing to fall back on.
 */
import { createHash } from 'node:crypto';
import type { HookName } from './hook-names.ts';
import { KEPT_SUFFIX } from './hook-names.ts';
import type { Program } from '../own-command.ts';
import { shellQuoted } from '@unleak/core';

export interface HookScript {
  readonly hook: HookName;
  /** Undefined: the hook goes to others, so it names no path of this machine. */
  readonly program: Program | undefined;
  /** unleak is a dependency of a project, and not installed for its own. */
  readonly isInProject: boolean;
  /**
   * `repository`: lies where git looks for hooks anyway. `user`: lies in a folder that stands for those of all
   * repositories, and runs a repository's own hook first.
   */
  readonly scope: 'repository' | 'user';
}

/** The whole text of a hook. */
export function hookScript({ hook, program, isInProject, scope }: HookScript): string {
  const flags = `${scope === 'user' ? ' --global' : ''}${hook === 'pre-commit' ? '' : ` --${hook}`}`;
  const what = hook === 'pre-commit' ? 'commit' : 'push';
  // git says on standard input what is pushed: each program that is started is to read all of it.
  const run = hook === 'pre-push' ? 'with_refs ' : '';
  return marked(`# What was here before lies beside this file as ${hook}${KEPT_SUFFIX}, and runs first.

${program === undefined ? SHARED_PROGRAM : `node=${shellQuoted(program.node)}\nunleak=${shellQuoted(program.script)}`}

case $0 in
  */*) here=\${0%/*} ;;
  *) here=. ;;
esac
before=$here/${hook}${KEPT_SUFFIX}
${hook === 'pre-push' ? READING_REFS : ''}
if [ -f "$before" ] && [ -x "$before" ]; then
  ${run}"$before" "$@" || exit
fi
${scope === 'user' ? ownHook(hook, run) : ''}
# Comes back only if the program could not be started.
attempt() {
  ${run}"$@"
  code=$?
  case $code in
    126 | 127) ;;
    *) exit $code ;;
  esac
}

${program === undefined ? sharedAttempts(hook) : attempts(hook)}

case ",$SKIP," in
  *[,\\ ]unleak[,\\ ]*) exit 0 ;;
esac

{
  echo "unleak: this ${what} was stopped: the program that looks for passwords and keys in it cannot be started."
${program === undefined ? sharedRepair(isInProject) : repair(isInProject, flags)}
  echo "unleak: to ${what} once without it (whoever gets the ${what === 'commit' ? 'commit' : 'commits'} will still find what is in there):"
  echo "unleak:   SKIP=unleak git ${what} ..."
  echo "unleak: to do without it for good, remove  $0"
  if [ -f "$before" ]; then
    echo "unleak: and give the hook that was there before its name back:  $before"
  fi
} >&2
exit 1
`);
}

const SHARED_PROGRAM = `# This file may go to others, so it names no path of one machine. git starts it at the top of the work tree.
unleak=node_modules/.bin/unleak`;

function attempts(hook: HookName): string {
  return `if [ -f "$unleak" ] && [ -x "$node" ]; then
  attempt "$node" "$unleak" hook ${hook} "$@"
fi
if command -v unleak >/dev/null 2>&1; then
  attempt unleak hook ${hook} "$@"
fi
if [ -f "$unleak" ] && command -v node >/dev/null 2>&1; then
  attempt node "$unleak" hook ${hook} "$@"
fi`;
}

function sharedAttempts(hook: HookName): string {
  return `if [ -f "$unleak" ] && [ -x "$unleak" ]; then
  attempt "$unleak" hook ${hook} "$@"
fi
if command -v unleak >/dev/null 2>&1; then
  attempt unleak hook ${hook} "$@"
fi`;
}

function repair(isInProject: boolean, flags: string): string {
  const command = isInProject
    ? `npm install --save-dev unleak && npx unleak install-hook${flags}`
    : `npm install --global unleak && unleak install-hook${flags}`;
  return `  echo "unleak: it was  $unleak"
  echo "unleak: run by  $node"
  echo "unleak: to repair it, install it again and then this hook:"
  echo "unleak:   ${command}"`;
}

function sharedRepair(isInProject: boolean): string {
  return `  echo "unleak: it is neither $unleak nor in PATH"
  echo "unleak: to repair it, install it:"
  echo "unleak:   npm install${isInProject ? '' : ' --global unleak'}"`;
}

const READING_REFS = `
refs=
while IFS= read -r line || [ -n "$line" ]; do
  refs=\${refs:+$refs
}$line
done
with_refs() {
  if [ -z "$refs" ]; then
    "$@" </dev/null
  else
    "$@" <<REFS
$refs
REFS
  fi
}
`;

function ownHook(hook: string, run: string): string {
  return `
# The repository's own hook, which git passes over where core.hooksPath is set.
own=$(git rev-parse --git-common-dir) || exit
own=$own/hooks/${hook}
if [ -f "$own" ] && [ -x "$own" ]; then
  ${run}"$own" "$@" || exit
fi
`;
}

/**
 * A hook that only runs the repository's own one of this name: git looks for no hook at all in a repository when the user's
 * configuration has `core.hooksPath`.
 */
export function passThrough(hook: string): string {
  return marked(`# git passes over a repository's own hooks where core.hooksPath is set: this runs its ${hook} all the same.

own=$(git rev-parse --git-common-dir 2>/dev/null) || exit 0
own=$own/hooks/${hook}
if [ -f "$own" ] && [ -x "$own" ]; then
  exec "$own" "$@"
fi
`);
}

const SHEBANG = '#!/bin/sh\n';
const MARK = /^#!\/bin\/sh\r?\n# unleak git hook, form 1, ([0-9a-f]{16}): [^\n]*\n/;

function marked(body: string): string {
  return `${SHEBANG}# unleak git hook, form 1, ${digest(body)}: written by unleak install-hook, taken away by unleak uninstall-hook.\n${body}`;
}

/** Whose a hook is: `edited` if we wrote it and somebody has changed it since. */
export function whoseHook(text: string): 'ours' | 'edited' | 'foreign' {
  const mark = MARK.exec(text);
  if (mark === null) return 'foreign';
  return mark[1] === digest(text.slice(mark[0].length)) ? 'ours' : 'edited';
}

function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
