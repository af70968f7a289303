import type { Report, Reporter } from '../types/report.ts';
import { csvReporter } from './csv.ts';
import type { FailPolicy } from './exit-code.ts';
import { gitleaksCsvReporter } from './gitleaks/csv.ts';
import { gitleaksJsonReporter } from './gitleaks/json.ts';
import { gitleaksJunitReporter } from './gitleaks/junit.ts';
import type { GitleaksOptions } from './gitleaks/records.ts';
import { gitleaksSarifReporter } from './gitleaks/sarif.ts';
import { gitleaksVerboseReporter } from './gitleaks/verbose.ts';
import { gitlabCodeQualityReporter } from './gitlab-codequality.ts';
import { gitlabSecretsReporter, type GitlabOptions } from './gitlab-secrets.ts';
import { jsonReporter } from './json.ts';
import { jsonLinesReporter } from './jsonl.ts';
import { junitReporter } from './junit.ts';
import { sortReport } from './order.ts';
import { sarifReporter, type SarifOptions } from './sarif.ts';
import { terminalReporter, type TerminalOptions } from './terminal/terminal.ts';

/** What any format may be told; each takes what concerns it. */
export interface ReporterOptions {
  readonly terminal?: Partial<TerminalOptions> | undefined;
  readonly sarif?: SarifOptions | undefined;
  readonly gitlab?: GitlabOptions | undefined;
  readonly gitleaks?: GitleaksOptions | undefined;
  /** Which findings JUnit calls failures; the run's own policy. */
  readonly policy?: FailPolicy | undefined;
}

export interface ReportFormat {
  readonly id: string;
  /** Other names that `--format` takes. */
  readonly aliases: readonly string[];
  /** Without a dot. */
  readonly extension: string;
  readonly title: string;
  /** Shows the secrets of a report that holds them (`revealed`); the others never do. */
  readonly showsSecrets: boolean;
  /** Takes a report in any order. */
  readonly create: (options?: ReporterOptions) => Reporter;
}

type Row = Omit<ReportFormat, 'extension'>;

const ROWS: readonly Row[] = [
  {
    id: 'terminal',
    aliases: ['text', 'pretty'],
    title: 'for people',
    showsSecrets: true,
    create: (o) => terminalReporter(o?.terminal),
  },
  {
    id: 'json',
    aliases: [],
    title: 'one JSON object, docs/schema/report.schema.json',
    showsSecrets: true,
    create: () => jsonReporter(),
  },
  {
    id: 'jsonl',
    aliases: ['ndjson', 'json-lines'],
    title: 'one JSON object per line',
    showsSecrets: true,
    create: () => jsonLinesReporter(),
  },
  {
    id: 'sarif',
    aliases: [],
    title: 'SARIF 2.1.0, one result per credential',
    showsSecrets: false,
    create: (o) => sarifReporter(o?.sarif),
  },
  { id: 'csv', aliases: [], title: 'a row per place', showsSecrets: true, create: () => csvReporter() },
  {
    id: 'junit',
    aliases: [],
    title: 'JUnit XML, a test case per credential',
    showsSecrets: true,
    create: (o) => junitReporter(o?.policy),
  },
  {
    id: 'gitlab-secrets',
    aliases: ['gitlab', 'gitlab-secret-detection'],
    title: 'GitLab secret detection report',
    showsSecrets: false,
    create: (o) => gitlabSecretsReporter(o?.gitlab),
  },
  {
    id: 'gitlab-codequality',
    aliases: ['codequality', 'codeclimate'],
    title: 'GitLab code quality report',
    showsSecrets: false,
    create: () => gitlabCodeQualityReporter(),
  },
  {
    id: 'gitleaks-json',
    aliases: [],
    title: "gitleaks' JSON",
    showsSecrets: true,
    create: (o) => gitleaksJsonReporter(o?.gitleaks),
  },
  {
    id: 'gitleaks-csv',
    aliases: [],
    title: "gitleaks' CSV",
    showsSecrets: true,
    create: (o) => gitleaksCsvReporter(o?.gitleaks),
  },
  {
    id: 'gitleaks-junit',
    aliases: [],
    title: "gitleaks' JUnit XML",
    showsSecrets: true,
    create: (o) => gitleaksJunitReporter(o?.gitleaks),
  },
  {
    id: 'gitleaks-sarif',
    aliases: [],
    title: "gitleaks' SARIF",
    showsSecrets: false,
    create: () => gitleaksSarifReporter(),
  },
  {
    id: 'gitleaks-verbose',
    aliases: [],
    title: 'what gitleaks -v prints',
    showsSecrets: true,
    create: (o) => gitleaksVerboseReporter(o?.gitleaks),
  },
];

export const REPORT_FORMATS: readonly ReportFormat[] = ROWS.map((row) => ({
  ...row,
  extension: row.create().extension,
  create: (options) => sorting(row.create(options)),
}));

/** By id or alias. */
export function findFormat(name: string): ReportFormat | undefined {
  return REPORT_FORMATS.find((format) => format.id === name || format.aliases.includes(name));
}

/** The format that a file name asks for by its extension; the first in the list that has it. */
export function formatForPath(path: string): ReportFormat | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const dot = name.lastIndexOf('.');
  if (dot < 0) return undefined;
  const extension = name.slice(dot + 1).toLowerCase();
  return REPORT_FORMATS.find((format) => format.extension === extension || format.aliases.includes(extension));
}

function sorting(reporter: Reporter): Reporter {
  return { ...reporter, render: (report: Report) => reporter.render(sortReport(report)) };
}
