import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Side } from '../../../features/service/room/types.ts';
import { CaptionsCtrl, type Opening } from './ctrl.ts';
import type { EngineListener } from './engine.ts';

/** The engines that were opened, as their pages see them. */
const engines: { url: string; listener: EngineListener; isClosed: boolean }[] = [];
const ear = { isOpen: true };

const OPENING: Opening = {
  openEngine: (url, listener) => {
    const engine = { url, listener, isClosed: false };
    engines.push(engine);
    const close = () => {
      engine.isClosed = true;
    };
    return { feed: () => {}, close };
  },
  openEar: async () => (ear.isOpen ? { close: () => {} } : null),
};

const MICROPHONE = {} as MediaStreamTrack;
let sent: string;
let isWanted: boolean;
let microphone: MediaStreamTrack | null;
let address: string | null;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', {
    setTimeout: (...given: Parameters<typeof setTimeout>) => setTimeout(...given),
  });
  engines.length = 0;
  ear.isOpen = true;
  sent = '';
  isWanted = false;
  microphone = MICROPHONE;
  address = 'wss://parla.example/ca?token=1';
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const captions = (side: Side, provider: string | null = 'Vilaclara') =>
  new CaptionsCtrl(
    {
      side,
      provider,
      worklet: '/assets/speech.js',
      address: async () => address,
      microphone: () => microphone,
      isWanted: () => isWanted,
      send: (text) => {
        sent += text;
      },
      tell: () => {},
      changed: () => {},
    },
    OPENING,
  );

/** Lets promises settle, without time passing. */
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('whose speech is turned into text', () => {
  test('nobody’s before somebody asks', async () => {
    captions('agent').follow();
    await settle();
    expect(engines).toEqual([]);
  });

  test.each(['agent', 'colleague'] as const)(
    'the %s’s, as soon as somebody else asks',
    async (side) => {
      isWanted = true;
      const of = captions(side);
      of.follow();
      await settle();
      expect(engines.map(({ url }) => url)).toEqual(['wss://parla.example/ca?token=1']);
      of.ask(true);
      of.ask(false);
      expect(of.isQuestion).toBe(false);
    },
  );

  test('the citizen’s, only after their yes', async () => {
    isWanted = true;
    const of = captions('citizen');
    of.follow();
    await settle();
    expect([of.isQuestion, engines.length]).toEqual([true, 0]);
    of.agree(true);
    await settle();
    expect([of.isQuestion, engines.length]).toEqual([false, 1]);
  });

  test('not the citizen’s after their no, nor after a change of mind', async () => {
    isWanted = true;
    const of = captions('citizen');
    of.agree(false);
    await settle();
    expect([of.isQuestion, engines.length]).toEqual([false, 0]);
    of.agree(true);
    await settle();
    of.agree(false);
    expect(engines.map(({ isClosed }) => isClosed)).toEqual([true]);
  });

  test('who asks for captions agrees to their own', async () => {
    const of = captions('citizen');
    of.ask(true);
    await settle();
    expect(engines).toHaveLength(1);
  });

  test('who no longer asks is asked again, when somebody else wants to read', async () => {
    const of = captions('citizen');
    of.ask(true);
    of.ask(false);
    isWanted = true;
    of.follow();
    await settle();
    expect([of.isQuestion, engines.filter(({ isClosed }) => !isClosed)]).toEqual([true, []]);
  });

  test('never a companion’s', async () => {
    isWanted = true;
    const of = captions('companion');
    of.ask(true);
    of.agree(true);
    await settle();
    expect([of.isQuestion, engines.length]).toEqual([false, 0]);
  });

  test('nobody’s where the office has no engine', async () => {
    isWanted = true;
    captions('agent', null).follow();
    await settle();
    expect(engines).toEqual([]);
  });

  test('nothing while the microphone is off, and again when it is on', async () => {
    isWanted = true;
    const of = captions('agent');
    of.follow();
    await settle();
    microphone = null;
    of.follow();
    expect([of.state.own, engines[0]?.isClosed]).toEqual(['off', true]);
    microphone = MICROPHONE;
    of.follow();
    await settle();
    expect(engines).toHaveLength(2);
  });
});

describe('the text', () => {
  const started = async () => {
    isWanted = true;
    const of = captions('agent');
    of.follow();
    await settle();
    engines[0]?.listener.opened();
    return of;
  };

  test('is sent as changes of the sentence, and its end', async () => {
    const of = await started();
    const { text } = engines[0]!.listener;
    text('bon', false);
    text('bon via', false);
    text('bon dia', true);
    text('', true);
    text('què tal', false);
    expect(sent).toBe('bon via\b\b\bdia\u2028què tal');
    expect(of.spoken()).toBe('què tal');
  });

  test('a sentence that was cut off by the end is ended', async () => {
    const of = await started();
    engines[0]!.listener.text('bon', false);
    of.end();
    expect(sent).toBe('bon\u2028');
  });
});

describe('an engine that is away', () => {
  test('is said, and asked again, later each time, until it answers', async () => {
    address = null;
    isWanted = true;
    const of = captions('agent');
    of.follow();
    await settle();
    expect(of.state.own).toBe('failed');
    await vi.advanceTimersByTimeAsync(1_000);
    address = 'wss://parla.example/ca?token=2';
    await vi.advanceTimersByTimeAsync(2_000);
    expect(engines.map(({ url }) => url)).toEqual(['wss://parla.example/ca?token=2']);
    engines[0]?.listener.opened();
    expect(of.state.own).toBe('on');
  });

  test('that breaks off is opened with a new address', async () => {
    isWanted = true;
    const of = captions('agent');
    of.follow();
    await settle();
    engines[0]?.listener.opened();
    engines[0]?.listener.lost();
    expect(of.state.own).toBe('failed');
    address = 'wss://parla.example/ca?token=2';
    await vi.advanceTimersByTimeAsync(1_000);
    expect(engines.at(-1)?.url).toBe('wss://parla.example/ca?token=2');
  });

  test('is not asked again after the call', async () => {
    address = null;
    isWanted = true;
    const of = captions('agent');
    of.follow();
    await settle();
    isWanted = false;
    of.end();
    address = 'wss://parla.example/ca?token=2';
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engines).toEqual([]);
  });

  test('a browser without audio worklets says that its words are missing', async () => {
    ear.isOpen = false;
    isWanted = true;
    const of = captions('agent');
    of.follow();
    await settle();
    expect([of.state.own, engines.length]).toEqual(['failed', 0]);
  });
});
