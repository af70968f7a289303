/**
 * A bundle holds code of others, whose licences ask that their texts go with it: `THIRD-PARTY.txt` beside the chunks
 * names each package in the bundle, with its version and the text that it came with. What a package of ours holds of others
 * without importing it stands in a file of that name of its own.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Plugin } from 'rolldown';

const THIRD_PARTY = 'THIRD-PARTY.txt';

const IN_PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

export const thirdParty: Plugin = {
  name: 'third-party',
  generateBundle(_, bundle) {
    const ids = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    const theirs = new Set<string>();
    const ours = new Set<string>();
    for (const id of ids.map((each) => each.replaceAll('\\', '/'))) {
      const folder = IN_PACKAGE.exec(id)?.[0];
      if (folder !== undefined) theirs.add(folder);
      else if (isAbsolute(id)) ours.add(packageOf(id));
    }
    const notices = [...ours].map((folder) => join(folder, THIRD_PARTY)).filter((file) => existsSync(file));
    const packages = [...theirs].map(describe).toSorted((a, b) => (a < b ? -1 : 1));
    const entries = [...notices.map((file) => readFileSync(file, 'utf8').trim()), ...new Set(packages)];
    if (entries.length > 0) this.emitFile({ type: 'asset', fileName: THIRD_PARTY, source: `${entries.join(RULE)}\n` });
  },
};

function packageOf(file: string): string {
  const folder = dirname(file);
  return folder === dirname(folder) || existsSync(join(folder, 'package.json')) ? folder : packageOf(folder);
}

const RULE = `\n\n${'-'.repeat(80)}\n\n`;

function describe(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (license === undefined && texts.length === 0) throw new Error(`${name} ${version} comes without a licence`);
  return [`${name} ${version} (${license ?? 'see below'})`, ...texts].join('\n\n');
}
