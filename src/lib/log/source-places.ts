import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** For how long a map stays in memory after its last use: it takes a hundred megabytes, and errors come together. */
const KEPT_MS = 30_000;

/** `file:///…/towns-a1.js:12:5`, of a file that the build made. */
const PLACE = /(file:\/\/\/[^\s()]+\.js):(\d+):(\d+)/g;

const maps = new Map<string, SourceMap | null>();
let forgetting: NodeJS.Timeout | undefined;

/**
 * Returns a stack with the places of the sources in it instead of those of the built files. It does what Node's `--enable-source-maps` does, which
 * reads all maps at the start and keeps them for ever.
 */
export function withSourcePlaces(stack: string): string {
  return stack.replaceAll(PLACE, (whole, url: string, line: string, column: string) => {
    const entry = mapOf(url)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return whole;
    const source = new URL(entry.originalSource, url).href;
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function mapOf(url: string): SourceMap | null {
  if (url.includes('/node_modules/')) return null;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => maps.clear(), KEPT_MS).unref();
  const known = maps.get(url);
  if (known !== undefined) return known;
  const map = readMap(`${fileURLToPath(url)}.map`);
  maps.set(url, map);
  return map;
}

function readMap(file: string): SourceMap | null {
  try {
    return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null;
  } catch {
    return null; // the place in the built file is better than none
  }
}

/** Has an error that ends the process say where in the sources it was. */
export function nameSourcesWhenEnding(): void {
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    if (error instanceof Error && error.stack) error.stack = withSourcePlaces(error.stack);
  });
}
