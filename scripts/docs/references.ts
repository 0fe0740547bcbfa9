import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURES } from '../../src/features/all.ts';
import { dataMap, foldersOf, readTables } from './reference/data-map.ts';
import { type Schema, schemaPage } from './reference/schema-page.ts';

/** The pages of docs/ that are made from what the code declares, by their paths. */
export function references(root: string): Record<string, string> {
  const schema = (path: string): Schema => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const folders = foldersOf(root);
  return {
    'docs/reference/town-file.md': schemaPage({
      title: 'Reference: the town file',
      lead: 'Every key of a town file, from its JSON Schema (`towns/town.schema.json`). [The town file](../town-file.md) explains it with examples.\nIn a path, `*` stands for a code that you choose, and `[]` for each member of a list.',
      schema: schema('towns/town.schema.json'),
    }),
    'docs/reference/forms.md': schemaPage({
      title: 'Reference: forms',
      lead: 'Every key of a form, from its JSON Schema (`towns/form.schema.json`). [Forms](../forms.md) explains them with examples.\nIn a path, `*` stands for a code that you choose, and `[]` for each member of a list.',
      schema: schema('towns/form.schema.json'),
    }),
    'docs/dossier/data-map.md': dataMap(
      readTables(root),
      FEATURES.map((feature) => ({ feature, folder: folders.get(feature.name) ?? '' })),
    ),
  };
}
