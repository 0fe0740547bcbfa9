import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, until } from '../../support/processes.ts';
import type { Desktop } from './desktop.ts';

/** WebKitGTK's own small browser; null: there is none. */
const BROWSER = globSync('/usr/lib/*/webkit2gtk-4.1/MiniBrowser')[0] ?? null;

/** Whether this system has no WebKit with its driver. */
export const NO_WEBKIT = BROWSER === null || !existsSync('/usr/bin/WebKitWebDriver');

/** The key under which an answer names an element (W3C WebDriver, 11). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** WebKit, driven by the W3C's WebDriver protocol. */
export interface WebKit extends AsyncDisposable {
  go(address: string): Promise<void>;
  /** Runs the body of a function in the page. */
  run<T>(body: string, ...args: unknown[]): Promise<T>;
  /** Clicks on the first element of a CSS selector. */
  click(selector: string): Promise<void>;
  /** Presses the button with this name. */
  press(name: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  address(): Promise<string>;
}

/** Starts WebKit on a desktop, as wide as a telephone. Without scripts, those of pages don't run. */
export async function startWebKit(desktop: Desktop, withScripts = true): Promise<WebKit> {
  // Its bar of buttons would make the window wider than a telephone.
  const style = join(desktop.home, '.config', 'gtk-3.0');
  mkdirSync(style, { recursive: true });
  const small = 'min-width: 0; padding: 0; margin: 0; border: 0; font-size: 1px;';
  writeFileSync(join(style, 'gtk.css'), `window * { ${small} }`);
  const port = await freePort();
  desktop.start('WebKitWebDriver', [`--port=${port}`]);
  const driver = `http://127.0.0.1:${port}`;
  await until('the driver answers', () =>
    fetch(`${driver}/status`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const args = ['--automation', ...(withScripts ? [] : ['--enable-javascript-markup=false'])];
  const options = { 'webkitgtk:browserOptions': { binary: BROWSER, args } };
  const { sessionId } = await send<{ sessionId: string }>('POST', `${driver}/session`, {
    capabilities: { alwaysMatch: options },
  });
  const session = `${driver}/session/${sessionId}`;
  const post = <T>(path: string, body: object) => send<T>('POST', `${session}/${path}`, body);
  // An element is waited for until it is there.
  await post('timeouts', { implicit: 30_000 });
  await post('window/rect', { width: 360, height: 740 });

  const find = async (value: string, using = 'css selector') => {
    const found = await post<Record<string, string>>('element', { using, value });
    return `element/${found[ELEMENT]}`;
  };
  return {
    go: (address) => post('url', { url: address }),
    run: (body, ...given) => post('execute/sync', { script: body, args: given }),
    click: async (selector) => post(`${await find(selector)}/click`, {}),
    press: async (name) =>
      post(`${await find(`//button[normalize-space() = "${name}"]`, 'xpath')}/click`, {}),
    type: async (selector, text) => post(`${await find(selector)}/value`, { text }),
    address: () => send('GET', `${session}/url`),
    [Symbol.asyncDispose]: () => send('DELETE', session),
  };
}

/** Sends a command. @throws with the driver's own words where it fails */
async function send<T>(method: string, address: string, body?: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(address, { method, headers, body: JSON.stringify(body) ?? null });
  const { value } = (await answer.json()) as { value: T & { message?: string } };
  if (!answer.ok) throw new Error(`${method} ${address}: ${value?.message}`);
  return value;
}
