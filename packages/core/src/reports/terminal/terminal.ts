import { neutralise } from '../../bytes/display.ts';
import type { Report, Reporter } from '../../types/report.ts';
import { findingLines } from './finding.ts';
import { plural } from './layout.ts';
import { style } from './style.ts';
import { entryLines, lastLine, notScannedLines, suppressedLines } from './summary.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  /** Columns of the terminal; sentences are wrapped, paths and ids are not. */
  readonly width: number;
  /** Low-confidence findings one by one instead of one count. */
  readonly showLow: boolean;
}

const DEFAULT_TERMINAL_OPTIONS: TerminalOptions = { colour: false, width: 80, showLow: false };

/** For people: one block per credential, most severe first, and a summary in the last line. */
export function terminalReporter(options: Partial<TerminalOptions> = {}): Reporter {
  const { colour, width, showLow } = { ...DEFAULT_TERMINAL_OPTIONS, ...options };
  const paint = style(colour);
  return {
    id: 'terminal',
    extension: 'txt',
    *render(report: Report) {
      yield* block(report.summary.targets.map((target) => neutralise(target)));
      const shown = showLow ? report.findings : report.findings.filter((finding) => finding.confidence !== 'low');
      for (const finding of shown) yield* block(findingLines(finding, paint, width));
      const low = report.findings.length - shown.length;
      if (low > 0)
        yield* block([
          `${plural(low, 'low-confidence finding')} not shown; show ${low === 1 ? 'it' : 'them'} with --confidence low.`,
        ]);
      yield* block(suppressedLines(report));
      yield* block(notScannedLines(report, paint));
      yield* block(entryLines(report));
      yield `${lastLine(report, paint)}\n`;
    },
  };
}

/** Lines with an empty line after them. */
function* block(lines: readonly string[]): Generator<string> {
  if (lines.length > 0) yield `${lines.join('\n')}\n\n`;
}
