/**
 * Workflow commands that make the runner hide what was found, in the log of every later step, too. What we write holds no
 * secret anyway; what the job's other steps print may.
 */
import { escapeData } from './tell/command.ts';

/** Shorter values are part of too many other words. */
const LEAST = 8;
/** A value of letters alone may be a word that people write, up to this length. */
const LONGEST_WORD = 20;
/** Each costs the runner time on every line of every later step. */
export const MAX_MASKS = 10_000;

export interface Masks {
  readonly commands: readonly string[];
  /** Values that there was no room for. */
  readonly left: number;
}

/** Of secrets of several lines, every line: the runner compares line by line. */
export function maskCommands(secrets: readonly string[]): Masks {
  const values = new Set(secrets.flatMap(partsOf).filter(isWorthHiding));
  return {
    commands: [...values].slice(0, MAX_MASKS).map((value) => `::add-mask::${escapeData(value)}`),
    left: Math.max(0, values.size - MAX_MASKS),
  };
}

function partsOf(secret: string): readonly string[] {
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length === 1 ? [secret] : lines;
}

/** Not `password`, `true`, `-----`, or eight dots: to hide such words would make a log unreadable, and protect nothing. */
function isWorthHiding(value: string): boolean {
  if (value.length < LEAST || new Set(value).size < 4) return false;
  if (/^-+(?:BEGIN|END) [A-Z0-9 ]+-+$/.test(value)) return false;
  return !/^[A-Za-z]+$/.test(value) || value.length > LONGEST_WORD;
}
