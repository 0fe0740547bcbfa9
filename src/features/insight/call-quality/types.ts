import type { Channel } from '../../../domain/channel.ts';
import type { Side } from '../../service/room/types.ts';
import type { QualityWord } from '../../service/softphone/rules.ts';

export const PATHS = ['host', 'srflx', 'relay'] as const;
/** The route of a call, by the candidate's type (RFC 8445): in one network, through the internet, or over the relay. */
export type Path = (typeof PATHS)[number];

/**
 * The quality of a connection so far, measured by one of its two browsers on received data. It has only words and numbers, and no
 * person, place or content. Null: the browser doesn't report it, or it never happened.
 */
export interface QualityReport {
  /** Made by the browser for the connection: a repeated report replaces the earlier one. */
  id: string;
  /** The sender of the measured sound and picture. The reporter is identified by their seat. */
  from: Side;
  /** How long it was connected. */
  seconds: number;
  /** From the start of the connection to the first shown picture. */
  firstFrameMs: number | null;
  /** Null: it never connected. */
  path: Path | null;
  lossPercent: number | null;
  /** Round-trip time. */
  rttMs: number | null;
  /** Pictures in a second, while there were any. */
  fps: number | null;
  freezes: number | null;
  frozenSeconds: number | null;
  reconnections: number;
  /** There was sound and no picture, although their camera was on. */
  audioOnlySeconds: number;
  /** The size that was shown longest. */
  width: number | null;
  height: number | null;
}

/** The reporter: a seat in the room of an appointment. */
export interface Reporter {
  office: number;
  appointment: string;
  side: Side;
}

export const PERIODS = ['week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

/** The video calls of a week or a month. */
export interface CallFigures {
  /** Its first day. */
  from: Temporal.PlainDate;
  calls: number;
  connected: number;
  /** Number of those that connected. */
  relayed: number;
  /** Had to connect again at least once. */
  cut: number;
  /** By the worst state that a participant had. */
  words: Record<QualityWord, number>;
  /** The quality that citizens and companions received from the office, and that the office received from them. */
  seen: Record<'theirs' | 'ours', Seen | null>;
}

/** The quality that one side received. Null: no browser reported it. */
export interface Seen {
  /** The time until the first picture for half of them, and for nine of ten. */
  firstFrameMs: { half: number; most: number } | null;
  lossPercent: number | null;
  rttMs: number | null;
  fps: number | null;
  freezesPerHour: number | null;
  /** Share of the time, 0 to 1. */
  audioOnly: number | null;
}

/** The calls of the console's own telephone in a week or a month. */
export interface PhoneFigures {
  from: Temporal.PlainDate;
  calls: number;
  answered: number;
  lossPercent: number | null;
  rttMs: number | null;
}

/** The citizens' answers about hearing and seeing each other, in a month that can have no more answers. */
export interface HeardFigures {
  from: Temporal.PlainDate;
  channel: Channel;
  yes: number;
  partly: number;
  no: number;
}

/** A connection that went badly. */
export interface BadCall extends Omit<QualityReport, 'id' | 'freezes' | 'width' | 'height'> {
  at: Temporal.Instant;
  side: Side;
  /** Null: destroyed. */
  appointment: { id: string; reference: string } | null;
}

/** The quality of an office's calls, newest first. */
export interface HowCallsGo {
  video: CallFigures[];
  phone: PhoneFigures[];
  /** Always by month. */
  heard: HeardFigures[];
  bad: BadCall[];
}

export type ReportResult =
  | { ok: true }
  | { ok: false; reason: 'invalid' | 'not_found' | 'too_often' };
