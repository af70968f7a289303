/** A scanned repository's configuration can start programs: processes are started only where that was thought through. */
import { visitImports } from './imports.js';
import { isOneOf, placeInCore, placesSchema } from './place.js';

const starters = new Set(['child_process', 'node:child_process', 'cluster', 'node:cluster', 'simple-git']);

export const oneDoorToGit = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { allowed: placesSchema }, additionalProperties: false }],
    messages: { process: '{{source}} starts processes: in core that is left to {{allowed}}.' },
  },
  create(context) {
    const { allowed } = context.options[0];
    const place = placeInCore(context.filename);
    if (place === undefined || isOneOf(place, allowed)) return {};
    return visitImports((node, source) => {
      if (starters.has(source))
        context.report({ node, messageId: 'process', data: { source, allowed: allowed.join(', ') } });
    });
  },
};
