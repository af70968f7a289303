import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleText } from '../packages/core/src/rules/ruleset.ts';

/** The rule files of the project in `root`, sorted, named by their paths in it. */
export function readRuleFiles(root: string): RuleText[] {
  return ['families', 'providers'].flatMap((folder) => {
    const path = join(root, 'rules', folder);
    if (!existsSync(path)) return [];
    const names = readdirSync(path)
      .filter((name) => name.endsWith('.yaml'))
      .sort();
    return names.map((name) => ({ name: `rules/${folder}/${name}`, text: readFileSync(join(path, name), 'utf8') }));
  });
}
