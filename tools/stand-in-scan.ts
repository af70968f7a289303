import { compile } from '../packages/core/src/engine/regex.ts';
import type { Pattern } from '../packages/core/src/engine/regex.ts';
import { checksums } from '../packages/core/src/engine/filters/checksums.ts';
import type { FoundSecret } from '../packages/core/src/rules/check.ts';
import type { Rule, Span } from '../packages/core/src/types/index.ts';

function entropy(b: Uint8Array): number {
  const counts = new Map<number, number>();
  for (const x of b) counts.set(x, (counts.get(x) ?? 0) + 1);
  let h = 0;
  for (const n of counts.values()) h -= (n / b.length) * Math.log2(n / b.length);
  return h;
}

/** Without placeholders, decoders and gates: until the engine can be loaded. */
export function standInScan(): (text: Uint8Array, rule: Rule) => FoundSecret[] {
  const cache = new Map<string, Pattern>();
  const get = (p: string): Pattern => { let c = cache.get(p); if (c === undefined) cache.set(p, (c = compile(p))); return c; };
  return (text, rule) => {
    const lower = Buffer.from(text).toString('latin1').toLowerCase();
    const found = new Map<string, FoundSecret>();
    for (const w of rule.keywords) for (let k = lower.indexOf(w); k >= 0; k = lower.indexOf(w, k + 1)) {
      const lo = Math.max(0, k - rule.reach.back - 1);
      const hi = Math.min(text.length, k + rule.reach.forward + 1);
      const slice = text.subarray(lo, hi);
      let s = Math.max(0, k - rule.reach.back);
      for (;;) {
        const m = get(rule.pattern).exec(slice, s - lo);
        if (m === undefined || m.start + lo > k) break;
        if (m.end + lo >= k + w.length) {
          const g = m.groups['secret'];
          if (g === undefined) break;
          const secret = { start: g.start + lo, end: g.end + lo };
          const bytes = text.subarray(secret.start, secret.end);
          const sum = rule.checksum === undefined ? undefined : checksums[rule.checksum];
          if ((sum !== undefined && !sum(bytes)) || (rule.minEntropy !== undefined && entropy(bytes) < rule.minEntropy) || bytes.length < (rule.minLength ?? 0)) break;
          const all = Buffer.from(bytes).toString('latin1');
          if (rule.allow.some((a) => a.target !== 'line' && (a.words.some((x) => all.toLowerCase().includes(x)) || a.patterns.some((p) => get(p).test(a.target === 'match' ? slice.subarray(m.start, m.end) : bytes))))) break;
          const parts: Record<string, Span> = {};
          let complete = true;
          for (const c of rule.companions) {
            const from = Math.max(0, m.start + lo - c.within);
            const area = text.subarray(from, m.end + lo + c.within);
            let best: Span | undefined;
            for (let at = 0; at < area.length;) {
              const cm = get(c.pattern).exec(area, at);
              const cg = cm?.groups['secret'];
              if (cm === undefined || cg === undefined) break;
              at = Math.max(cg.end, cm.start + 1);
              const span = { start: cg.start + from, end: cg.end + from };
              if (span.start < secret.end && secret.start < span.end) continue;
              if (c.minEntropy !== undefined && entropy(text.subarray(span.start, span.end)) < c.minEntropy) continue;
              const d = (x: Span): number => x.start >= secret.end ? x.start - secret.end : secret.start - x.end + 0.5;
              if (best === undefined || d(span) < d(best)) best = span;
            }
            if (best !== undefined) parts[c.name] = best; else if (c.required) complete = false;
          }
          for (const [name, span] of Object.entries(m.groups)) if (name !== 'secret') parts[name] = { start: span.start + lo, end: span.end + lo };
          if (complete) found.set(`${secret.start}-${secret.end}`, { secret, parts });
          break;
        }
        s = m.start + lo + 1;
      }
    }
    return [...found.values()];
  };
}
