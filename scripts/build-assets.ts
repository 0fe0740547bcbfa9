import { globSync } from 'node:fs';
import { build, type InlineConfig } from 'vite';

/** What browsers get: the stylesheets, the font and the islands. `dist/public/manifest.json` names them. */
const entries = (root: string): string[] => [
  'src/ui/css/citizen.css',
  'src/ui/css/console.css',
  ...globSync('src/islands/*/main.{ts,tsx}', { cwd: root }).map((path) =>
    path.replaceAll('\\', '/'),
  ),
];

/** Builds everything that is served as a file into dist/public: hashed under assets/, the icon at the root. */
export async function buildAssets(root: string): Promise<void> {
  const config: InlineConfig = {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: 'src/ui/public',
    build: {
      outDir: 'dist/public',
      emptyOutDir: true,
      assetsInlineLimit: 0,
      manifest: 'manifest.json',
      cssMinify: 'lightningcss',
      cssTarget: ['chrome111', 'firefox113', 'safari16.2'],
      rolldownOptions: { input: entries(root) },
      modulePreload: { polyfill: false },
    },
  };
  await build(config);
}
