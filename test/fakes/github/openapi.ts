/**
 * GitHub's own description of its REST API: which calls there are, and whether a request and its answer are as it says.
 * Of its 13 MB only what an operation refers to is compiled, when that operation is used.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { parseAs } from '../../support/json.ts';

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

interface Body {
  readonly content?: Readonly<
    Record<string, { readonly schema: Json; readonly examples?: Readonly<Record<string, Json>> }>
  >;
}

interface OperationEntry {
  readonly operationId: string;
  readonly parameters?: readonly Json[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Json>>;
}

export interface Operation {
  /** Such as `issues/create-comment`. */
  readonly id: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What is wrong with a request, one line each. */
  requestProblems(query: URLSearchParams, body: unknown): readonly string[];
  responseProblems(status: number, body: unknown): readonly string[];
  /** The official example of an answer, to be filled in. */
  example(status: number): Json;
}

/** Statuses that any call may have, whether its description names them or not; all have a body with a message. */
const EVERYWHERE = new Set([401, 403, 404, 429, 500, 502, 503]);

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationEntry>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

let loaded: Description | undefined;

function description(): Description {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
  loaded ??= parseAs<Description>(readFileSync(file, 'utf8'));
  return loaded;
}

/** Undefined when there is no such call. */
export function findOperation(method: string, path: string): Operation | undefined {
  const matches = Object.entries(description().paths).flatMap(([template, methods]) => {
    const entry = methods[method.toLowerCase()];
    const groups = entry === undefined ? undefined : pathPattern(template).exec(path)?.groups;
    return entry === undefined || groups === undefined ? [] : [{ template, entry, groups }];
  });
  // The one with the fewest placeholders, as `/issues/comments/{id}` before `/issues/{number}/{other}`.
  const [best] = matches.toSorted((a, b) => placeholders(a.template) - placeholders(b.template));
  return best === undefined ? undefined : operation(best.entry, best.groups);
}

const MANY = new Set(['basehead', 'path', 'ref']);

function pathPattern(template: string): RegExp {
  const source = template
    .split(/(\{\w+\})/)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
      return `(?<${name}>${MANY.has(name) ? '.+' : '[^/]+'})`;
    })
    .join('');
  return new RegExp(`^${source}$`);
}

function placeholders(template: string): number {
  return template.split('{').length;
}

function operation(entry: OperationEntry, groups: Readonly<Record<string, string>>): Operation {
  const parameters = Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
  const declared = (entry.parameters ?? []).map((each) => resolved(each) as unknown as Parameter);
  return {
    id: entry.operationId,
    parameters,
    requestProblems(query, body) {
      return [
        ...declared.flatMap((each) => {
          const value = each.in === 'path' ? parameters[each.name] : each.in === 'query' ? query.get(each.name) : null;
          if (value === null || value === undefined) {
            return each.required === true && each.in !== 'header' ? [`${each.name} is missing`] : [];
          }
          return problems(each.schema, coerced(value, each.schema)).map((problem) => `${each.name}: ${problem}`);
        }),
        ...[...query.keys()]
          .filter((name) => !declared.some((each) => each.in === 'query' && each.name === name))
          .map((name) => `${name} is no parameter of ${entry.operationId}`),
        ...bodyProblems(entry.requestBody, body),
      ];
    },
    responseProblems(status, body) {
      const answer = entry.responses[String(status)];
      if (answer === undefined) {
        return EVERYWHERE.has(status)
          ? problems({ $ref: '#/components/schemas/basic-error' }, body)
          : [`${entry.operationId} never answers with ${status}`];
      }
      const schema = (resolved(answer) as Body).content?.['application/json']?.schema;
      return schema === undefined ? [] : problems(schema, body);
    },
    example(status) {
      const content = (resolved(entry.responses[String(status)] ?? {}) as Body).content?.['application/json'];
      const [example] = Object.values(content?.examples ?? {});
      if (example === undefined) throw new Error(`${entry.operationId} has no example for ${status}`);
      return structuredClone(resolved(example)['value'] as Json);
    },
  };
}

function bodyProblems(body: Body | undefined, value: unknown): readonly string[] {
  const schema = body?.content?.['application/json']?.schema;
  if (schema === undefined) return value === undefined ? [] : ['no body is expected'];
  return problems(schema, value);
}

function coerced(value: string, schema: Json): unknown {
  const { type } = resolved(schema);
  return type === 'integer' || type === 'number' ? Number(value) : type === 'boolean' ? value === 'true' : value;
}

function resolved(value: Json): Json {
  const reference = value['$ref'];
  if (typeof reference !== 'string') return value;
  const [, , section = '', name = ''] = reference.split('/');
  const found = description().components[section]?.[name];
  if (found === undefined) throw new Error(`the description has no ${reference}`);
  return found;
}

const validators = new Map<string, ValidateFunction>();

function problems(schema: Json, value: unknown): readonly string[] {
  const key = JSON.stringify(schema);
  let validate = validators.get(key);
  if (validate === undefined) {
    const ajv = new Ajv({ strict: false, allErrors: true });
    ajvFormats.default(ajv);
    validate = ajv.compile(selfContained(schema));
    validators.set(key, validate);
  }
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath || 'body'} ${error.message ?? 'is wrong'}`);
}

/** OpenAPI 3.0 as JSON Schema, with all that it refers to. */
function selfContained(schema: Json): Json {
  const definitions: Record<string, unknown> = {};
  const convert = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(convert);
    if (typeof node !== 'object' || node === null) return node;
    const { nullable, example: _example, examples: _examples, ...rest } = node as Record<string, unknown>;
    const reference = rest['$ref'];
    let copy: Record<string, unknown>;
    if (typeof reference === 'string') {
      const name = reference.split('/').at(-1) ?? '';
      if (!Object.hasOwn(definitions, name)) {
        definitions[name] = {};
        definitions[name] = convert(resolved({ $ref: reference }));
      }
      copy = { $ref: `#/definitions/${name}` };
    } else {
      copy = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, convert(value)]));
    }
    return nullable === true ? { anyOf: [copy, { type: 'null' }] } : copy;
  };
  const root = convert(schema) as Json;
  return { ...root, definitions };
}
