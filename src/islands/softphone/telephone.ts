import type { RTCSession } from 'jssip/lib/RTCSession.js';
import { handDialled, numberIn } from '../../features/service/softphone/rules.ts';
import { ifWanted } from '../device/late.ts';
import { keepLive } from '../persistent-call/page.ts';
import { type About, type Call, followCall, proposalOf, reportOf } from './call.ts';
import { type Line, openLine } from './line.ts';
import { type Kept, keep, readKept } from './memory.ts';
import { createRegion, type State } from './region.ts';
import { logAttempt, report, wasVoicemail, whoCalls } from './server.ts';
import { createSound, offerDevices } from './sound.ts';
import { shareTelephone } from './tabs.ts';

const BUSY = { status_code: 486 };
const DECLINED = { status_code: 603 };

/** Makes the region on the page a telephone. */
export function openTelephone(root: HTMLElement): void {
  const { base = '', share = '', prefix = '', country = '' } = root.dataset;
  const region = createRegion(root);
  const { word, part, say } = region;
  const state: State = {
    registration: 'connecting',
    call: null,
    ringing: null,
    kept: readKept(share),
    isLogged: false,
    open: null,
    note: '',
  };
  let line: Line | null = null;
  let caller: RTCSession | null = null;
  let stopMeter = () => {};
  /** The page goes away, and takes a call with it. */
  let isGoing = false;
  /** What a page that was not the telephone was asked to do, once it is. */
  let wanted: (() => void) | null = null;

  const show = () => region.show(state);
  if (!navigator.locks || !navigator.mediaDevices) {
    state.registration = 'insecure';
    show();
    return;
  }
  const sound = createSound();
  const isLive = () => state.call !== null || state.ringing !== null;
  const persistentCall = keepLive(isLive);

  const setKept = (kept: Kept | null) => {
    state.kept = kept;
    keep(share, kept);
  };

  const tabs = shareTelephone(share, isLive, {
    mine() {
      line = openLine(base, isLive, {
        registration(registration) {
          if (registration === state.registration) return;
          state.registration = registration;
          if (registration !== 'connecting') say(word(registration));
          show();
          if (registration !== 'ready') return;
          wanted?.();
          wanted = null;
        },
        incoming,
      });
      // A call that this tab still remembers as live ended with the page that had it.
      if (state.kept?.state === 'live' && !state.call) interrupted(state.kept);
    },
    theirs(isBusy) {
      wanted = null;
      line?.close();
      line = null;
      state.registration = isBusy ? 'elsewhereBusy' : 'elsewhere';
      show();
    },
  });

  const interrupted = (kept: Kept) => {
    say(word('interrupted', kept.who));
    // What was answered is logged; what still rang is likely to have gone unanswered.
    if (!kept.isAnswered) kept.proposal = 'no_answer';
    if (kept.direction === 'in' || kept.isAnswered) keep(share, null);
    show();
  };

  /** The microphone, or null with the reason said. */
  const microphone = async () => {
    state.note = '';
    try {
      return await sound.microphone();
    } catch {
      state.note = word('microphone');
      say(state.note);
      show();
      return null;
    }
  };

  const changed = () => {
    const { call } = state;
    if (call?.phase === 'rings' && !call.hasEarlyMedia) sound.ringback();
    show();
    tabs.changed();
  };

  const begin = (session: RTCSession, about: About, stream: MediaStream) => {
    sound.quiet();
    stopMeter();
    state.open = null;
    state.isLogged = false;
    state.call = followCall(session, about, stream, {
      changed: () => state.call && changed(),
      voice: (voice) => sound.hear(voice),
      answered,
      ended,
    });
    const { id } = state.call;
    const none = { proposal: null, status: null, isAnswered: about.direction === 'in' };
    setKept({ ...about, ...none, id, state: 'live' });
    changed();
  };

  const dial = async (number: string, about: Omit<About, 'direction'>) => {
    if (isLive()) return;
    // Pressed twice, or while somebody begins to call: one of them has the line.
    const stream = ifWanted(await microphone(), !isLive() && line !== null);
    if (!stream || !line) return;
    begin(line.dial(number, stream), { ...about, direction: 'out' }, stream);
    say(word('calling', about.who));
  };

  /** Whoever answers is logged at once, on the page of the appointment where it is open. */
  const answered = async (call: Call) => {
    sound.quiet();
    changed();
    say(word('talking', call.about.who));
    const { appointment, attempt, direction } = call.about;
    if (state.kept?.id === call.id) setKept({ ...state.kept, isAnswered: true });
    if (direction === 'in' || !appointment || !attempt) return;
    const form = formOf(appointment);
    const button = document.querySelector<HTMLButtonElement>(
      'button[form="attempt"][name="outcome"]',
    );
    const isKept =
      form && button
        ? await persistentCall.submit(form, button)
        : await logAttempt(base, appointment, { number: attempt, outcome: 'answered' });
    state.isLogged = isKept;
    if (!isKept) say(word('notLogged'));
    show();
  };

  const ended = (call: Call) => {
    if (isGoing) return report(base, { ...reportOf(call), endedBy: 'lost' });
    sound.quiet();
    sound.hear(null);
    state.call = null;
    state.open = null;
    report(base, reportOf(call));
    const proposal = proposalOf(call);
    const known = state.kept?.id === call.id ? state.kept : null;
    setKept(known && proposal ? { ...known, state: 'over', proposal, status: call.status } : null);
    const isOutcome = proposal && proposal !== 'exchange';
    say(
      proposal === 'exchange'
        ? word('exchange', String(call.status ?? '–'))
        : isOutcome
          ? `${word(proposal)}. ${word('propose', call.about.who)}`
          : word('ended'),
    );
    changed();
    region.clock(state);
  };

  function incoming(session: RTCSession): void {
    // Two that talk and ring are enough; a third hears that we are busy.
    if (caller) {
      session.terminate(BUSY);
      return;
    }
    caller = session;
    const number = session.remote_identity.uri.user ?? '';
    const isHidden = !/\d{3}/.test(number);
    state.ringing = { who: isHidden ? word('hidden') : number, found: [] };
    if (state.call) sound.knock();
    else sound.ring();
    state.note = sound.isBlocked() ? word('blocked') : '';
    document.title = `☎ ${document.title}`;
    tellCaller();
    if (!isHidden)
      void whoCalls(base, number).then((found) => {
        if (caller !== session || !state.ringing) return;
        const [first] = found;
        state.ringing = { who: first?.name ?? state.ringing.who, found };
        tellCaller();
      });
    const over = () => {
      if (caller === session) stopRinging();
    };
    session.on('failed', over);
  }

  const tellCaller = () => {
    say(word(state.call ? 'second' : 'incoming', state.ringing?.who));
    show();
    tabs.changed();
  };

  const stopRinging = () => {
    caller = null;
    state.ringing = null;
    state.note = '';
    document.title = document.title.replace('☎ ', '');
    sound.quiet();
    show();
    tabs.changed();
  };

  const answer = async () => {
    const session = caller;
    const { who = '', found = [] } = state.ringing ?? {};
    if (!session) return;
    const stream = ifWanted(await microphone(), caller === session);
    if (!stream) return;
    const open = found.find((each) => each.isOpen);
    stopRinging();
    const appointment = open?.href.split('/').pop() ?? null;
    begin(session, { direction: 'in', who, appointment, attempt: null }, stream);
    session.answer({ mediaStream: stream });
    if (open) persistentCall.visit(open.href);
  };

  const log = async () => {
    const { kept } = state;
    if (!kept?.appointment || !kept.proposal) return;
    const form = formOf(kept.appointment);
    const button = form?.querySelector<HTMLButtonElement>(`button[value="${kept.proposal}"]`);
    setKept(null);
    if (form && button) return form.requestSubmit(button);
    const { appointment, attempt, proposal } = kept;
    const isKept = await logAttempt(base, appointment, {
      number: attempt ?? '',
      outcome: proposal,
    });
    say(isKept ? word('logged', word(proposal)) : word('notLogged'));
    if (!isKept) setKept(kept);
    show();
  };

  const voicemail = async () => {
    const { call } = state;
    if (!call?.about.appointment || !call.about.attempt) return;
    const { appointment, attempt } = call.about;
    call.hangUp();
    const isKept = await wasVoicemail(base, appointment, attempt);
    if (isKept) persistentCall.visit(`${base}/appointment/${appointment}`);
    else say(word('notLogged'));
  };

  const toggle = (what: NonNullable<State['open']>, first: string) => () => {
    state.open = state.open === what ? null : what;
    show();
    if (state.open === what) root.querySelector<HTMLElement>(first)?.focus();
    stopMeter();
    if (state.open === 'sound') void hearMicrophone();
  };

  const hearMicrophone = async () => {
    const stream = ifWanted(await microphone(), state.open === 'sound');
    void offerDevices(root, sound, word('system'));
    if (!stream) return;
    stopMeter(); // of a panel that was closed and opened again meanwhile
    const meter = part<HTMLMeterElement>('level');
    const stop = sound.measure(stream, (level) => {
      meter.value = level;
    });
    stopMeter = () => {
      stop();
      for (const track of stream.getTracks()) track.stop();
      stopMeter = () => {};
    };
  };

  const actions: Record<string, () => void> = {
    answer: () => void answer(),
    busy: () => caller?.terminate(BUSY),
    decline: () => caller?.terminate(DECLINED),
    hangUp: () => state.call?.hangUp(),
    mute: () => state.call?.toggleMute(),
    hold: () => state.call?.toggleHold(),
    voicemail: () => void voicemail(),
    keypad: toggle('pad', '[data-tone]'),
    dialOpen: toggle('dial', '#phone-number'),
    soundOpen: toggle('sound', 'select'),
    tone: () => sound.try(),
    here: () => tabs.want(),
    log: () => void log(),
    dismiss: () => {
      setKept(null);
      show();
    },
  };
  root.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    const { part: name = '', tone } = button?.dataset ?? {};
    if (tone) state.call?.press(tone);
    else actions[name]?.();
  });

  part('dial').addEventListener('submit', (event) => {
    event.preventDefault();
    const field = root.querySelector<HTMLInputElement>('#phone-number');
    const number = handDialled(field?.value ?? '', prefix, country);
    part('wrong').textContent = number ? '' : word('wrong');
    field?.setAttribute('aria-invalid', String(number === null));
    if (number === null) return field?.focus();
    void dial(number, { who: field?.value.trim() ?? '', appointment: null, attempt: null });
  });

  // Every number on a page is called from here, once the exchange knows us; until then it is a link like any other.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="tel:"]') : null;
    const number = link instanceof HTMLAnchorElement ? numberIn(link.href) : null;
    if (!(link instanceof HTMLElement) || !number) return;
    const isElsewhere = state.registration === 'elsewhere';
    if (state.registration !== 'ready' && !isElsewhere) return;
    event.preventDefault();
    const { appointment = null, name = number } = link.dataset;
    const attempt =
      appointment && formOf(appointment)?.querySelector<HTMLInputElement>('[name="number"]');
    const about = { who: name, appointment, attempt: attempt ? attempt.value : null };
    const call = () => void dial(number, about);
    if (!isElsewhere) return call();
    wanted = call;
    tabs.want();
  });

  addEventListener('pagehide', () => {
    isGoing = true;
    line?.close();
  });
  setInterval(() => region.clock(state), 1000);
  show();
}

/** The form on the page that logs attempts of this appointment. */
function formOf(appointment: string): HTMLFormElement | null {
  const form = document.querySelector<HTMLFormElement>('form#attempt');
  return form?.getAttribute('action')?.includes(appointment) ? form : null;
}
