/**
 * Layers point one way. The table says for each folder of core what it may import besides itself; a file may have a line
 * of its own, which stands before its folder's. Folders without a line may import nothing of core, and nothing outside
 * core is reached by a relative path. Other packages take core by its name.
 */
import { posix } from 'node:path';
import { visitImports } from './imports.js';
import { placeInCore } from './place.js';

export const layers = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } }],
    messages: {
      up: '{{from}} may not import {{to}}: it may import {{may}}.',
      outside: '{{source}} leads out of the package: import what it exports by its name.',
    },
  },
  create(context) {
    const table = context.options[0];
    const file = context.filename.replaceAll('\\', '/');
    const [, packageFolder] = /^(.*\/packages\/[^/]+\/)/.exec(file) ?? [];
    if (packageFolder === undefined) return {};
    const place = placeInCore(file);
    return visitImports((node, source) => {
      if (!source.startsWith('.')) return;
      const target = posix.join(posix.dirname(file), source);
      if (!target.startsWith(packageFolder)) {
        context.report({ node, messageId: 'outside', data: { source } });
        return;
      }
      const targetPlace = placeInCore(target);
      if (place === undefined || targetPlace === undefined) return;
      const from = layerOf(place, table);
      const to = layerOf(targetPlace, table);
      const may = table[from] ?? [];
      if (from === to || may.includes(to) || may.includes('*')) return;
      context.report({
        node,
        messageId: 'up',
        data: { from, to, may: may.length === 0 ? 'nothing of core' : may.join(', ') },
      });
    });
  },
};

/** The file itself if the table names it, else its folder; a file that lies in no folder is a layer of its own. */
function layerOf(place, table) {
  if (Object.hasOwn(table, place)) return place;
  const folder = place.split('/')[0];
  return folder === place ? place : folder;
}
