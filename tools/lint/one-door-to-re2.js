/**
 * Scanned input is matched by RE2, whose time is linear; V8's engine can be made to run for ever by what it reads. In
 * core, only the door imports RE2, whose module is `re2-instance.ts`, and V8's expressions are written only where our own short strings are matched.
 */
import { fixedText, propertyName, visitImports } from './imports.js';
import { isOneOf, placeInCore, placesSchema } from './place.js';

const makesExpressions = new Set(['match', 'matchAll', 'search']);

export const oneDoorToRe2 = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: { door: { type: 'string' }, literalsIn: placesSchema },
        additionalProperties: false,
      },
    ],
    messages: {
      door: 'Only {{door}} imports RE2: use its compile().',
      expression:
        "This is V8's expression engine: matching scanned input with it can be made to hang. Use compile() of {{door}}.",
    },
  },
  create(context) {
    const { door, literalsIn } = context.options[0];
    const place = placeInCore(context.filename);
    if (place === undefined || place === door) return {};
    const data = { door };
    const imports = visitImports((node, source) => {
      if (/(?:^|\/)re2(?:-instance\.ts)?$/.test(source)) context.report({ node, messageId: 'door', data });
    });
    if (isOneOf(place, literalsIn)) return imports;
    const report = (node) => context.report({ node, messageId: 'expression', data });
    const construct = (node) => {
      if ((node.callee.name ?? propertyName(node.callee)) === 'RegExp') report(node);
    };
    return {
      ...imports,
      NewExpression: construct,
      CallExpression(node) {
        imports.CallExpression(node);
        construct(node);
        // A string given to these becomes an expression.
        if (makesExpressions.has(propertyName(node.callee)) && fixedText(node.arguments[0]) !== undefined) report(node);
      },
      Literal(node) {
        if (node.regex) report(node);
      },
    };
  },
};
