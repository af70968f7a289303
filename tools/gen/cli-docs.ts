/** Writes docs/cli.md from the tables that the command line itself reads. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GITLEAKS_COMMANDS } from '../../packages/cli/src/compat/gitleaks/flags.ts';
import { COMMANDS } from '../../packages/cli/src/flags/commands.ts';
import type { Command, Flag } from '../../packages/cli/src/flags/flag.ts';
import { usage, valueText } from '../../packages/cli/src/flags/help.ts';

const output = join(import.meta.dirname, '../../docs/cli.md');

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}

function flagRow(flag: Flag): string {
  const value = flag.type === 'boolean' ? '' : ` ${valueText(flag)}`;
  const names = `${flag.alias === undefined ? '' : `\`-${flag.alias}\`, `}\`--${flag.name}${value.replaceAll('|', '\\|')}\``;
  const description = `${flag.description}${flag.type === 'list' ? ' (may be repeated)' : ''}${flag.default === undefined ? '' : `; default: ${flag.default}`}`;
  return `| ${names} | ${cell(description)} | ${code(flag.env)} | ${code(flag.config)} |`;
}

function section(command: Command): string {
  const groups = [...new Set(command.flags.map((flag) => flag.group))];
  return [
    `## unleak ${command.name}`,
    '',
    `\`unleak ${usage(command)}\``,
    '',
    `${command.description}.`,
    ...(command.positionals.length === 0
      ? []
      : ['', ...command.positionals.map((p) => `- \`${p.name}\`: ${p.description}`)]),
    ...(command.flags.length === 0
      ? []
      : [
          '',
          '| flag | | variable | in unleak.yaml |',
          '| --- | --- | --- | --- |',
          ...groups.flatMap((group) => command.flags.filter((flag) => flag.group === group).map(flagRow)),
        ]),
    '',
    '```sh',
    ...command.examples.map((example) => `${example.command}   # ${example.description}`),
    '```',
    ...(command.notes === undefined ? [] : ['', ...command.notes]),
    '',
  ].join('\n');
}

const text = `# Command line

Generated from the tables in \`packages/cli/src/flags\` and \`packages/cli/src/compat/gitleaks/flags.ts\`. What is said on
standard error is for people; the report alone goes to standard output. [Reports](reports.md) has formats and exit codes.

A setting is taken from the first that has one: flag, variable, the file given with \`--config\`, the target's \`unleak.yaml\`,
the user's \`config.yaml\`, default. \`unleak config show\` says where each one comes from. With several targets, their own
configuration and ignore files are not read.

The first Ctrl-C ends the scan and reports what was found, as partial, with exit code 130; a second one ends the process at once.

${COMMANDS.map(section).join('\n')}
# In place of gitleaks

\`alias gitleaks=unleak\`: these commands take the flags of gitleaks 8, its configuration (\`--config\`, \`GITLEAKS_CONFIG\`,
\`GITLEAKS_CONFIG_TOML\`, \`.gitleaks.toml\` of the target), ignore files, baselines and report formats. Exit codes: 0 nothing found,
\`--exit-code\` leaks, 1 any failure, 126 an unknown flag, 130 interrupted.

- Reports are redacted unless \`--redact=0\` (or any percentage below 100) is given: the one difference on purpose.
- A configuration without \`useDefault\` stands alone, as with gitleaks. Without any, our rules run under the ids of gitleaks where they
  have one, and findings of low confidence are left out: \`unleak scan\` has them.
- \`--log-opts\` takes ranges, revisions, paths behind \`--\`, and the options of \`git rev-list\` that choose commits. It is split here, never
  by a shell, and anything else is refused.
- \`.gitleaksignore\` and baseline entries accept the credential on their line, wherever it moves in that file.
- Go templates are not offered; archives are not opened; reports hold no links.

${GITLEAKS_COMMANDS.map(section).join('\n')}`;

writeFileSync(output, `${text.trimEnd()}\n`);
