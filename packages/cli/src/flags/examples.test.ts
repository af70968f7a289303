/** Whatever is shown to be copied is a valid command line: a real shell splits it, and the real parser reads it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../../../test/support/temp-folder.ts';
import { scanRequest } from '../commands/scan.ts';
import { readArguments } from '../compat/gitleaks/arguments.ts';
import { GITLEAKS_COMMANDS } from '../compat/gitleaks/flags.ts';
import { gitleaksVerb } from '../compat/gitleaks/verbs.ts';
import { COMMANDS } from './commands.ts';
import { longHelp, shortHelp } from './help.ts';
import { parse } from './parse.ts';

const root = join(import.meta.dirname, '../../../..');

/** Arguments of each `unleak` that bash would start for this line. */
function argumentsIn(command: string): readonly (readonly string[])[] {
  const home = tempFolder();
  mkdirSync(join(home, '.config/fish/completions'), { recursive: true });
  writeFileSync(join(home, 'app.log'), '');
  const script = [
    'unleak() { for word in "$@"; do printf "%s\\0" "$word" >> ~/arguments; done; printf "\\n\\0" >> ~/arguments; }',
    'npx() { "$@"; }',
    'kubectl() { :; }',
    'set -- origin https://example.org/r.git',
    command,
  ].join('\n');
  const { stderr } = spawnSync('bash', ['-c', script], { cwd: home, env: { HOME: home, PATH: process.env['PATH'] } });
  expect(stderr.toString(), command).toBe('');
  return readFileSync(join(home, 'arguments'), 'utf8')
    .split('\n\0')
    .slice(0, -1)
    .map((words) => words.split('\0').slice(0, -1));
}

/** @throws UsageError */
async function read(args: readonly string[]): Promise<string> {
  const verb = gitleaksVerb(args)?.verb;
  if (verb !== undefined) {
    const flags = GITLEAKS_COMMANDS.find(({ name }) => name === verb)?.flags ?? [];
    readArguments(flags, args);
    return verb;
  }
  if (args[0]?.startsWith('-') === true) return args[0];
  const { command, values, positionals } = await parse(args);
  if (command.name === 'scan') scanRequest(values, positionals);
  return command.name;
}

const OF_COMMANDS = [...COMMANDS, ...GITLEAKS_COMMANDS].flatMap(({ name, examples }) =>
  examples.map(({ command }) => [command, name] as const),
);

test.each(OF_COMMANDS)('%s', async (command, name) => {
  const [args = [], ...others] = argumentsIn(command);
  expect(others).toEqual([]);
  expect(await read(args)).toBe(name);
});

test('each command has an example, but for names of gitleaks that only stand for another', () => {
  expect(COMMANDS.filter(({ examples }) => examples.length === 0)).toEqual([]);
});

test('what help without a command shows', async () => {
  const shown = [...(shortHelp('unleak') + longHelp('unleak')).matchAll(/^ {2}(unleak .+?)(?: {2,}.*)?$/gm)];
  expect(shown.length).toBeGreaterThan(5);
  for (const [, command = ''] of shown) for (const args of argumentsIn(command)) expect(await read(args)).toBe('scan');
});

/** Lines of fenced code that begin with our name; what stands for something else is put in angle brackets there. */
function commandsIn(file: string): readonly string[] {
  return [...readFileSync(join(root, file), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, code = '']) => code.split('\n'))
    .filter((line) => /^(?:npx )?unleak /.test(line))
    .map((line) => line.replaceAll(/<[\w-]+>|…/g, 'placeholder'));
}

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]
  .filter((file) => file.endsWith('.md'))
  .map((file) => [file, commandsIn(file)] as const)
  .filter(([, commands]) => commands.length > 0);

test.each(DOCUMENTS)('%s', async (_, commands) => {
  for (const command of commands)
    for (const args of argumentsIn(command)) await expect(read(args), command).resolves.not.toBe('');
});
