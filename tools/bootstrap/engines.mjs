// The part of the range language that our `engines` fields use: alternatives of `^a.b.c` and `>=a.b.c`.

/**
 * Whether a version such as `v24.15.0` lies in a range such as `^22.22.2 || >=26.0.0`. A tag after the numbers
 * (`-nightly…`) is not looked at. Throws for a range that is written in another way.
 */
export function satisfies(version, range) {
  const has = numbers(version);
  return range.split('||').some((part) => {
    const [, operator, floor] = /^(\^|>=)(\d+(?:\.\d+){0,2})$/.exec(part.trim()) ?? [];
    if (operator === undefined) throw new Error(`cannot read the Node range "${part.trim()}"`);
    const needs = numbers(floor);
    return compare(has, needs) >= 0 && (operator === '>=' || has[0] === needs[0]);
  });
}

function numbers(text) {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
  if (found === null) throw new Error(`cannot read the version "${text}"`);
  return found.slice(1).map((part) => Number(part ?? 0));
}

function compare(a, b) {
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}
