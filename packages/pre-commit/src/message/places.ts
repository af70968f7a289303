/** Where a finding is, in one line each. */
import type { Finding, Sighting } from '@unleak/core';

/** `src/a.js:12`; of a message, which one. Not neutralised. */
export function placeText(sighting: Sighting): string {
  switch (sighting.kind) {
    case 'commit-message':
      return `the message of commit ${sighting.commit.slice(0, 10)}, line ${sighting.line}`;
    case 'tag-message':
      return `the message of tag ${sighting.tag ?? sighting.commit.slice(0, 10)}, line ${sighting.line}`;
    case 'git':
      return `${sighting.path}:${sighting.line}, in commit ${sighting.commit.slice(0, 10)}${removedText(sighting)}`;
    case 'staged':
      return `${sighting.path}:${sighting.line}${copyText(sighting.alreadyIn ?? [])}`;
    case 'git-object':
    case 'git-unreachable':
      return `git object ${sighting.blob.slice(0, 10)}, line ${sighting.line}`;
    default:
      return `${sighting.path}:${sighting.line}`;
  }
}

function removedText({ removed }: Extract<Sighting, { kind: 'git' }>): string {
  return removed === undefined ? '' : `, taken out again in ${removed.commit.slice(0, 10)}`;
}

const COPIES = 3;

function copyText(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  const rest = paths.length - COPIES;
  return `, already in ${paths.slice(0, COPIES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The file to edit first; empty where the finding is in no file. */
export function fileOf({ sightings }: Finding): string {
  return sightings.find(({ path }) => path !== '')?.path ?? '';
}

/** The whole file is a key: nothing else is in it that would be worth keeping. */
export function isKeyFile(finding: Finding): boolean {
  const [first] = finding.sightings;
  const isKey = finding.kind === 'private-key' || finding.kind === 'ssh-key' || finding.kind === 'certificate';
  if (!isKey || first === undefined || first.path === '') return false;
  const name = first.path.split('/').at(-1) ?? '';
  return (
    /\.(?:pem|key|p8|ppk|asc|gpg|der|crt|cer)$/i.test(name) ||
    /^id_[a-z0-9_]+$/i.test(name) ||
    (first.line === 1 && first.column === 1)
  );
}
