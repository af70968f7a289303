import type { Severity } from '../../types/rule.ts';

/** Select Graphic Rendition codes; the identity when colour is off. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly severity: (severity: Severity, text: string) => string;
}

const ESCAPE = '\u001b[';
const SEVERITY: Readonly<Record<Severity, string>> = { critical: '1;31', high: '31', medium: '33', low: '36' };

export function style(colour: boolean): Style {
  const paint =
    (code: string) =>
    (text: string): string =>
      colour && text !== '' ? `${ESCAPE}${code}m${text}${ESCAPE}0m` : text;
  return {
    bold: paint('1'),
    dim: paint('2'),
    good: paint('32'),
    bad: paint('31'),
    severity: (severity, text) => paint(SEVERITY[severity])(text),
  };
}
