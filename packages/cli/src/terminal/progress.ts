/** The bar on a terminal, for whatever takes longer than a second. In a pipe there is none. */
import type { SingleBar } from 'cli-progress';
import type { Progress } from '@unleak/core';
import type { Io } from '../io.ts';
import type { Messages } from './messages.ts';

const PATIENCE_MS = 1000;
const MB = 1 << 20;

export interface ProgressBar {
  update(progress: Progress): void;
  /** Takes the bar away. Safe to call twice. */
  stop(): void;
}

export function createProgressBar(io: Pick<Io, 'stderr' | 'env'>, messages: Messages, wanted: boolean): ProgressBar {
  if (!wanted || !io.stderr.isTTY || io.env['TERM'] === 'dumb')
    return { update: () => undefined, stop: () => undefined };
  let bar: SingleBar | undefined;
  let latest: Progress | undefined;
  let stopped = false;

  const timer = setTimeout(() => void show(), PATIENCE_MS);
  timer.unref();

  async function show(): Promise<void> {
    const { default: cliProgress } = await import('cli-progress');
    if (stopped) return;
    bar = new cliProgress.SingleBar({
      stream: io.stderr.stream,
      format:
        '{phase} {bar} {percentage}% | {objects} of {allObjects} objects | {mb} MB | {found} | {eta_formatted} left',
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
      etaBuffer: 50,
      fps: 8,
    });
    bar.start(Math.max(1, latest?.totalBytes ?? 1), 0, fields(latest));
    draw();
    messages.around((print) => {
      if (bar === undefined || stopped) return print();
      io.stderr.stream.write('\r\u001b[K');
      print();
      draw();
    });
  }

  function draw(): void {
    if (bar === undefined || latest === undefined) return;
    bar.setTotal(Math.max(1, latest.totalBytes));
    bar.update(latest.phase === 'scan' ? Math.min(latest.bytes, latest.totalBytes) : latest.totalBytes, fields(latest));
  }

  return {
    update(progress) {
      latest = progress;
      draw();
    },
    stop() {
      if (stopped) return;
      stopped = true;
      clearTimeout(timer);
      bar?.stop();
    },
  };
}

const PHASES = { plan: 'planning', scan: 'scanning', attribute: 'tracing' } as const;

function fields(progress: Progress | undefined): Record<string, string | number> {
  const count = progress?.credentials ?? 0;
  return {
    phase: PHASES[progress?.phase ?? 'plan'],
    objects: progress?.objects ?? 0,
    allObjects: progress?.totalObjects ?? 0,
    mb: Math.round((progress?.bytes ?? 0) / MB),
    found: count === 1 ? '1 candidate' : `${count} candidates`,
  };
}
