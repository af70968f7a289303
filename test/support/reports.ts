/** Reports made by hand, for reporters to be tried on. No secret and no token-shaped text: masks and plain words. */
import type { CommitRef, Finding, Report, Sighting, SuppressionNote } from '../../packages/core/src/types/index.ts';

type Suppressed = Report['suppressed'][number];

type Name = 'github' | 'aws' | 'password' | 'generic' | 'key' | 'webhook';

export const ids: Readonly<Record<Name, string>> = {
  github: `c1_${'a'.repeat(20)}`,
  aws: `c1_${'b'.repeat(20)}`,
  password: `c1_${'c'.repeat(20)}`,
  generic: `c1_${'d'.repeat(20)}`,
  key: `c1_${'e'.repeat(20)}`,
  webhook: `c1_${'f'.repeat(20)}`,
};

const at = { line: 12, column: 9, endLine: 12, endColumn: 49 };

export function commit(digit: string, date: string, author = 'Ada Lovelace'): CommitRef {
  return {
    commit: digit.repeat(40),
    author,
    email: 'someone@mail.invalid',
    date,
    message: `change ${digit}\n\nwith a body\n`,
  };
}

export function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: ids.github,
    ruleId: 'github-pat',
    alsoMatched: [],
    provider: 'github',
    providerName: 'GitHub',
    title: 'GitHub personal access token (classic)',
    kind: 'api-key',
    severity: 'critical',
    confidence: 'high',
    identity: 'token',
    fingerprint: 'fp-github',
    secret: 'ghp_****',
    secretLength: 40,
    entropy: 4.584962500721156,
    name: 'github_token',
    context: 'GITHUB_TOKEN=REDACTED',
    parts: {},
    verdict: { state: 'unverified' },
    sightings: [{ kind: 'file', path: 'src/config.ts', ...at }],
    sightingCount: 1,
    console: 'https://github.com/settings/tokens',
    references: ['https://docs.github.com/en/authentication'],
    tags: ['vcs'],
    ...overrides,
  };
}

export function suppress(base: Finding, suppressed: SuppressionNote): Suppressed {
  return { ...base, suppressed };
}

/** A report around some findings: its rules and its counts follow from them. */
export function report(
  parts: { readonly findings?: readonly Finding[]; readonly suppressed?: readonly Suppressed[] } & Partial<
    Omit<Report, 'findings' | 'suppressed' | 'summary'>
  > & {
      readonly summary?: Partial<Report['summary']>;
    } = {},
): Report {
  const findings = parts.findings ?? [];
  const suppressed = parts.suppressed ?? [];
  const notScanned = parts.notScanned ?? [];
  const rules = new Map([...findings, ...suppressed].map((f) => [f.ruleId, f]));
  const count = (state: 'excluded' | 'failed'): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const e of notScanned) if (e.state === state) counts[e.reason] = (counts[e.reason] ?? 0) + (e.count ?? 1);
    return counts;
  };
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const f of findings) bySeverity[f.severity]++;
  return {
    tool: parts.tool ?? { name: 'unleak', version: '0.1.0', ruleset: 'r1-sample' },
    rules:
      parts.rules ??
      [...rules.values()].map((f) => ({
        id: f.ruleId,
        title: f.title,
        provider: f.provider,
        providerName: f.providerName,
        kind: f.kind,
        severity: f.severity,
        confidence: f.confidence,
        references: f.references,
        tags: f.tags,
        aliases:
          f.ruleId === 'github-pat'
            ? { gitleaks: ['github-pat'] }
            : f.ruleId === 'aws-access-key'
              ? { gitleaks: ['aws-access-token'] }
              : {},
        ...(f.console === undefined ? {} : { console: f.console }),
      })),
    findings,
    suppressed,
    notScanned,
    revealed: parts.revealed ?? false,
    summary: {
      targets: ['the files of project'],
      complete: !notScanned.some((e) => e.state === 'failed'),
      interrupted: false,
      findings: findings.length,
      bySeverity,
      lowConfidence: findings.filter((f) => f.confidence === 'low').length,
      suppressed: suppressed.length,
      texts: 1234,
      bytes: 5_600_000,
      excluded: count('excluded'),
      failed: count('failed'),
      facts: {},
      expiredEntries: [],
      unusedEntries: [],
      ...parts.summary,
    },
  };
}

export function gitSighting(
  overrides: Partial<Extract<Sighting, { kind: 'git' }>> = {},
): Extract<Sighting, { kind: 'git' }> {
  return {
    kind: 'git',
    path: 'src/config.ts',
    ...at,
    ...commit('1', '2024-03-01T10:00:00Z'),
    blob: 'b'.repeat(40),
    inHead: true,
    branches: ['main'],
    ...overrides,
  };
}

export const EMPTY: Report = report({ summary: { texts: 0, bytes: 0 } });

/** A bit of everything that the scan of a repository's history can say. */
export const HISTORY: Report = report({
  findings: [
    finding({
      sightings: [
        gitSighting({
          path: '.env',
          line: 3,
          column: 1,
          endLine: 3,
          endColumn: 41,
          inHead: false,
          branches: [],
          removed: commit('3', '2024-05-03T08:30:00Z', 'Grace Hopper'),
        }),
        gitSighting({ last: commit('2', '2024-04-02T10:00:00Z', 'Grace Hopper') }),
        { kind: 'commit-message', path: '', ...at, line: 2, endLine: 2, ...commit('4', '2024-03-05T10:00:00Z') },
        {
          kind: 'tag-message',
          path: '',
          ...at,
          line: 1,
          endLine: 1,
          ...commit('5', '2024-03-06T10:00:00Z'),
          tag: 'v1.0',
        },
        { kind: 'git-unreachable', path: '', ...at, blob: 'c'.repeat(40) },
        { kind: 'file', path: 'notes.txt', ...at, decoded: ['base64'] },
      ],
      sightingCount: 102,
    }),
    finding({
      id: ids.aws,
      ruleId: 'aws-access-key',
      alsoMatched: ['generic-secret'],
      provider: 'aws',
      providerName: 'Amazon Web Services',
      title: 'AWS access key',
      identity: 'pair',
      fingerprint: 'fp-aws',
      secret: 'AKIA****',
      secretLength: 20,
      entropy: 3.5,
      context: '',
      parts: { secretAccessKey: 'wJ****EY' },
      console: 'https://console.aws.amazon.com/iam',
      references: [],
      tags: [],
      sightings: [
        gitSighting({
          path: 'deploy/run.sh',
          inHead: false,
          branches: [],
          removed: commit('3', '2024-05-03T08:30:00Z', 'Grace Hopper'),
        }),
      ],
    }),
    finding({
      id: ids.key,
      ruleId: 'private-key',
      provider: 'private-key',
      providerName: 'Private key',
      title: 'Private key (PEM)',
      kind: 'private-key',
      severity: 'high',
      identity: 'pem',
      fingerprint: 'fp-key',
      secret: '----****--',
      secretLength: 1704,
      entropy: 5.97,
      context: '',
      sightings: [
        gitSighting({
          path: 'certs/server.key',
          line: 1,
          column: 1,
          endLine: 28,
          endColumn: 30,
          inHead: false,
          branches: ['next', 'topic'],
        }),
      ],
      references: [],
      tags: [],
    }),
    finding({
      id: ids.password,
      ruleId: 'generic-password',
      provider: 'generic',
      providerName: 'Generic',
      title: 'Password in an assignment',
      kind: 'password',
      severity: 'medium',
      confidence: 'medium',
      fingerprint: 'fp-password',
      secret: '****',
      secretLength: 9,
      entropy: 2.9,
      name: 'db.password',
      context: 'password: "REDACTED"',
      sightings: [{ kind: 'file', path: 'config/app.yaml', ...at }],
      references: [],
      tags: ['generic'],
    }),
    finding({
      id: ids.generic,
      ruleId: 'generic-secret',
      provider: 'generic',
      providerName: 'Generic',
      title: 'Secret in an assignment',
      severity: 'low',
      confidence: 'low',
      fingerprint: 'fp-generic',
      secret: 'ab****',
      secretLength: 16,
      entropy: 3.25,
      context: 'secret = "REDACTED"',
      sightings: [gitSighting({ path: 'test/fixture.js', inHead: true })],
      references: [],
      tags: ['generic'],
    }),
  ].map(({ console, ...rest }) =>
    rest.provider === 'github' || rest.provider === 'aws' ? { ...rest, console } : rest,
  ) as Finding[],
  suppressed: [
    suppress(
      finding({
        id: ids.webhook,
        ruleId: 'slack-webhook',
        provider: 'slack',
        providerName: 'Slack',
        title: 'Slack webhook',
        kind: 'webhook',
        severity: 'medium',
        fingerprint: 'fp-webhook',
        secret: '****',
        sightings: [{ kind: 'file', path: 'README.md', ...at }],
        tags: [],
      }),
      { by: 'inline', source: 'unleak:allow', reason: 'documentation sample', owner: 'docs', until: '2027-01-31' },
    ),
  ],
  notScanned: [
    { state: 'excluded', reason: 'binary', where: 'assets/logo.png' },
    { state: 'excluded', reason: 'too-large', where: 'dump.sql', detail: '312 MB', count: 4 },
    { state: 'failed', reason: 'corrupt', where: 'object 9999999999', detail: 'bad zlib header' },
  ],
  summary: {
    targets: ['the whole history of project and its uncommitted changes'],
    facts: { commits: 1200, shallow: false },
    expiredEntries: [{ source: '.unleakignore', line: 4, text: ids.aws, until: '2024-01-01' }],
    unusedEntries: [{ source: '.gitleaksignore', line: 2, text: 'old/path.js:generic-api-key:7', reason: 'moved' }],
  },
});

const ESC = String.fromCharCode(0x1b);

/** Paths, authors, names and places that try to write to the terminal, to a spreadsheet and to markup. */
export const HOSTILE: Report = report({
  findings: [
    finding({
      title: `Token ${ESC}[2J [click](https://evil.invalid) {0}`,
      name: `n${ESC}]0;x${String.fromCharCode(7)}`,
      context: `a\u202eb=REDACTED\r\n${ESC}[1A`,
      sightings: [
        gitSighting({
          path: `=cmd|' /C calc'!A0,"<b>&\u2066\u{e0041}${ESC}[31m\n.env`,
          author: `Eve\r\n${ESC}[8m\u009b31m`,
          message: `subject ${ESC}[2J\nbody "quoted", with comma\n`,
          branches: [`topic\u200f`],
        }),
        { kind: 'staged', path: '../a b/ü%.txt', ...at, alreadyIn: [`b${ESC}c`] },
        { kind: 'file', path: '@scope/x.js', ...at },
      ],
      sightingCount: 3,
    }),
  ],
  notScanned: [{ state: 'failed', reason: 'unreadable', where: `x${ESC}[2K\r`, detail: `d\u0000${ESC}` }],
  summary: {
    targets: [`the files of ${ESC}[7mproject`],
    unusedEntries: [
      { source: `.unleakignore${ESC}`, line: 1, text: `t\u2028${ESC}`, reason: `r${ESC}`, until: '2020-01-01' },
    ],
  },
});

/** About to be committed: nothing has left the machine yet. */
export const STAGED: Report = report({
  findings: [finding({ sightings: [{ kind: 'staged', path: 'src/new.ts', ...at, alreadyIn: ['src/old.ts'] }] })],
  summary: { targets: ['the index of project'], texts: 3, bytes: 812 },
});

/** The same report with its lists the other way round. */
export function shuffled(base: Report): Report {
  const turn = <F extends Finding>(f: F): F => ({ ...f, sightings: f.sightings.toReversed() });
  return {
    ...base,
    rules: base.rules.toReversed(),
    findings: base.findings.toReversed().map(turn),
    suppressed: base.suppressed.toReversed().map(turn),
    notScanned: base.notScanned.toReversed(),
    summary: {
      ...base.summary,
      excluded: Object.fromEntries(Object.entries(base.summary.excluded).toReversed()),
      failed: Object.fromEntries(Object.entries(base.summary.failed).toReversed()),
      facts: Object.fromEntries(Object.entries(base.summary.facts).toReversed()),
      expiredEntries: base.summary.expiredEntries.toReversed(),
      unusedEntries: base.summary.unusedEntries.toReversed(),
    },
  };
}
