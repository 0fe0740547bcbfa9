import type { Browser, BrowserContextOptions, Frame } from 'playwright-core';
import { openViewer, type Viewer } from '../scan.ts';
import type { State } from '../states.ts';

/**
 * A frame in a lasting page, in which stored pages can be shown again: that takes half the time of a new
 * page.
 */
export interface FramedViewer extends Omit<Viewer, 'show'> {
  frame: Frame;
  /** Shows a stored page, at its own address and this wide; details open. */
  show(state: State, width: number): Promise<void>;
  /** Makes the frame this wide. */
  resize(width: number): Promise<void>;
}

const HOST = `<!doctype html><html lang="en"><title>Frame</title>
<style>body { margin: 0 } iframe { border: 0; height: 740px }</style><iframe></iframe></html>`;

/** Opens a page with a frame. What depends on being the topmost page (the engines' rules for a whole page) needs openViewer(). */
export async function openFrame(
  browser: Browser,
  town: string,
  options: BrowserContextOptions = {},
): Promise<FramedViewer> {
  const viewer = await openViewer(browser, town, options, HOST);
  const { page } = viewer;
  await page.goto('/');
  const frame = await (await page.locator('iframe').elementHandle())?.contentFrame();
  if (!frame) throw new Error('The page has no frame');
  const resize = (width: number) =>
    page.evaluate((pixels) => {
      const element = document.querySelector('iframe');
      if (element) element.style.width = `${pixels}px`;
    }, width);
  return {
    ...viewer,
    frame,
    resize,
    show: async (state, width) => {
      viewer.send(state);
      await resize(width);
      await page.evaluate(async (path) => {
        const element = document.querySelector('iframe');
        const shown = new Promise((resolve, reject) => {
          element?.addEventListener('load', resolve, { once: true });
          setTimeout(() => reject(new Error('It did not load within a minute')), 60_000);
        });
        const before = element?.contentDocument?.documentElement;
        if (before) before.dataset.isLed = 'yes';
        element?.contentWindow?.location.replace(path);
        await shown;
        for (const each of element?.contentDocument?.querySelectorAll('details') ?? [])
          each.open = true;
      }, state.path);
      if (!viewer.isShown()) throw new Error(`The frame did not ask for ${state.path}`);
    },
  };
}
