/** Figures of runs as text. */

/** The middle one, or what lies half-way between the two middle ones. `undefined` of nothing, or where one is not known. */
export function median(values) {
  if (values.length === 0 || values.includes(undefined)) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** 0.046 s, 1.23 s, 12.3 s, 123 s. */
export function seconds(value) {
  return value === undefined ? '–' : `${digits(value)} s`;
}

/** A ratio as `0.35 ×`. */
export function times(value) {
  return value === undefined ? '–' : `${digits(value)} ×`;
}

/** Bytes in MiB, or in KiB below one. */
export function bytes(value) {
  if (value === undefined) return '–';
  return value < 2 ** 20 ? `${Math.round(value / 1024)} KiB` : `${Math.round(value / 2 ** 20)} MiB`;
}

/** 1,234,567 */
export function count(value) {
  return value === undefined ? '–' : value.toLocaleString('en-US');
}

function digits(value) {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value.toFixed(value >= 0.1 ? 2 : 3);
}

/**
 * A Markdown table that can also be read as it is. Every row has as many cells as `columns`; a bar in a cell is escaped.
 */
export function table(columns, rows) {
  const cells = [columns, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  const lines = cells.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`);
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return lines.join('\n');
}

/**
 * One row for each contender, in their order: the median of its wall times with the smallest and the largest, its ratio
 * to the first contender, CPU time of the process tree (median), peak memory (largest), what it read, what it found.
 *
 * @param {{ name: string, runs: import('./measure.mjs').Run[], scanned?: string, findings?: number }[]} results
 */
export function resultRows(results) {
  const floor = wallOf(results[0]).seconds;
  return results.map((result) => {
    const { runs } = result;
    const wall = wallOf(result);
    const walls = runs.map((run) => run.seconds);
    const over = wall.over ? '> ' : '';
    return [
      result.name,
      over +
        seconds(wall.seconds) +
        (runs.length > 1 ? ` (${digits(Math.min(...walls))}–${digits(Math.max(...walls))})` : ''),
      over + times(wall.seconds / floor),
      seconds(median(runs.map((run) => run.cpuSeconds))),
      bytes(largest(runs.map((run) => run.peakBytes))),
      bytes(largest(runs.map((run) => run.ownBytes))),
      result.scanned ?? '–',
      count(result.findings),
      [...new Set(runs.map((run) => (run.timedOut ? 'stopped' : (run.code ?? run.signal))))].join('/'),
    ];
  });
}

export const resultColumns = ['what', 'wall', 'ratio', 'CPU', 'peak memory', 'of it own', 'read', 'findings', 'exit'];

/** Without the columns in which no row has anything but a dash. */
export function onlyKnown(columns, rows) {
  const kept = columns.map((_, at) => rows.some((row) => row[at] !== '–'));
  const cut = (row) => row.filter((_, at) => kept[at]);
  return [cut(columns), rows.map(cut)];
}

/** Wall time of a contender: the median of its runs, or that it was `over` the time it was given. */
export function wallOf({ runs }) {
  return { seconds: median(runs.map((run) => run.seconds)), over: runs.some((run) => run.timedOut) };
}

/** The largest peak memory over the runs of a contender, in bytes. */
export function peakOf({ runs }) {
  return largest(runs.map((run) => run.peakBytes));
}

function largest(values) {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
