/** Whether what is checked out can be published under a tag. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isVersion, manifestFiles, readManifest, type Manifest } from './versions.ts';

/** What stands in the way, a sentence each; nothing: it can. `repository` is `owner/name` on GitHub. */
export function obstacles(root: string, tag: string, repository: string | undefined): readonly string[] {
  const version = tag.replace(/^v/, '');
  if (!isVersion(version) || tag === version) return [`${tag} is no version such as v1.2.3`];
  const found: string[] = [];
  const manifests = manifestFiles(root).map((file) => ({ file, manifest: readManifest(root, file) }));
  for (const { file, manifest } of manifests)
    if (manifest.version !== version)
      found.push(`${file} has version ${manifest.version}: node tools/set-version.ts ${version}`);
  if (releaseNotes(root, version) === undefined) found.push(`CHANGELOG.md says nothing under "## ${version}"`);
  if (repository !== undefined)
    for (const { file, manifest } of manifests)
      // npm compares it with where the package was built, and refuses what does not fit.
      if (manifest.private !== true && repositoryOf(manifest) !== repository)
        found.push(`${file} needs "repository": { "type": "git", "url": "git+https://github.com/${repository}.git" }`);
  return found;
}

/** What the changelog says of a version. */
export function releaseNotes(root: string, version: string): string | undefined {
  const text = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  const section = sections.find((each) => /^\S+/.exec(each)?.[0] === version);
  const notes = section?.replace(/^.*\n/, '').trim();
  return notes === undefined || notes === '' ? undefined : notes;
}

function repositoryOf({ repository }: Manifest): string | undefined {
  const url = typeof repository === 'string' ? repository : repository?.url;
  return /^(?:git\+)?https:\/\/github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(url ?? '')?.[1];
}
