/**
 * Clock, chance, environment and process come into core as parameters: a scan is then a function of its input, and a
 * test needs no mocks.
 */
import { propertyName } from './imports.js';
import { isOneOf, placeInCore, placesSchema } from './place.js';

const calls = {
  Date: new Set(['now']),
  Math: new Set(['random']),
  performance: new Set(['now']),
};
const osNames = new Set(['homedir', 'tmpdir', 'userInfo', 'hostname', 'availableParallelism', 'cpus']);

export const noAmbient = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { allowed: placesSchema }, additionalProperties: false }],
    messages: { ambient: '{{what}} is not read in core: take it as a parameter.' },
  },
  create(context) {
    const place = placeInCore(context.filename);
    if (place === undefined || isOneOf(place, context.options[0]?.allowed ?? [])) return {};
    const isGlobal = (node) => {
      for (let scope = context.sourceCode.getScope(node); scope !== null; scope = scope.upper) {
        if (scope.set.get(node.name)?.defs.length > 0) return false;
      }
      return true;
    };
    const report = (node, what) => context.report({ node, messageId: 'ambient', data: { what } });
    return {
      MemberExpression(node) {
        const { object } = node;
        const name = propertyName(node);
        if (object.type !== 'Identifier' || !isGlobal(object)) return;
        if (object.name === 'process') report(node, `process.${name}`);
        else if (object.name === 'globalThis' && name === 'process') report(node, 'process');
        else if (calls[object.name]?.has(name)) report(node, `${object.name}.${name}()`);
      },
      VariableDeclarator(node) {
        if (node.init?.type === 'Identifier' && node.init.name === 'process' && isGlobal(node.init))
          report(node, 'process');
      },
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) report(node, 'the clock');
      },
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date') report(node, 'the clock');
      },
      ImportDeclaration(node) {
        const source = node.source.value.replace(/^node:/, '');
        if (source === 'process') report(node, 'process');
        if (source !== 'os') return;
        for (const specifier of node.specifiers) {
          const name = specifier.imported?.name;
          if (osNames.has(name)) report(specifier, `${name}()`);
        }
      },
    };
  },
};
