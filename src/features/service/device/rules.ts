import type { Appointment } from '../../../domain/appointment.ts';
import { hasRoom } from '../../../domain/channel.ts';
import {
  type Browser,
  DEVICE_PARTS,
  type DevicePart,
  type DeviceTest,
  FAMILIES,
  type Family,
  type Findings,
  FOUND,
  type Found,
  type NetworkPath,
  SYSTEMS,
  type System,
  type Trouble,
} from './types.ts';

/** Apps that show pages in a window of their own, by what they add to the browser's name. */
const IN_APP =
  /\bFBA[NV]\b|\bFB_IAB\b|Instagram|WhatsApp|\bLine\/|Twitter|TikTok|musical_ly|Bytedance|LinkedInApp|Snapchat|Pinterest|Telegram|\bGSA\/|; wv\)/i;

const NAMES: readonly [RegExp, Family][] = [
  [/SamsungBrowser/, 'samsung'],
  [/\bEdg(A|iOS)?\//, 'edge'],
  [/\bOP(R|T|X)\/|\bOPiOS\//, 'opera'],
  [/\b(Firefox|FxiOS)\//, 'firefox'],
  [/(Chrome|Chromium|CriOS)\//, 'chrome'],
  [/\bVersion\/[\d.]+.*Safari\//, 'safari'],
];

/** Which browser it is, from what it says of itself. `touches`: the fingers that its screen feels; an iPad says that it is a Mac. */
export function browserOf(userAgent: string, touches = 0): Browser {
  const system = systemOf(userAgent, touches);
  const family = NAMES.find(([name]) => name.test(userAgent))?.[1] ?? 'other';
  // Safari and what opens in its window say so; a page inside another app doesn't.
  const isBare = system === 'ios' && !/\bSafari\//.test(userAgent);
  return { family, system, inApp: IN_APP.test(userAgent) || isBare };
}

function systemOf(userAgent: string, touches: number): System {
  if (/Android/.test(userAgent)) return 'android';
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (/Macintosh/.test(userAgent)) return touches > 1 ? 'ios' : 'mac';
  if (/Windows/.test(userAgent)) return 'windows';
  return /Linux|X11|CrOS/.test(userAgent) ? 'linux' : 'other';
}

/** Where a camera or a microphone was asked for. */
export interface Surroundings {
  browser: Browser;
  /** Whether the page's address is one that browsers trust with a camera: https, or this machine. */
  isSecure: boolean;
  /** Whether the browser knows cameras at all (`navigator.mediaDevices`). */
  hasDevices: boolean;
}

type MediaTrouble = Exclude<Found<'camera'> & Found<'microphone'>, 'works'>;

/** What stands in the way before anything is asked for; null: nothing. */
export function obstacleOf({ browser, isSecure, hasDevices }: Surroundings): MediaTrouble | null {
  if (!isSecure) return 'insecure';
  if (hasDevices) return null;
  return browser.inApp ? 'in_app' : 'unsupported';
}

/** Why a camera or microphone wasn't given, from the exception (Media Capture, 10.2; names of older browsers too). */
export function troubleOf(
  error: { name: string; message: string },
  where: Surroundings,
): MediaTrouble {
  switch (error.name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
    case 'SecurityError':
      if (where.browser.inApp) return 'in_app';
      if (/by system/i.test(error.message)) return 'system';
      return /dismiss/i.test(error.message) ? 'dismissed' : 'denied';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'busy';
    default:
      return obstacleOf(where) ?? 'failed';
  }
}

/** What was seen of two ways through the network, each tried with a message there and back. */
export interface Ways {
  /** From this device straight to another address; null: there was nothing to try it with. */
  straight: boolean | null;
  /** Through the relay; null: there is none. */
  relay: boolean | null;
  /** From this page to itself: whether the browser lets peers meet at all. */
  itself: boolean;
}

export function networkOf({ straight, relay, itself }: Ways): Found<'network'> {
  if (!itself) return 'blocked';
  if (straight) return 'direct';
  if (relay) return 'relayed';
  return relay === false ? 'blocked' : ('untested' satisfies NetworkPath);
}

/** Sentences of advice; each is a text `device.advice.…`. */
export const ADVICE = [
  'allow.android',
  'allow.ios.safari',
  'allow.ios.app',
  'allow.mac.safari',
  'allow.firefox',
  'allow.desktop',
  'allow.other',
  'again',
  'question',
  'system.android',
  'system.mac',
  'system.windows',
  'system.other',
  'busy',
  'restart',
  'none.camera',
  'none.microphone',
  'in_app.android',
  'in_app.ios',
  'in_app.other',
  'insecure',
  'unsupported',
  'unsupported.ios',
  'covered',
  'silent',
  'volume',
  'volume.ios',
  'headphones',
  'network',
  'network.vpn',
] as const;
export type Advice = (typeof ADVICE)[number];

/** What to do about a trouble, the likeliest remedy first. */
export function adviceFor(part: DevicePart, trouble: Trouble, browser: Browser): Advice[] {
  const { system } = browser;
  switch (trouble) {
    case 'denied':
      return [allowing(browser), 'again'];
    case 'dismissed':
      return ['question'];
    case 'system':
      return [underSystem(system), 'again'];
    case 'busy':
      return ['busy', 'restart'];
    case 'none':
      return [part === 'camera' ? 'none.camera' : 'none.microphone'];
    case 'in_app':
      return [system === 'android' || system === 'ios' ? `in_app.${system}` : 'in_app.other'];
    case 'insecure':
      return ['insecure'];
    case 'unsupported':
      return [system === 'ios' ? 'unsupported.ios' : 'unsupported'];
    case 'covered':
      return ['covered'];
    case 'silent':
      return ['silent'];
    case 'unheard':
      return [system === 'ios' ? 'volume.ios' : 'volume', 'headphones'];
    case 'blocked':
      return ['network', 'network.vpn'];
    case 'failed':
      return part === 'network' ? ['network'] : ['restart'];
  }
}

/** Where the browser keeps what it was once told. */
function allowing({ family, system }: Browser): Advice {
  if (system === 'ios') return family === 'safari' ? 'allow.ios.safari' : 'allow.ios.app';
  if (family === 'firefox') return system === 'android' ? 'allow.android' : 'allow.firefox';
  if (system === 'android') return 'allow.android';
  if (family === 'safari') return 'allow.mac.safari';
  return family === 'other' ? 'allow.other' : 'allow.desktop';
}

function underSystem(system: System): Advice {
  if (system === 'ios') return 'allow.ios.app';
  return system === 'android' || system === 'mac' || system === 'windows'
    ? `system.${system}`
    : 'system.other';
}

/** Whether a part that was found so serves for a call. */
export const isFit = (found: Found<DevicePart>): boolean =>
  found === 'works' || found === 'direct' || found === 'relayed' || found === 'untested';

/** The sign beside what was found of a part: `plain` where nothing can be said of it. */
export function signFor(found: Found<DevicePart>): 'good' | 'plain' | 'warn' {
  if (found === 'untested') return 'plain';
  return isFit(found) ? 'good' : 'warn';
}

/**
 * How a whole test ended, of the parts that somebody needs. `almost`: a part is still to be tested; `untried`: all that could be tested works,
 * and the connection couldn't be.
 */
export function resultOf(
  findings: Findings,
  needed: readonly DevicePart[],
): 'good' | 'untried' | 'almost' | 'bad' {
  const found = needed.map((part) => findings[part]);
  if (found.some((each) => each !== null && !isFit(each))) return 'bad';
  if (found.includes(null)) return 'almost';
  return found.includes('untested') ? 'untried' : 'good';
}

/** For whom there is something to test: by video, and not over yet. */
export const mayTest = ({ channel, status, citizen }: Appointment): boolean =>
  hasRoom(channel) &&
  citizen.name !== '' &&
  (status === 'booked' || status === 'arrived' || status === 'in_progress');

export type Raw = Record<DevicePart | 'family' | 'system', string>;

/** Reads what a page sent. Null where it isn't what our page sends, or says nothing. */
export function checkTest(raw: Raw): Omit<DeviceTest, 'at'> | null {
  const family = FAMILIES.find((each) => each === raw.family);
  const system = SYSTEMS.find((each) => each === raw.system);
  const findings = readFindings(raw);
  return family && system && findings ? { ...findings, family, system } : null;
}

function readFindings(raw: Raw): Findings | null {
  const isKnown = (part: DevicePart) =>
    raw[part] === '' || FOUND[part].some((each) => each === raw[part]);
  if (!DEVICE_PARTS.every(isKnown) || DEVICE_PARTS.every((part) => raw[part] === '')) return null;
  const one = <P extends DevicePart>(part: P): Found<P> | null => {
    const all: readonly Found<P>[] = FOUND[part];
    return all.find((each) => each === raw[part]) ?? null;
  };
  return {
    camera: one('camera'),
    microphone: one('microphone'),
    speaker: one('speaker'),
    network: one('network'),
  };
}
