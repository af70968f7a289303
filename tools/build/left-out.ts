/**
 * Packages that something in a bundle imports and that we never reach. An empty module stands in their place.
 *
 * - unzip-stream: downloads artifacts of GitHub, where we only upload; it brings `buffers`, which has no licence.
 */
import type { Plugin } from 'rolldown';

const LEFT_OUT = /^(?:unzip-stream)$/;
const EMPTY = 'virtual:left-out';

export const leftOut: Plugin = {
  name: 'left-out',
  resolveId: { filter: { id: LEFT_OUT }, handler: () => EMPTY },
  // CommonJS, so that any name can be imported from it.
  load: { filter: { id: /^virtual:left-out$/ }, handler: () => ({ code: 'module.exports = {};', moduleType: 'js' }) },
};
