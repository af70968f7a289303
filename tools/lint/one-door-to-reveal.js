/** A secret's bytes come out through reveal() alone, so the places that may call it are a list that a person reads. */
import { propertyName } from './imports.js';
import { isOneOf, placeInCore, placesSchema } from './place.js';

const borrows = new Set(['call', 'apply', 'bind']);

export const oneDoorToReveal = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { allowed: placesSchema }, additionalProperties: false }],
    messages: { reveal: 'A secret may not be revealed here. The places that may are listed in .oxlintrc.json.' },
  },
  create(context) {
    const place = placeInCore(context.filename);
    if (place !== undefined && isOneOf(place, context.options[0].allowed)) return {};
    return {
      CallExpression(node) {
        const { callee } = node;
        const borrowed = borrows.has(propertyName(callee)) ? callee.object : callee;
        if (propertyName(borrowed) === 'reveal') context.report({ node, messageId: 'reveal' });
      },
    };
  },
};
