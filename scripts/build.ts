/** `npm run build`: what browsers get, then the server's bundle. Set-up calls it when sources changed. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildAssets } from './build-assets.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await buildAssets(root);
await build({ root, logLevel: 'warn' });
