export const DEVICE_PARTS = ['camera', 'microphone', 'speaker', 'network'] as const;
/** What a video call needs of a device. */
export type DevicePart = (typeof DEVICE_PARTS)[number];

export const FAMILIES = [
  'chrome',
  'edge',
  'samsung',
  'opera',
  'firefox',
  'safari',
  'other',
] as const;
/** Whose browser it is. On iOS all are Safari inside, and the name is that of the app. */
export type Family = (typeof FAMILIES)[number];

export const SYSTEMS = ['android', 'ios', 'mac', 'windows', 'linux', 'other'] as const;
export type System = (typeof SYSTEMS)[number];

export interface Browser {
  family: Family;
  system: System;
  /** It is a page inside another app, such as a social network's, rather than a browser of its own. */
  inApp: boolean;
}

/**
 * Why a part doesn't work. `dismissed`: the question was closed without an answer; `system`: the device lets no browser have
 * it; `covered`: the picture is black; `silent`: nothing is heard; `unheard`: the citizen heard no sound.
 */
export const TROUBLES = [
  'denied',
  'dismissed',
  'system',
  'busy',
  'none',
  'in_app',
  'insecure',
  'unsupported',
  'covered',
  'silent',
  'unheard',
  'blocked',
  'failed',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/**
 * What the test found of a part. The network: `direct`, the way to others is open; `relayed`, it takes a relay; `untested`, the
 * browser can, and there is no relay to try the way with.
 */
export const FOUND = {
  camera: [
    ...(['works', 'denied', 'dismissed', 'system', 'busy', 'none', 'in_app'] as const),
    ...(['insecure', 'unsupported', 'covered', 'failed'] as const),
  ],
  microphone: [
    ...(['works', 'denied', 'dismissed', 'system', 'busy', 'none', 'in_app'] as const),
    ...(['insecure', 'unsupported', 'silent', 'failed'] as const),
  ],
  speaker: ['works', 'unheard', 'failed'],
  network: ['direct', 'relayed', 'untested', 'blocked', 'unsupported'],
} as const satisfies Record<DevicePart, readonly (Trouble | 'works' | NetworkPath)[]>;

export type NetworkPath = 'direct' | 'relayed' | 'untested';
export type Found<P extends DevicePart> = (typeof FOUND)[P][number];

/** What a test found: null where a part was not tested. Nothing of it names a person, a device or an address. */
export type Findings = { [P in DevicePart]: Found<P> | null };

export interface DeviceTest extends Findings {
  family: Family;
  system: System;
  at: Temporal.Instant;
}
