/** Completion scripts, whole and static: no process is started while somebody types. */
import type { SHELLS } from './commands.ts';
import type { Command, Flag } from './flag.ts';

export function completionScript(shell: (typeof SHELLS)[number], commands: readonly Command[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
  }
}

interface Node {
  readonly words: readonly string[];
  /** Second words of a group such as `rules`. */
  readonly subs: readonly string[];
}

function tree(commands: readonly Command[]): Map<string, Node> {
  const nodes = new Map<string, Node>();
  for (const { name } of commands) {
    const [first = '', second] = name.split(' ');
    const subs = nodes.get(first)?.subs ?? [];
    nodes.set(first, { words: [first], subs: second === undefined ? subs : [...subs, second] });
  }
  return nodes;
}

function longNames(flags: readonly Flag[]): string {
  return flags.map((flag) => `--${flag.name}`).join(' ');
}

function bash(commands: readonly Command[]): string {
  const nodes = tree(commands);
  const groups = [...nodes].filter(([, { subs }]) => subs.length > 0);
  return [
    '# completion of unleak for bash',
    '_unleak() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}',
    '  local words=',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words='${[...nodes.keys()].join(' ')} --help --version'`,
    '    COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '    return',
    '  fi',
    '  case $command in',
    ...groups.flatMap(([name, { subs }]) => [
      `    ${name})`,
      `      if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W '${subs.join(' ')}' -- "$cur")); return; fi`,
      '      command="$command ${COMP_WORDS[2]}" ;;',
    ]),
    '  esac',
    '  case "$command $prev" in',
    ...commands.flatMap((command) =>
      command.flags
        .filter((flag) => flag.choices !== undefined)
        .map((flag) => `    '${command.name} --${flag.name}') words='${flag.choices?.join(' ') ?? ''}' ;;`),
    ),
    '  esac',
    '  if [ -z "$words" ]; then',
    '    case $command in',
    ...commands.map((command) => `      '${command.name}') words='${longNames(command.flags)}' ;;`),
    '    esac',
    '    case $cur in -*) ;; *) words= ;; esac',
    '  fi',
    '  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '  else compopt -o default 2>/dev/null; COMPREPLY=(); fi',
    '}',
    'complete -F _unleak unleak',
    '',
  ].join('\n');
}

/** In single quotes of zsh, within the brackets of `_arguments`. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll('[', '\\[').replaceAll(']', '\\]').replaceAll(':', '\\:');
}

function zsh(commands: readonly Command[]): string {
  const nodes = tree(commands);
  const describe = (name: string): string =>
    commands.find((command) => command.name === name)?.description ??
    commands
      .filter((c) => c.name.startsWith(`${name} `))
      .map((c) => c.name.slice(name.length + 1))
      .join(', ');
  return [
    '#compdef unleak',
    '# completion of unleak for zsh',
    '_unleak() {',
    '  if (( CURRENT == 2 )); then',
    '    local -a commands=(',
    ...[...nodes.keys()].map((name) => `      '${name}:${zshText(describe(name))}'`),
    '    )',
    '    _describe command commands',
    '    return',
    '  fi',
    '  local command=$words[2]',
    ...[...nodes]
      .filter(([, { subs }]) => subs.length > 0)
      .map(
        ([name, { subs }]) =>
          `  if [[ $command == ${name} ]]; then if (( CURRENT == 3 )); then compadd ${subs.join(' ')}; return; fi; command="$command $words[3]"; fi`,
      ),
    '  case $command in',
    ...commands.flatMap((command) => [
      `    '${command.name}')`,
      '      _arguments -s \\',
      ...command.flags.map((flag) => `        ${zshFlag(flag)} \\`),
      "        '*: :_files' ;;",
    ]),
    '  esac',
    '}',
    'compdef _unleak unleak',
    '',
  ].join('\n');
}

function zshFlag(flag: Flag): string {
  const value =
    flag.type === 'boolean'
      ? ''
      : `:${(flag.value ?? 'value').toLowerCase()}:${flag.choices === undefined ? '_files' : `(${flag.choices.join(' ')})`}`;
  const text = `[${zshText(flag.description)}]${value}`;
  const many = flag.type === 'list' ? '*' : '';
  if (flag.alias === undefined) return `'${many}--${flag.name}${text}'`;
  return `${many === '' ? '' : "'*'"}{-${flag.alias},--${flag.name}}'${text}'`;
}

function fish(commands: readonly Command[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const nodes = tree(commands);
  const lines = ['# completion of unleak for fish'];
  for (const [name, { subs }] of nodes) {
    const description = commands.find((command) => command.name === name)?.description ?? '';
    lines.push(`complete -c unleak -f -n __fish_use_subcommand -a ${name} -d ${quote(description)}`);
    for (const sub of subs) {
      const full = commands.find((command) => command.name === `${name} ${sub}`);
      lines.push(
        `complete -c unleak -f -n '__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${subs.join(' ')}' -a ${sub} -d ${quote(full?.description ?? '')}`,
      );
    }
  }
  for (const command of commands) {
    const when = command.name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    for (const flag of command.flags) {
      const short = flag.alias === undefined ? '' : ` -s ${flag.alias}`;
      const value =
        flag.type === 'boolean' ? '' : flag.choices === undefined ? ' -r' : ` -x -a ${quote(flag.choices.join(' '))}`;
      lines.push(`complete -c unleak -n ${quote(when)} -l ${flag.name}${short}${value} -d ${quote(flag.description)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
