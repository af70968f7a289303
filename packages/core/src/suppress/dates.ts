const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether `text` is a day of the calendar in the form 2027-01-31. */
export function isDate(text: string): boolean {
  const [year = '', month = '', day = '', more] = text.split('-');
  if (more !== undefined || !isNumber(year, 4) || !isNumber(month, 2) || !isNumber(day, 2)) return false;
  const last = DAYS[Number(month) - 1];
  if (last === undefined || Number(day) < 1 || Number(day) > last) return false;
  return month !== '02' || day !== '29' || isLeap(Number(year));
}

function isNumber(text: string, digits: number): boolean {
  return text.length === digits && [...text].every((c) => c >= '0' && c <= '9');
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether the day `until` is over at `now`, in UTC; what is no date never held. */
export function isExpired(until: string | undefined, now: Date): boolean {
  if (until === undefined) return false;
  return !isDate(until) || until < now.toISOString().slice(0, 10);
}
