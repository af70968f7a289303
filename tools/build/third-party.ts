/**
 * A bundle holds code of others, whose licences ask that their texts go with it: `THIRD-PARTY.txt` beside the chunks
 * names each package in the bundle, with its version and the text that it came with.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';

const THIRD_PARTY = 'THIRD-PARTY.txt';

const IN_PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** `notices` are files of the same kind, about what is in the bundle without being a module. */
export function thirdParty(notices: readonly string[]): Plugin {
  return {
    name: 'third-party',
    generateBundle(_, bundle) {
      const folders = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const id of file.moduleIds) {
          const folder = IN_PACKAGE.exec(id.replaceAll('\\', '/'))?.[0];
          if (folder !== undefined) folders.add(folder);
        }
      }
      const packages = [...folders].map(describe).toSorted((a, b) => (a < b ? -1 : 1));
      const entries = [...notices.map((file) => readFileSync(file, 'utf8').trim()), ...new Set(packages)];
      if (entries.length > 0)
        this.emitFile({ type: 'asset', fileName: THIRD_PARTY, source: `${entries.join(RULE)}\n` });
    },
  };
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
