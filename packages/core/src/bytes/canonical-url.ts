import { isHex, latin1Text } from './ascii.ts';
import type { Parts } from './canonical.ts';

/** One name for schemes that reach the same account; `+driver` and TLS make no difference. */
const SCHEMES: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  pgsql: 'postgresql',
  sqlserver: 'mssql',
  rediss: 'redis',
  amqps: 'amqp',
  ldaps: 'ldap',
  mqtts: 'mqtt',
};

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  postgresql: '5432',
  mysql: '3306',
  mariadb: '3306',
  mongodb: '27017',
  mssql: '1433',
  redis: '6379',
  amqp: '5672',
  ftp: '21',
  sftp: '22',
  http: '80',
  https: '443',
};

interface Where {
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  readonly database: string;
}

/**
 * Scheme, user, host, database and password of a connection URL or connection string. What the match does not say is
 * taken from named parts, else it is empty. Reads nothing beyond `match`.
 */
export function urlFields(secret: Uint8Array, parts: Parts, match: Uint8Array): readonly Uint8Array[] {
  const text = latin1Text(match);
  const password = latin1Text(secret);
  const at = placeOf(password, text);
  const slashes = text.lastIndexOf('://', at);
  const inUrl = slashes >= 0;
  const where = inUrl ? parseUrl(text, slashes, at, password.length) : parsePairs(text);
  const scheme = normalScheme(where.scheme || part(parts, ['scheme', 'protocol']));
  const user = where.user || part(parts, ['user', 'username']);
  const host = where.host || part(parts, ['host', 'hostname', 'server']);
  const database = where.database || part(parts, ['database', 'db', 'dbname']);
  const decode = inUrl ? percentDecode : (value: string): string => value;
  return [scheme, decode(user), normalHost(host, scheme), decode(database), decode(password)].map((field) =>
    Buffer.from(field, 'latin1'),
  );
}

/** A short password may occur elsewhere in the match too: the place between `:` and `@` goes first. */
function placeOf(password: string, text: string): number {
  const between = text.indexOf(`:${password}@`);
  return between >= 0 ? between + 1 : Math.max(0, text.lastIndexOf(password));
}

const ENDS_AUTHORITY = '/?#"\'`<> \t\r\n\\';
const ENDS_PATH = '?#"\'`<>;,) \t\r\n\\';

function parseUrl(text: string, slashes: number, at: number, length: number): Where {
  let start = slashes;
  while (start > 0 && isSchemeCharacter(text.charCodeAt(start - 1))) start--;
  const scheme = text.slice(start, slashes);
  const authority = slashes + 3;
  const before = text.slice(authority, Math.max(authority, at));
  if (before.endsWith(':') && indexOfAny(before, ENDS_AUTHORITY, 0) === before.length) {
    const host = at + length + (text[at + length] === '@' ? 1 : 0);
    return { scheme, user: before.slice(0, -1), ...hostAndPath(text, host) };
  }
  // The password stands in the query, or the URL says the host alone.
  const end = indexOfAny(text, ENDS_AUTHORITY, authority);
  const userinfo = text.lastIndexOf('@', end);
  const host = userinfo >= authority ? userinfo + 1 : authority;
  const user = userinfo >= authority ? (text.slice(authority, userinfo).split(':')[0] ?? '') : parameter(text, USER);
  return { scheme, user, ...hostAndPath(text, host) };
}

function hostAndPath(text: string, from: number): { host: string; database: string } {
  const end = indexOfAny(text, `${ENDS_AUTHORITY};`, from);
  const host = text.slice(from, end);
  if (text[end] === '/') return { host, database: text.slice(end + 1, indexOfAny(text, ENDS_PATH, end + 1)) };
  return { host, database: text[end] === ';' ? parameter(text, DATABASE) : '' };
}

const USER = ['user id', 'userid', 'uid', 'username', 'user name', 'user'];
const HOST = ['data source', 'server', 'hostname', 'host', 'address', 'addr'];
const DATABASE = ['initial catalog', 'databasename', 'database', 'dbname'];

/** `Server=…;Database=…;User ID=…;Password=…` (ADO, ODBC) and `host=… user=…` (libpq). */
function parsePairs(text: string): Where {
  return { scheme: '', user: parameter(text, USER), host: parameter(text, HOST), database: parameter(text, DATABASE) };
}

/** The value of the first of `names` that is followed by `=`. */
function parameter(text: string, names: readonly string[]): string {
  const lower = text.toLowerCase();
  const ends = text.includes(';') ? ';&"\'`\r\n' : ';& \t"\'`\r\n';
  for (const name of names) {
    for (let found = lower.indexOf(name); found >= 0; found = lower.indexOf(name, found + 1)) {
      let at = found + name.length;
      while (text[at] === ' ') at++;
      if (text[at] !== '=' || (found > 0 && isSchemeCharacter(lower.charCodeAt(found - 1)))) continue;
      at++;
      return text.slice(at, indexOfAny(text, ends, at)).trim();
    }
  }
  return '';
}

function indexOfAny(text: string, characters: string, from: number): number {
  for (let i = from; i < text.length; i++) if (characters.includes(text.charAt(i))) return i;
  return text.length;
}

function isSchemeCharacter(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || ((c | 32) >= 0x61 && (c | 32) <= 0x7a) || c === 0x2b || c === 0x2d || c === 0x2e;
}

function part(parts: Parts, names: readonly string[]): string {
  for (const name of names) {
    const value = parts[name];
    if (value !== undefined && value.length > 0) return latin1Text(value);
  }
  return '';
}

function normalScheme(scheme: string): string {
  const base = scheme.toLowerCase().split('+')[0] ?? '';
  return Object.hasOwn(SCHEMES, base) ? (SCHEMES[base] ?? base) : base;
}

function normalHost(host: string, scheme: string): string {
  const lower = host.toLowerCase();
  const port = Object.hasOwn(DEFAULT_PORTS, scheme) ? DEFAULT_PORTS[scheme] : undefined;
  return port !== undefined && lower.endsWith(`:${port}`) ? lower.slice(0, -port.length - 1) : lower;
}

/** RFC 3986; what is no escape stays as it is. */
function percentDecode(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '%' && isHex(text.charCodeAt(i + 1)) && isHex(text.charCodeAt(i + 2))) {
      out += String.fromCharCode(Number.parseInt(text.slice(i + 1, i + 3), 16));
      i += 2;
    } else out += text.charAt(i);
  }
  return out;
}
