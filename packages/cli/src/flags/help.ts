/**
 * Help, from the tables. `own`: how this program is called where it runs, such as `npx unleak`; the tables and what is made
 * of them elsewhere say `unleak`.
 */
import { COMMANDS } from './commands.ts';
import type { Command, Flag } from './flag.ts';

const LEAST_TEXT = 30;

/** What somebody reads who has typed the name alone. */
export function shortHelp(own: string): string {
  return [
    'unleak finds every leaked credential in files and git history.',
    '',
    ...aligned([
      [`${own} scan`, 'this directory; a repository with its whole history'],
      [`${own} scan --staged`, 'what the next commit brings in'],
      [`${own} scan https://github.com/acme/app`, 'a repository by URL'],
    ]),
    '',
    `${own} --help lists all commands, ${own} <command> --help says more about one.`,
    '',
  ].join('\n');
}

export function longHelp(own: string): string {
  return [
    `${own} <command> [options]`,
    '',
    'Commands:',
    ...commandList(COMMANDS),
    '',
    'In place of gitleaks, with its flags, files, formats and exit codes:',
    '  git, dir, stdin, detect, protect, version',
    '',
    'Examples:',
    ...['scan', 'scan --staged', 'scan https://github.com/acme/app'].map((example) => `  ${own} ${example}`),
    '',
    `${own} <command> --help says more about one. ${own} --version tells the version.`,
    '',
  ].join('\n');
}

/** Help of the first word of commands of two words. */
export function groupHelp(commands: readonly Command[], own: string): string {
  const [first = ''] = commands[0]?.name.split(' ') ?? [];
  const words = commands.map(({ name }) => name.slice(first.length + 1)).join('|');
  const examples = commands.flatMap((command) => command.examples.slice(0, 1));
  return [
    `${own} ${first} <${words}> [options]`,
    '',
    'Commands:',
    ...commandList(commands),
    '',
    'Examples:',
    ...examples.map(({ command }) => `  ${calledAs(own, command)}`),
    '',
    `${own} ${commands[0]?.name ?? ''} --help says more about that one, and so on.`,
    '',
  ].join('\n');
}

function commandList(commands: readonly Command[]): readonly string[] {
  return aligned(commands.map(({ name, description }) => [name, description]));
}

function aligned(rows: readonly (readonly [label: string, text: string])[]): readonly string[] {
  const column = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, text]) => `  ${label.padEnd(column)}${text}`);
}

/** An example of the tables. */
function calledAs(own: string, command: string): string {
  return command.replace(/\bunleak (?=[a-z])/, `${own} `);
}

export function commandHelp(command: Command, width: number, own = 'unleak'): string {
  const lines = [`${own} ${usage(command)}`, '', `${command.description}.`];
  for (const p of command.positionals) lines.push(...hanging(`  ${p.name}`, p.description, 12, width));
  const groups = new Map<string, Flag[]>();
  for (const flag of command.flags) groups.set(flag.group, [...(groups.get(flag.group) ?? []), flag]);
  const column = Math.min(34, Math.max(...command.flags.map((flag) => flagText(flag).length)) + 2);
  for (const [group, flags] of groups) {
    lines.push('', `${group}:`);
    for (const flag of flags) lines.push(...hanging(flagText(flag), flagDescription(flag), column, width));
  }
  lines.push('', 'Examples:');
  for (const example of command.examples)
    lines.push(`  ${calledAs(own, example.command)}`, ...hanging('', example.description, 6, width));
  if (command.notes !== undefined) lines.push('', ...command.notes.flatMap((note) => hanging('', note, 0, width)));
  return `${lines.join('\n')}\n`;
}

export function usage(command: Command): string {
  const positionals = command.positionals.map((p) => {
    const name = `${p.name}${p.many === true ? '…' : ''}`;
    return p.required === true ? `<${name}>` : `[${name}]`;
  });
  return [command.name, ...positionals, '[options]'].join(' ');
}

function flagText(flag: Flag): string {
  const short = flag.alias === undefined ? '    ' : `-${flag.alias}, `;
  return `  ${short}--${flag.name}${flag.type === 'boolean' ? '' : ` ${valueText(flag)}`}`;
}

export function valueText(flag: Flag): string {
  return flag.value ?? flag.choices?.join('|') ?? 'VALUE';
}

function flagDescription(flag: Flag): string {
  const remarks = [
    ...(flag.type === 'list' ? ['may be repeated'] : []),
    ...(flag.default === undefined ? [] : [`default: ${flag.default}`]),
    ...(flag.env === undefined ? [] : [flag.env]),
  ];
  return remarks.length === 0 ? flag.description : `${flag.description} (${remarks.join('; ')})`;
}

/** Text behind a label, wrapped, each further line below the first. */
function hanging(label: string, text: string, column: number, width: number): readonly string[] {
  const room = Math.max(LEAST_TEXT, width - column);
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > room) {
      rows.push(row);
      row = word;
    } else row = row === '' ? word : `${row} ${word}`;
  }
  rows.push(row);
  const indent = ' '.repeat(column);
  const [first = '', ...others] = rows;
  const head = label.length < column || label === '' ? [label.padEnd(column) + first] : [label, indent + first];
  return [...head, ...others.map((other) => indent + other)].map((line) => line.trimEnd());
}
