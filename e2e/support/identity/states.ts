import type { Language } from '../../../src/lib/i18n/languages.ts';
import type { Client, See, Sent } from '../client.ts';

/** Everything that somebody sees who identifies, is refused, or leaves. */
export async function identifyStates(see: See, client: Client, language: Language): Promise<void> {
  const choose = `/${language}/identify?level=substantial&next=/${language}/oac`;
  await see('identify', client.get(choose));
  const begin = () => began(client, choose);
  const { going, demo } = await begin();
  // The scanner stays on the page, which leads on by itself.
  const stays = going.html.replace(/<meta http-equiv="refresh"[^>]*>/, '');
  await see('identify: going', Promise.resolve({ ...going, html: stays }));
  await see('identify: demonstration', client.get(demo));
  const answer = async (query: Record<string, string>) => {
    const state = new URL((await begin()).demo, 'http://here').searchParams.get('state') ?? '';
    return client.get(`/identify/demo/return?${new URLSearchParams({ state, ...query })}`);
  };
  await see('identify: cancelled', answer({ error: 'cancelled' }));
  await see('identify: too low', answer({ person: '12345678Z', level: 'low' }));
  await see('identify: refused', answer({ person: 'nobody', level: 'high' }));
  await see('identify: gone', client.get('/identify/demo/return?state=x'));
  await see('office: identified', answer({ person: '00000000T', level: 'high' }));
  await see('identify: leaving', client.get(`/${language}/identify/leave`));
  await see('identify: left', client.post(`/${language}/identify/leave`, {}));
}

/** Begins an attempt. Returns the page that leads to the demonstration's provider, and its address. */
export async function began(client: Client, choose: string, more: Record<string, string> = {}) {
  const going = await client.post(choose, { provider: 'demo', ...more });
  const [, demo = ''] = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(going.html) ?? [];
  const url = new URL(demo.replaceAll('&amp;', '&'));
  return { going, demo: url.pathname + url.search };
}

/** Returns what the forms of a code have besides their buttons. */
const whichIn = ({ html }: Sent) => ({
  which: /name="which" value="([^"]+)"/.exec(html)?.[1] ?? '',
});

/** Everything that somebody sees who identifies on another device than the one that has the link of an appointment. */
export async function anotherDeviceStates(see: See, client: Client, manage: string): Promise<void> {
  const language = manage.split('/')[1] ?? '';
  const desk = `${manage}/identify/code`;
  const here = `/${language}/identify/code`;
  const ask = async () => {
    const shown = await client.post(desk, {});
    return { shown, code: /class="typed-code">([^<]+)</.exec(shown.html)?.[1] ?? '' };
  };
  await see('another device: start', client.get(desk));
  await see('another device: form', client.get(here));
  await see('another device: refused', client.post(here, { code: 'KLMN-PQRS' }));
  const first = await ask();
  await see('another device: code', Promise.resolve(first.shown));
  for (let miss = 0; miss < 5; miss++)
    await client.post(here, { code: `${first.code.slice(0, 5)}BBBB` });
  await see('another device: locked', client.get(desk));
  const denied = await ask();
  const check = await client.post(here, { code: denied.code });
  await see('another device: check', Promise.resolve(check));
  await see('another device: taken', client.get(desk));
  await see('another device: stopped', client.post(here, { answer: 'no', ...whichIn(check) }));
  await see('another device: denied', client.get(desk));
  const { code } = await ask();
  const which = whichIn(await client.post(here, { code }));
  await see('identify: for another device', client.post(here, { answer: 'yes', ...which }));
  const { demo } = await began(client, here, which);
  const state = new URL(demo, 'http://here').searchParams.get('state') ?? '';
  const said = new URLSearchParams({ state, person: '12345678Z', level: 'high' });
  await see('another device: finished', client.get(`/identify/demo/return?${said}`));
  await see('another device: done', client.get(desk));
  await client.post(`/${language}/identify/leave`, {});
  await see('another device: over', client.post(here, { answer: 'yes' }));
}
