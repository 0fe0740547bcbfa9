import type { UserConfig } from 'vite';

/** The server bundle: our own code in dist/server, packages stay in node_modules. */
export default {
  build: {
    ssr: true,
    outDir: 'dist/server',
    target: 'node26',
    sourcemap: true,
    rolldownOptions: {
      input: { main: 'src/main.ts', cli: 'src/cli/main.ts' },
      output: { sourcemapExcludeSources: true },
    },
  },
} satisfies UserConfig;
