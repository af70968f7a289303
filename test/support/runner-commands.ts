/**
 * How the runner reads what a step prints (actions/runner, ActionCommand): `::name key=value,…::data` at the beginning of
 * a line, and the older `##[name key=value;…]data` anywhere in one.
 */

export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The commands among what was printed, in order. */
export function runnerCommands(printed: string): readonly RunnerCommand[] {
  return printed.split(/\r\n|\r|\n/).flatMap((line) => {
    const command = newStyle(line) ?? oldStyle(line);
    return command === undefined ? [] : [command];
  });
}

function newStyle(line: string): RunnerCommand | undefined {
  const text = line.trimStart();
  if (!text.startsWith('::')) return undefined;
  const end = text.indexOf('::', 2);
  if (end < 0) return undefined;
  const info = text.slice(2, end);
  const space = info.indexOf(' ');
  return {
    name: (space < 0 ? info : info.slice(0, space)).toLowerCase(),
    properties: properties(space < 0 ? '' : info.slice(space + 1), ','),
    data: unescape(text.slice(end + 2), ['%0D', '\r'], ['%0A', '\n'], ['%25', '%']),
  };
}

function oldStyle(line: string): RunnerCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const info = line.slice(start + 3, end);
  const space = info.indexOf(' ');
  return {
    name: (space < 0 ? info : info.slice(0, space)).toLowerCase(),
    properties: properties(space < 0 ? '' : info.slice(space + 1), ';'),
    data: line.slice(end + 1),
  };
}

function properties(text: string, separator: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .trim()
      .split(separator)
      .filter((pair) => pair.includes('='))
      .map((pair) => {
        const at = pair.indexOf('=');
        const value = unescape(
          pair.slice(at + 1),
          ['%0D', '\r'],
          ['%0A', '\n'],
          ['%3A', ':'],
          ['%2C', ','],
          ['%25', '%'],
        );
        return [pair.slice(0, at), value];
      }),
  );
}

function unescape(text: string, ...pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((out, [from, to]) => out.replaceAll(from, to), text);
}
