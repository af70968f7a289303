// Our own rules for oxlint: what a review would have to remember otherwise. Each has a test beside it.
import { layers } from './layers.js';
import { noAmbient } from './no-ambient.js';
import { oneDoorToGit } from './one-door-to-git.js';
import { oneDoorToRe2 } from './one-door-to-re2.js';
import { oneDoorToReveal } from './one-door-to-reveal.js';

export default {
  meta: { name: 'unleak' },
  rules: {
    layers,
    'no-ambient': noAmbient,
    'one-door-to-git': oneDoorToGit,
    'one-door-to-re2': oneDoorToRe2,
    'one-door-to-reveal': oneDoorToReveal,
  },
};
