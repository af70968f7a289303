/** One version for all packages: where it stands, and how it is raised. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Manifests of the workspace, relative to its root. */
export function manifestFiles(root: string): readonly string[] {
  const packages = readdirSync(join(root, 'packages'))
    .sort()
    .map((name) => `packages/${name}/package.json`);
  return ['package.json', ...packages, 'test/package.json', 'tools/package.json'];
}

/** Files that tell people which version to take. */
function documentFiles(root: string): readonly string[] {
  const templates = readdirSync(join(root, 'ci'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return [...templates.toSorted(), 'docs/ci.md'];
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly repository?: string | { readonly url?: string };
}

export function readManifest(root: string, file: string): Manifest {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
}

/** Writes the version wherever the one that holds now stands; gives the files that changed. */
export function setVersion(root: string, version: string): readonly string[] {
  const { version: old } = readManifest(root, 'package.json');
  const changed: string[] = [];
  const replace = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(root, file), 'utf8');
    const next = text.replaceAll(from, to);
    if (next === text) return;
    writeFileSync(join(root, file), next);
    changed.push(file);
  };
  for (const file of manifestFiles(root)) replace(file, `"version": "${old}"`, `"version": "${version}"`);
  for (const file of documentFiles(root)) {
    replace(file, `unleak@${old}`, `unleak@${version}`);
    replace(file, `v${old}`, `v${version}`);
  }
  return [...new Set(changed)];
}
