import { z } from 'zod';
import { chat, listedChat } from './chat/topics.ts';
import { combining } from './combining.ts';
import {
  code,
  engineUrl,
  extension,
  language,
  line,
  sipDomain,
  socketUrl,
  whole,
} from './fields.ts';

/** Limits on the bookings of one person or one address. */
export const booking = z
  .strictObject({
    openPerPerson: whole(
      1,
      50,
      'appointments to come that one e-mail address or telephone may have',
    ).default(3),
    holdsPerAddress: whole(
      1,
      1000,
      'times that one network address may keep at once while forms are filled in there',
    ).default(10),
    challenge: z
      .enum(['never', 'busy', 'always'])
      .describe(
        'whether a browser must do some work before a time is kept: busy: when many were kept from its address',
      )
      .default('busy'),
  })
  .describe('limits, so that nobody takes more times than they need');

/** How a citizen who does not answer is called again. */
export const attempts = z
  .strictObject({
    max: whole(1, 3, 'how many times a citizen who does not answer is called').default(3),
    windowMinutes: whole(1, 240, 'the minutes within which the call is promised').default(30),
    spacingMinutes: whole(0, 120, 'minutes between one attempt and the next').default(10),
  })
  .describe('calling somebody who does not answer');

export const waitList = z
  .strictObject({
    offerMinutes: whole(
      5,
      1440,
      'minutes that a time offered to who waits is kept for them',
    ).default(60),
    offersPerDay: whole(1, 3, 'times that one person is offered in a day at most').default(3),
  })
  .describe('who waits for an earlier time');

export const notices = z
  .strictObject({
    reminderWorkingDays: whole(
      0,
      10,
      'working days before the appointment that the reminder is sent; 0: none',
    ).default(2),
    reminderMinutes: whole(
      0,
      1440,
      'minutes before the appointment that the last reminder is sent; 0: none',
    ).default(60),
    sms: z
      .enum(['only-without-email', 'reminders-too'])
      .describe('who is sent SMS: those without e-mail; or everybody, for the last reminder')
      .default('only-without-email'),
    names: z
      .enum(['first', 'office'])
      .describe(
        'what citizens read of who attends them: first: the first name, and the office; office: the office alone',
      )
      .exactOptional(),
    perDay: whole(2, 100, 'messages that one person is sent in a day at most').default(10),
    lateMinutes: whole(
      5,
      120,
      'how late a call must be for the citizen to be told that it will be',
    ).default(10),
  })
  .describe('what citizens are sent');

const captions = z
  .strictObject({
    provider: line(
      80,
      'who runs the engine, as both sides read it, such as Ajuntament de Vilaclara',
    ),
    engines: z
      .partialRecord(language, engineUrl, {
        error:
          'must be an address for each language, such as { ca: "wss://parla.vilaclara.cat/ca" }',
      })
      .describe('the address of the engine for each language of a call'),
  })
  .describe(
    'captions of video calls by your own speech-to-text engine; its secret goes in the environment; without it there are none',
  );

export const video = z
  .strictObject({
    relay: z
      .enum(['needed', 'always'])
      .default('needed')
      .describe(
        "always: pictures and sound go through your TURN server alone, so that neither side learns the other's address",
      ),
    stills: z
      .enum(['asked', 'never'])
      .default('asked')
      .describe(
        "asked: with the citizen's consent a picture of a document shown on camera is kept",
      ),
    captions: captions.exactOptional(),
  })
  .describe('video calls');

/** The telephone exchange that desks call through. */
export const exchange = z
  .strictObject({
    url: socketUrl,
    domain: sipDomain,
    desks: z
      .record(code, extension, {
        error: 'must be the extension of each desk, such as { taula-3: "103" }',
      })
      .describe('the extension that each desk calls from'),
  })
  .describe(
    'a telephone exchange that desks call through from the console; secrets go in the environment',
  );

/** Limits on the documents of an appointment. */
export const uploads = z
  .strictObject({
    fileMegabytes: whole(1, 200, 'megabytes that one document may have').default(25),
    files: whole(1, 200, 'documents that one appointment may have').default(30),
    totalMegabytes: whole(1, 2000, 'megabytes that they may have together').default(150),
  })
  .describe('limits on the documents of an appointment');

/** The results that anybody can verify with a code. */
export const verification = z
  .strictObject({
    codes: z
      .enum(['never', 'asked', 'usual'])
      .default('never')
      .describe(
        'whether results carry a secure verification code: never; asked: where whoever attends ticks it; usual: unless they untick it',
      ),
    regulation: line(
      300,
      'the order or resolution, published on the seat, that lays down how codes are made',
    ).exactOptional(),
  })
  .describe('secure verification codes (CSV) of results');

/** The thresholds from which the live board marks a desk or a waiting citizen. */
export const board = z
  .strictObject({
    lateMinutes: whole(1, 120, 'minutes after its hour from which a call is late').default(5),
    unresponsiveMinutes: whole(
      1,
      120,
      'minutes that somebody waits for a desk that shows no sign before it is said not to answer',
    ).default(5),
    wrapUpMinutes: whole(
      0,
      60,
      'minutes after a call in which its encounter is still being written',
    ).default(10),
    awayMinutes: whole(
      2,
      120,
      'minutes without an open console after which a desk is away',
    ).default(5),
  })
  .describe('what the board of now calls late, not answering, and away');

/** What calendars of other programs are given. */
export const calendars = z
  .strictObject({
    citizens: z
      .enum(['never', 'chosen'])
      .default('never')
      .describe(
        'whether they may have the names of citizens: never; chosen: where whoever connects a calendar asks for it',
      ),
  })
  .describe('calendars of other programs that have the appointments of a desk');

/** The defaults for the town's row. */
export const DEFAULT_TOWN = { country: 'ES', identity: [] } as const;

/**
 * The policies that were added after the first towns were applied. A stored office without one of them gets this value, the default of the
 * town file.
 */
export const DEFAULT_POLICIES = {
  booking: booking.parse({}),
  combining: combining.parse({}),
  waitList: waitList.parse({}),
  notices: notices.parse({}),
  video: video.parse({}),
  uploads: uploads.parse({}),
  verification: verification.parse({}),
  acts: [],
  teams: [],
  chat: listedChat(chat.parse({})),
  interpreters: [],
  sites: [],
  habilitated: [],
  board: board.parse({}),
  calendars: calendars.parse({}),
  wording: {},
};
