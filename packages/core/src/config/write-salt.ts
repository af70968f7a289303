import { isMap, parseDocument } from 'yaml';
import { base32 } from '../bytes/ids.ts';
import { parseConfig } from './parse.ts';

/** A salt of 80 random bits. `random` holds ten bytes or more. */
export function newSalt(random: Uint8Array): string {
  return base32(random.subarray(0, 10));
}

/**
 * The configuration file with `project.salt` in it: comments and order stay. A salt that is there stays, too: another
 * one would make every id new. `source` is undefined for a file that does not exist yet.
 * @throws ConfigError if the file cannot be used
 */
export function withSalt(name: string, source: string | undefined, salt: string): string {
  if (source === undefined) return `version: 1\nproject:\n  salt: ${salt}\n`;
  const { config } = parseConfig(name, source);
  if (config.project?.salt !== undefined) return source;
  const document = parseDocument(source);
  if (!isMap(document.get('project'))) document.delete('project');
  document.setIn(['project', 'salt'], salt);
  return document.toString({ lineWidth: 0 });
}
