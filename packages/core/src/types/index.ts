export * from './span.ts';
export * from './rule.ts';
export * from './hit.ts';
export * from './sighting.ts';
export * from './finding.ts';
export * from './events.ts';
export * from './source.ts';
export * from './report.ts';
