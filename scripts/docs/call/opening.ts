import type { APIRequestContext, BrowserContext, Page } from 'playwright-core';
import { openClient, startsIn } from '../../../e2e/support/client.ts';
import { until } from '../../../e2e/support/processes.ts';
import { untilSeen } from '../../../e2e/support/video.ts';
import { translateTo } from '../../../src/lib/i18n/translate.ts';
import type { SiteLanguage } from '../contents.ts';
import type { CallPicture } from '../pictures.ts';
import { AT_HOME, AT_THE_DESK } from './portraits.ts';

/** A video call of the demo that is about to begin: the paths of its room, for the citizen in a language, and of its card. */
export interface ComingCall {
  room: (language: SiteLanguage) => string;
  card: string;
}

const CALLER = { name: 'Carme Vidal i Prats', phone: '612 345 678', email: 'carme@example.com' };

/** Books the next video call of the demo's office, and lets quarters of an hour pass until its room is open. `staff`: who may attend to any. */
export async function comeToCall(
  origin: string,
  staff: APIRequestContext,
  passQuarter: () => Promise<unknown>,
): Promise<ComingCall> {
  const client = openClient(origin, 'en');
  const times = '/en/oac/volant-padro/times?channel=video&language=ca';
  const start = startsIn((await client.get(times)).html)[0] ?? '';
  const details = await client.post(times, { start });
  const check = await client.post(details.path, { ...CALLER, whom: 'self', anything: 'no' });
  const confirmed = await client.post(check.path, {});
  const [, secret] = /appointment\/([^/]+)\/confirmed/.exec(confirmed.path) ?? [];
  if (!secret) throw new Error(`The video call was not booked: ${confirmed.path}`);
  const room = (language: SiteLanguage) => `/${language}/appointment/${secret}/room`;
  const found = await staff.get(`/console/oac/search?q=${encodeURIComponent(CALLER.name)}`);
  const [card] = /\/console\/oac\/appointment\/[\w-]+/.exec(await found.text()) ?? [];
  if (!card) throw new Error('The console does not find the video call.');
  await until('the room opens', async () => {
    const { html } = await client.get(room('en'));
    if (html.includes(translateTo('en')('room.enter'))) return true;
    await passQuarter();
    return false;
  });
  return { room, card };
}

/** The pages of both sides of a call, who see each other. */
export type Sides = Record<CallPicture['side'], Page>;

/** Opens both sides of a call in a language. The contexts are closed by whoever opened them. */
export async function openSides(
  { room, card }: ComingCall,
  contexts: Record<CallPicture['side'], BrowserContext>,
  language: SiteLanguage,
): Promise<Sides> {
  await contexts.citizen.addInitScript(showInstead, AT_HOME);
  await contexts.agent.addInitScript(showInstead, AT_THE_DESK);
  const [citizen, agent] = await Promise.all([
    contexts.citizen.newPage(),
    contexts.agent.newPage(),
  ]);
  await citizen.goto(room(language));
  const enter = translateTo(language)('room.enter');
  await citizen.getByRole('button', { name: enter, exact: true }).click();
  // A first visit keeps the font for the second.
  for (let visit = 0; visit < 2; visit++) await agent.goto(card);
  const begin = agent.locator('[data-action="begin"]');
  // Begun in the language before: its page opens the call by itself.
  if ((await begin.count()) > 0) await begin.click();
  await Promise.all([untilSeen(citizen), untilSeen(agent)]);
  return { citizen, agent };
}

/** In a page: has its camera show a drawing, and its microphone hear nothing. The page's rules on images must be off (`bypassCSP`). */
function showInstead(drawing: string): void {
  if (!navigator.mediaDevices) return;
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
  const draw = () => {
    if (image.complete) canvas.getContext('2d')?.drawImage(image, 0, 0);
    requestAnimationFrame(draw);
  };
  draw();
  const camera = canvas.captureStream(20);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const silence = new AudioContext().createMediaStreamDestination();
    return new MediaStream([
      ...(wanted?.video ? camera.getVideoTracks().map((each) => each.clone()) : []),
      ...(wanted?.audio ? silence.stream.getAudioTracks() : []),
    ]);
  };
}
