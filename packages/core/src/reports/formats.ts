/** How each format is made. */
import type { Reporter } from '../types/report.ts';
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
import { sorting } from './order.ts';
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

const CREATORS: Readonly<Record<string, (options?: ReporterOptions) => Reporter>> = {
  terminal: (o) => terminalReporter(o?.terminal),
  json: () => jsonReporter(),
  jsonl: () => jsonLinesReporter(),
  sarif: (o) => sarifReporter(o?.sarif),
  csv: () => csvReporter(),
  junit: (o) => junitReporter(o?.policy),
  'gitlab-secrets': (o) => gitlabSecretsReporter(o?.gitlab),
  'gitlab-codequality': () => gitlabCodeQualityReporter(),
  'gitleaks-json': (o) => gitleaksJsonReporter(o?.gitleaks),
  'gitleaks-csv': (o) => gitleaksCsvReporter(o?.gitleaks),
  'gitleaks-junit': (o) => gitleaksJunitReporter(o?.gitleaks),
  'gitleaks-sarif': () => gitleaksSarifReporter(),
  'gitleaks-verbose': (o) => gitleaksVerboseReporter(o?.gitleaks),
};

/** Takes a report in any order. @throws RangeError for an id that is none */
export function reporterFor(id: string, options?: ReporterOptions): Reporter {
  const create = Object.hasOwn(CREATORS, id) ? CREATORS[id] : undefined;
  if (create === undefined) throw new RangeError(`there is no report format ${id}`);
  return sorting(create(options));
}
