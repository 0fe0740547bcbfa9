import { join } from 'node:path';
import { runnerImport } from 'vite';
import type { Node } from './changes.ts';

/** Where a document for no installation in particular says that the API is. */
const ANYWHERE = 'https://town.example';

/** Returns the OpenAPI document that a server of these sources serves. */
export async function currentDocument(root: string): Promise<Node> {
  // Node alone does not run .tsx files.
  const { module } = await runnerImport<typeof import('../../src/web/api/published.ts')>(
    join(root, 'src/web/api/published.ts'),
    { root, configFile: false, logLevel: 'error' },
  );
  return (await module.publishedDocument(ANYWHERE)) as Node;
}
