import { existsSync } from 'node:fs';
import { type Browser, firefox } from 'playwright-core';

/** Firefox's program; null: there is none, and its tests are skipped. */
export const FIREFOX: string | null =
  process.env.FIREFOX ||
  (['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path)) ?? null);

export const NO_FIREFOX = FIREFOX === null;

type Preferences = Record<string, string | number | boolean>;

/** A fake microphone and camera, without a permission prompt; addresses of this machine are not hidden in calls. */
const FAKE_DEVICES: Preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
};

/** Firefox without scripts. Playwright can't wait for an element to stand still there: use the helpers of `plain.ts`. */
export const NO_SCRIPTS: Preferences = { 'javascript.enabled': false };

/** A desktop of the tests on which Firefox shows its window; see `desktop.ts`. */
interface Shown {
  env: NodeJS.ProcessEnv;
}

/**
 * Starts the system's Firefox, driven by WebDriver BiDi ([ADR 66](../../../docs/adr/0066-other-browsers.md)). It has a window
 * where there is a desktop to show it on.
 */
export async function launchFirefox(
  preferences: Preferences = {},
  desktop?: Shown,
): Promise<Browser> {
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: FIREFOX ?? '',
    firefoxUserPrefs: { ...FAKE_DEVICES, ...preferences },
    headless: desktop === undefined,
    env: desktop?.env ?? process.env,
  });
  answerForFirefox(browser);
  return browser;
}

/** What Playwright asks each new context for, and Firefox 153 doesn't have: to imitate a colour scheme. */
const UNKNOWN = 'emulation.setMediaFeaturesOverride';

/** The part of Playwright that talks with the browser, in the same process. */
interface Inside {
  _connection: { toImpl(browser: Browser): { _browserSession: Session } };
}
interface Session {
  send(method: string, params: unknown): Promise<unknown>;
}

/** Answers in Firefox's place to a command that it doesn't know, and that no test needs. */
function answerForFirefox(browser: Browser): void {
  const session = (browser as unknown as Inside)._connection.toImpl(browser)._browserSession;
  const send = session.send.bind(session);
  session.send = async (method, params) => (method === UNKNOWN ? {} : send(method, params));
}
