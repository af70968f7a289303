/** Writes the action's action.yml, and the tables of its inputs and outputs in README and docs, from the list that it reads. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INPUTS, OUTPUTS, type Input } from '../../packages/github-action/src/input-table.ts';

const root = join(import.meta.dirname, '../..');

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function sentence(input: Input): string {
  const needs = input.permission === undefined ? '' : ` Needs the permission ${input.permission}.`;
  const choices = input.choices === undefined || isTruth(input) ? '' : ` One of: ${input.choices.join(', ')}.`;
  return `${input.description}.${choices}${needs}`;
}

function isTruth({ choices = [] }: Input): boolean {
  return choices.includes('true');
}

const action = [
  '# Written by tools/gen/action-docs.ts from src/input-table.ts.',
  'name: unleak',
  'author: unleak',
  `description: ${quoted('Finds the credentials that a change brings in, and says so where people look. Nothing to install.')}`,
  'branding:',
  '  icon: lock',
  '  color: red',
  'inputs:',
  ...INPUTS.flatMap((input) => [
    `  ${input.name}:`,
    `    description: ${quoted(sentence(input))}`,
    '    required: false',
    `    default: ${quoted(input.default)}`,
  ]),
  'outputs:',
  ...OUTPUTS.flatMap(({ name, description }) => [`  ${name}:`, `    description: ${quoted(`${description}.`)}`]),
  'runs:',
  '  using: node24',
  '  main: dist/main.cjs',
  '',
].join('\n');
writeFileSync(join(root, 'packages/github-action/action.yml'), action);

function inputRow(input: Input): string {
  const choices = input.choices === undefined ? '' : input.choices.map((choice) => `\`${choice}\``).join(', ');
  const standard = input.default === '' ? '' : `\`${input.default}\``;
  const permission = input.permission === undefined ? '' : `\`${input.permission}\``;
  const theirs = input.gitleaks === undefined ? '' : `\`${input.gitleaks}\``;
  return `| \`${input.name}\` | ${input.description} | ${choices} | ${standard} | ${permission} | ${theirs} |`;
}

const tables = [
  '| input | | one of | default | permission | variable of gitleaks-action |',
  '| --- | --- | --- | --- | --- | --- |',
  ...INPUTS.map(inputRow),
  '',
  '| output | |',
  '| --- | --- |',
  ...OUTPUTS.map(({ name, description }) => `| \`${name}\` | ${description} |`),
].join('\n');

const BEGIN = '<!-- inputs: written by tools/gen/action-docs.ts -->';
const END = '<!-- end of inputs -->';
for (const file of ['docs/github-action.md', 'packages/github-action/README.md']) {
  const text = readFileSync(join(root, file), 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error(`${file} has no place for the inputs`);
  writeFileSync(join(root, file), `${before ?? ''}${BEGIN}\n\n${tables}\n\n${END}${after}`);
}
