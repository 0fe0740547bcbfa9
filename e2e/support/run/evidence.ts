import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContext } from 'playwright-core';
import { evidenceFolder } from '../../../scripts/lib/test-evidence.mjs';
import { ROOT } from '../processes.ts';

/**
 * What shows how it was when a browser test failed: a picture of each page that is open then, a trace of what was done in each browser's context (of a file that has ended
 * well nothing stays), and the logs of the servers. `npx playwright-core show-trace` shows a trace.
 */

const logs = new Map<string, () => string>();
/** Each with the number of its trace. */
const contexts = new Map<BrowserContext, number>();
let traces: string | null = null;
let nth = 0;

/** Keeps what a server prints, until the end of the file. `name`: for the log. */
export const keepLog = (name: string, output: () => string): unknown => logs.set(name, output);

/** Traces what is done in the contexts of a browser: the steps, requests and messages, without pictures, which would take as much as the tests. */
export function traced(browser: Browser): Browser {
  const open = browser.newContext.bind(browser);
  browser.newContext = async (...options) => {
    const context = await open(...options);
    contexts.set(context, ++nth);
    await context.tracing.start({ title: `context ${nth}` });
    const close = context.close.bind(context);
    context.close = async (...why) => {
      await stop(context);
      await close(...why);
    };
    return context;
  };
  return browser;
}

/** Writes the trace of a context, unless its browser has gone or hangs. */
async function stop(context: BrowserContext): Promise<void> {
  const number = contexts.get(context);
  if (!contexts.delete(context)) return;
  traces ??= mkdtempSync(join(tmpdir(), 'finestreta-traces-'));
  const path = join(traces, `trace-${process.pid}-${number}.zip`);
  const written = context.tracing.stop({ path }).catch(() => {});
  await Promise.race([written, pause(5_000, null, { ref: false })]);
}

/** Takes a picture of each page that is open, after a test of this file has failed. Paths are absolute. */
export async function takePictures(file: string, test: string): Promise<void> {
  const folder = folderFor(file);
  const name = test.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60);
  const pages = [...contexts.keys()].flatMap((each) => each.pages());
  for (const [index, page] of pages.entries())
    await page
      .screenshot({ path: join(folder, `${name}-${index + 1}.png`), timeout: 5_000 })
      .catch(() => {}); // it may have gone, or hang
}

/** Keeps traces and logs of a file of which something failed, and forgets those of others. To be called before what is left behind is removed. */
export async function keepEvidence(file: string, hasFailed: boolean): Promise<void> {
  if (hasFailed) {
    const folder = folderFor(file);
    for (const context of [...contexts.keys()]) await stop(context);
    for (const [name, output] of logs) writeFileSync(join(folder, `${name}.log`), output());
    if (traces !== null) cpSync(traces, folder, { recursive: true });
  }
  if (traces !== null) rmSync(traces, { recursive: true });
  contexts.clear();
  logs.clear();
  traces = null;
}

function folderFor(file: string): string {
  const folder = join(ROOT, evidenceFolder(relative(ROOT, file)));
  mkdirSync(folder, { recursive: true });
  return folder;
}
