/** Help of a command, from its table. */
import type { Command, Flag } from './flag.ts';

const LEAST_TEXT = 30;

export function commandHelp(command: Command, width: number): string {
  const lines = [`unleak ${usage(command)}`, '', `${command.description}.`];
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
    lines.push(`  ${example.command}`, ...hanging('', example.description, 6, width));
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
