import type { Channel } from '../../../domain/channel.ts';
import type { Side } from '../../service/room/types.ts';
import type { QualityWord } from '../../service/softphone/rules.ts';

export const PATHS = ['host', 'srflx', 'relay'] as const;
/** Which way a call goes, by the candidate's type (RFC 8445): in one network, through the internet, or over the relay. */
export type Path = (typeof PATHS)[number];

/**
 * How a connection went so far, as one of its two browsers measured what it was sent. Words and numbers only: nothing
 * in it tells who, from where or with what. Null: the browser doesn't say, or it never came to it.
 */
export interface QualityReport {
  /** Made by the browser for the connection: a report that is sent again takes the place of the earlier one. */
  id: string;
  /** Whose sound and picture it is about. Who reports is told by their seat. */
  from: Side;
  /** How long it was connected. */
  seconds: number;
  /** From the connection's beginning to the first picture that was shown. */
  firstFrameMs: number | null;
  /** null: it never connected. */
  path: Path | null;
  lossPercent: number | null;
  /** There and back. */
  rttMs: number | null;
  /** Pictures in a second, while there were any. */
  fps: number | null;
  freezes: number | null;
  frozenSeconds: number | null;
  reconnections: number;
  /** Sound came and no picture, although their camera was on. */
  audioOnlySeconds: number;
  /** Of the size that was shown for longest. */
  width: number | null;
  height: number | null;
}

/** Who reports: a place in the room of an appointment. */
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
  /** Of those that connected. */
  relayed: number;
  /** Had to connect again at least once. */
  cut: number;
  /** By the worst that somebody in them saw or heard. */
  words: Record<QualityWord, number>;
  /** What citizens and companions saw and heard of the office, and the office of them. */
  seen: Record<'theirs' | 'ours', Seen | null>;
}

/** What one side saw and heard. Null: nobody's browser said. */
export interface Seen {
  /** Half had their first picture by then, and nine of ten. */
  firstFrameMs: { half: number; most: number } | null;
  lossPercent: number | null;
  rttMs: number | null;
  fps: number | null;
  freezesPerHour: number | null;
  /** Of the time, 0 to 1. */
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

/** What citizens said about hearing and seeing each other, in a month that can have no more answers. */
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
  /** null: forgotten. */
  appointment: { id: string; reference: string } | null;
}

/** How an office's calls go, newest first. */
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
