/** One CSV record (RFC 4180) with a line feed: fields are quoted when a parser could read them otherwise. */
export function csvRow(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\n`;
}

function csvField(field: string): string {
  if (!needsQuotes(field)) return field;
  return `"${field.replaceAll('"', '""')}"`;
}

function needsQuotes(field: string): boolean {
  if (field === '') return false;
  const first = field.charAt(0);
  if (first === ' ' || first === '\t' || field === '\\.') return true;
  for (const special of [',', '"', '\n', '\r']) if (field.includes(special)) return true;
  return false;
}

/** A field that a spreadsheet would take for a formula gets an apostrophe in front. */
export function withoutFormula(field: string): string {
  return ['=', '+', '-', '@', '\t', '\r'].includes(field.charAt(0)) ? `'${field}` : field;
}
