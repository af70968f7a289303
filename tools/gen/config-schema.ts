/** Writes docs/schema/config.schema.json from the schema by which core reads `unleak.yaml`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from '../../packages/core/src/config/schema.ts';

const output = join(import.meta.dirname, '../../docs/schema/config.schema.json');

const { $schema: _, ...schema } = toJsonSchema(configSchema, { errorMode: 'throw', target: 'draft-2020-12' });
const document = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:unleak:config:1',
  title: 'unleak configuration',
  description: 'What `unleak.yaml`, `.unleak.yaml` and the file given with `--config` may hold.',
  ...schema,
};
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, `${JSON.stringify(document, null, 2)}\n`);
