import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startFakeArtifacts, type FakeArtifacts } from '../../../../test/fakes/artifacts.ts';
import { tempFolder } from '../../../../test/support/temp-folder.ts';
import { uploadArtifact } from './artifact.ts';

let fake: FakeArtifacts | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await fake?.close();
});

async function start(options?: { readonly refuse: boolean }): Promise<FakeArtifacts> {
  fake = await startFakeArtifacts(options);
  for (const [name, value] of Object.entries(fake.env)) vi.stubEnv(name, value);
  return fake;
}

function sarif(): string {
  const file = join(tempFolder(), 'results.sarif');
  writeFileSync(file, '{"runs":[]}');
  return file;
}

it('puts the file, under its own name, into an archive of the name that was asked for', async () => {
  const { artifacts } = await start();
  await uploadArtifact('gitleaks-results.sarif', sarif());
  expect([...artifacts.keys()]).toEqual(['gitleaks-results.sarif']);
  const archive = artifacts.get('gitleaks-results.sarif');
  // A zip: it begins with a local header and names the file without its folder.
  expect(archive?.readUInt32LE(0)).toBe(0x04034b50);
  expect(archive?.toString('latin1', 30, 30 + 'results.sarif'.length)).toBe('results.sarif');
});

it('says in one line why it does not work', async () => {
  await start({ refuse: true });
  await expect(uploadArtifact('results', sarif())).rejects.toThrow(/^Failed to CreateArtifact: [^\n]*\(403\)[^\n]*$/);
  vi.stubEnv('ACTIONS_RUNTIME_TOKEN', '');
  await expect(uploadArtifact('results', sarif())).rejects.toThrow(/ACTIONS_RUNTIME_TOKEN/);
});

it('refuses a name that cannot be one', async () => {
  await start();
  await expect(uploadArtifact('a/b', sarif())).rejects.toThrow(/artifact name/i);
});
