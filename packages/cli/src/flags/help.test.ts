import { expect, test } from 'vitest';
import { COMMANDS } from './commands.ts';
import { commandHelp, groupHelp, longHelp, shortHelp } from './help.ts';

test.each(['hook', 'rules', 'config'])(
  'unleak %s --help: its commands, how they are called, and an example',
  (first) => {
    const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
    const help = groupHelp(group, 'npx unleak');
    const words = group.map(({ name }) => name.split(' ')[1] ?? '');
    expect(help.split('\n')[0]).toBe(`npx unleak ${first} <${words.join('|')}> [options]`);
    for (const { name, description } of group) {
      expect(help).toMatch(new RegExp(`^ {2}${name} +${description}$`, 'm'));
      expect(help).toContain(`\n  npx unleak ${name}`);
    }
  },
);

test('what help shows to be copied is called as it works here, wherever in a line it stands', () => {
  const all = [
    shortHelp('npx unleak'),
    longHelp('npx unleak'),
    ...COMMANDS.map((one) => commandHelp(one, 80, 'npx unleak')),
  ];
  for (const help of all) expect(help).not.toMatch(/^ {2}unleak /m);
  expect(all.join('')).toContain('kubectl logs app | npx unleak scan -');
  expect(all.join('')).toContain('source <(npx unleak completion bash)');
});
