/** What scanners say of a run: how much they read, and how many findings they report. Nothing of a secret leaves here. */
import { bytes, count } from './table.mjs';

/**
 * Of a JSON report of ours; an empty text is no report.
 *
 * @param {string} report
 * @returns {import('./measure.mjs').Said}
 */
export function unleakReport(report) {
  if (report === '') return {};
  const { summary, findings } = JSON.parse(report);
  const read = amounts({ commits: summary.facts?.commits, texts: summary.texts, bytes: summary.bytes });
  return { scanned: read + (summary.complete ? '' : ', incomplete'), findings: findings.length };
}

/**
 * Of Kingfisher: a JSON Lines report, and a summary as one JSON line on standard output.
 *
 * @param {string} _report
 * @param {string} printed
 * @returns {import('./measure.mjs').Said}
 */
export function kingfisherReport(_report, printed) {
  const summary = jsonLine(printed, '"blobs_scanned"');
  return {
    scanned: amounts({ blobs: summary?.blobs_scanned, bytes: summary?.bytes_scanned }),
    findings: summary?.findings,
  };
}

/**
 * Of gitleaks and betterleaks: a log on standard error that says `N commits scanned` (gitleaks), `scanned ~N bytes` and
 * `leaks found: N` or `no leaks found`. Where git fails in the middle, gitleaks logs it and ends as if all were well.
 *
 * @param {string} _report
 * @param {string} _printed
 * @param {string} log
 * @returns {import('./measure.mjs').Said}
 */
export function leaksLog(_report, _printed, log) {
  const number = (pattern) => {
    const found = pattern.exec(log)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const scanned = amounts({ commits: number(/(\d+) commits scanned/), bytes: number(/scanned ~(\d+) bytes/) });
  const findings = number(/leaks found: (\d+)/) ?? (log.includes('no leaks found') ? 0 : undefined);
  const error = lines(log).find((line) => /\b(?:ERR|FTL)\b/.test(line));
  return error === undefined
    ? { scanned, findings }
    : { scanned: `${scanned}, failed: ${error.slice(0, 120)}`, failed: true };
}

/**
 * Of TruffleHog: a line for each finding on standard output, and a log of JSON lines that ends with what was scanned.
 *
 * @param {string} _report
 * @param {string} printed
 * @param {string} log
 * @returns {import('./measure.mjs').Said}
 */
export function trufflehogLog(_report, printed, log) {
  const end = jsonLine(log, '"finished scanning"');
  return { scanned: amounts({ chunks: end?.chunks, bytes: end?.bytes }), findings: end && lines(printed).length };
}

/** `1,234 commits, 56 MiB` of what is known, in the order given; `bytes` last. */
export function amounts({ bytes: size, ...counts }) {
  const parts = Object.entries(counts).flatMap(([what, number]) =>
    number === undefined ? [] : [`${count(number)} ${what}`],
  );
  if (size !== undefined) parts.push(bytes(size));
  return parts.join(', ') || '–';
}

/** The last line that is a JSON object and holds `mark`. */
function jsonLine(text, mark) {
  const line = lines(text).findLast((candidate) => candidate.startsWith('{') && candidate.includes(mark));
  try {
    return line === undefined ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

function lines(text) {
  return text.split('\n').filter((line) => line.trim() !== '');
}
