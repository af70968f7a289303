/** A share of the fuzz run (packs.ts) in every test run, and all that once broke something. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { type Recipe, recipeOf, tryRecipe } from './pack-recipe.ts';

const corpus = join(import.meta.dirname, 'corpus');
const INPUTS = 250;

test.each(readdirSync(corpus).filter((name) => name.endsWith('.json')))('%s', async (name) => {
  const recipe = JSON.parse(readFileSync(join(corpus, name), 'utf8')) as Recipe;
  expect((await tryRecipe(recipe, join(tempFolder(), 'objects'))).faults).toEqual([]);
});

test('damaged packs, indexes and loose objects: what is not read is told, within bounds', async () => {
  const folder = join(tempFolder(), 'objects');
  const failed: { readonly recipe: Recipe; readonly faults: readonly string[] }[] = [];
  let texts = 0;
  let events = 0;
  for (let seed = 1; seed <= INPUTS; seed += 1) {
    const recipe = recipeOf(seed);
    const outcome = await tryRecipe(recipe, folder);
    texts += outcome.texts;
    events += outcome.events;
    if (outcome.faults.length > 0) failed.push({ recipe, faults: outcome.faults });
  }
  expect(failed).toEqual([]);
  // The run is worth something only if much is read and much is not.
  expect(texts).toBeGreaterThan(INPUTS);
  expect(events).toBeGreaterThan(INPUTS);
});
