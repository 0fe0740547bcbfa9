import { LANGUAGES, type Language } from '../../src/lib/i18n/languages.ts';
import { actStates, attendedFor, frozenStates } from './act-states.ts';
import { chatDeskStates, chatStates } from './chat/states.ts';
import { choosingStates } from './choosing/states.ts';
import { type Client, openClient, type See, type Sent, signedIn, startsIn } from './client.ts';
import { deskStates } from './desk-states.ts';
import { documentStates } from './document-states.ts';
import { certificateStates, formStates } from './forms/states.ts';
import { identifyStates } from './identity/states.ts';
import { mailStates, stopPath } from './mail-states.ts';
import { codeOf, RIGHT_TO_LEFT } from './pages.ts';
import { publicRequestStates, tellingStates } from './requests/states.ts';
import { MORNING, type Town } from './town.ts';

/** A page in one of its states. */
export interface State extends Sent {
  /** "citizen details: errors": the page, then its state. */
  name: string;
  language: Language;
}

/** One of them for each language and kind of journey: who was sent much is asked no survey. */
const maria = (language: Language, journey = 'booking') => ({
  name: 'Maria Puig',
  phone: '612 345 678',
  email: `maria-${journey}-${language}@example.com`,
  whom: 'self',
  anything: 'no',
});
const PROCEDURE = 'volant-padro';
/** One with a check-list. */
const CHECKED = 'animal-companyia';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

/**
 * Every page in the states that it can be in, in these languages, as the server sent them: two mornings of a town, the
 * second at the hour of the appointments that were booked in the first.
 */
export async function collectStates(town: Town, languages: readonly Language[]): Promise<State[]> {
  const states: State[] = [];
  const seeIn =
    (language: Language): See =>
    async (name, page) => {
      const sent = await page;
      states.push({ ...sent, name, language });
      return sent;
    };
  const people = languages.map((language) => ({
    language,
    see: seeIn(language),
    client: openClient(town.origin, language),
  }));
  const booked = new Map<Language, Booked>();
  for (const { language, see, client } of people) {
    await beforeBooking(see, client, language);
    booked.set(language, await booking(see, client, language));
    await managing(see, client, language);
    await reaching(see, client, language);
    await handingOver(see, client, language, town);
    await consenting(see, client, language, town);
    await problems(see, client, language, town);
  }
  await signingIn(people, town);

  // The last of them is the one that nobody will call.
  const last = [...booked.values()].reduce((a, b) => (a.start > b.start ? a : b));
  const after = (minutes: number) => Temporal.Instant.from(last.start).add({ minutes }).toString();
  const inTheir = (path: string, language: Language) => path.replace(/^\/\w+/, `/${language}`);
  await town.comeTo(after(1));
  for (const { language, see, client } of people) {
    await see('appointment: due', client.get(inTheir(last.manage, language)));
    const { unfinished } = booked.get(language) ?? last;
    await see('details: time no longer kept', client.get(unfinished));
    await see('other time: lost', client.post(unfinished.replace(/details$/, 'check'), {}));
  }
  await town.comeTo(after(12));
  for (const { language, see, client } of people) {
    await see('appointment: running late', client.get(inTheir(last.manage, language)));
    const change = client.get(inTheir(`${last.manage}/change`, language));
    await see('appointment: too late to change', change);
  }
  await working(people, town);
  for (const { language, see, client } of people)
    for (const [index, { manage }] of [...booked.values()].entries()) {
      const ended = client.get(inTheir(manage, language));
      await see(`appointment: how it ended, ${index}`, ended);
      const survey = client.get(inTheir(`${manage}/survey`, language));
      await see(`survey: after a call, ${index}`, survey);
    }
  await town.comeTo(after(60));
  for (const { language, see, client } of people) {
    await see('appointment: late', client.get(inTheir(last.manage, language)));
    await see('demo', client.get('/demo'));
  }
  const stop = await stopPath(town);
  for (const { language, see, client } of people) {
    await see('no more surveys', client.get(inTheir(stop, language)));
    await see(
      'no more surveys: so be it',
      client.post(inTheir(stop, language), { answer: 'stop' }),
    );
    await client.post(stop, { answer: 'resume' });
  }
  await seeIn('en')('api', openClient(town.origin, 'en').get('/api')); // integrators read English
  await mailStates(seeIn, town);
  return states;
}

async function beforeBooking(see: See, client: Client, language: Language): Promise<void> {
  const at = `/${language}`;
  await see('town', client.get(at));
  await see('town: found', client.get(`${at}?q=multa`));
  await see('town: nothing found', client.get(`${at}?q=zzzz`));
  for (const page of ['help', 'accessibility', 'privacy', 'cookies', 'software', 'offline'])
    await see(page, client.get(`${at}/${page}`));
  await see(RIGHT_TO_LEFT.name, client.get(`${at}/interpreter/${RIGHT_TO_LEFT.language}`));
  await see('office', client.get(`${at}/oac`));
  await see('office of taxes', client.get(`${at}/hisenda`));
  await see('open data', client.get(`${at}/oac/data`));
  await publicRequestStates(see, client, language);
  await see('office: found', client.get(`${at}/oac?q=padro`));
  await see('office: nothing found', client.get(`${at}/oac?q=zzzz`));
  await see('office: found after a slip', client.get(`${at}/oac?q=empadronamet`));
  await see('office: found elsewhere too', client.get(`${at}/oac?q=ibi`));
  await see('procedure', client.get(`${at}/oac/${PROCEDURE}`));
  await see('procedure of information', client.get(`${at}/oac/informacio-tramits`));
  await see('procedure only for oneself', client.get(`${at}/hisenda/domiciliacio`));
  await see('procedure for companies', client.get(`${at}/oac/consulta-activitat`));
  await see('procedure: errors', client.get(`${at}/oac/${PROCEDURE}/times`));
  const times = `${at}/oac/${PROCEDURE}/times?channel=phone&language=ca`;
  const page = await see('times', client.get(times));
  const more = /from=([\d-]+)" rel="next"/.exec(page.html)?.[1] ?? '';
  await see('times: more days', client.get(`${times}&from=${more}`));
  await see('times: a day without any', client.get(`${times}&on-day=25&on-month=12&on-year=2026`));
  await see('times: no such day', client.get(`${times}&on-day=40&on-month=1&on-year=2026`));
  await see('times: errors', client.post(times, {}));
  await see('times: earlier days', client.get(`${times}&before=${more}`));
  await see('times: a part of the day', client.get(`${times}&part=afternoon`));
  await see('times: an old address', client.get(`${times}&from=2020-01-01`));
  await see('times: none so late', client.get(`${times}&part=afternoon&from=2026-12-25`));
  await choosingStates(see, client, `${at}/oac/${PROCEDURE}`);
}

interface Booked {
  start: string;
  manage: string;
  /** The details of an unfinished booking. */
  unfinished: string;
}

const timesIn = (language: Language, channel: string) =>
  `/${language}/oac/${PROCEDURE}/times?channel=${channel}&language=ca`;

async function take(client: Client, language: Language, channel = 'phone') {
  const path = timesIn(language, channel);
  const start = startsIn((await client.get(path)).html)[0] ?? '';
  return { start, details: await client.post(path, { start }) };
}

async function booking(see: See, client: Client, language: Language): Promise<Booked> {
  const { details: video } = await take(client, language, 'video');
  await see('details: by video', video);
  await see('details: by video, errors', client.post(video.path, { name: '', email: 'x' }));

  const { start, details } = await take(client, language);
  await see('details', details);
  const wrong = { name: '', phone: '61', email: 'maria@', whom: 'other', needs: 'interpreter' };
  await see('details: errors', client.post(details.path, wrong));
  const { anything: _, ...who } = maria(language);
  const slip = { ...who, email: 'maria@gmial.com' };
  await see('details: a doubtful address', client.post(details.path, slip));
  const asked = await see('needs', client.post(details.path, who));
  await see('needs: errors', client.post(asked.path, { anything: 'yes' }));
  const writing = { anything: 'yes', needs: 'real_time_text' };
  await see('needs: one that the telephone cannot meet', client.post(asked.path, writing));
  const ticked = { needs: ['companion', 'other', 'interpreter'], needOther: 'Un bucle' };
  const needs = { ...ticked, anything: 'yes', interpreter: 'ar' };
  const check = await see(
    'check',
    client.post(details.path, { ...maria(language), ...needs, comment: 'Hola' }),
  );
  await see('check: changed elsewhere', client.post(check.path, { seen: 'before' }));
  await see('other time: by video', client.get(check.path.replace(/check$/, 'time?channel=video')));
  await see('other time', client.get(check.path.replace(/check$/, 'time')));
  await see('other time: errors', client.post(check.path.replace(/check$/, 'time'), {}));
  await see('check: time kept for longer', client.post(check.path, { extend: '1' }));
  const confirmed = await see('confirmed', client.post(check.path, {}));
  const manage = confirmed.path.replace(/\/confirmed$/, '');

  const { details: left } = await take(client, language);
  await client.post(left.path, maria(language));
  return { start, manage, unfinished: left.path };
}

async function managing(see: See, client: Client, language: Language): Promise<void> {
  const { details } = await take(client, language, 'video');
  const check = await client.post(details.path, maria(language, 'managing'));
  const confirmed = await see('confirmed: by video', client.post(check.path, {}));
  const manage = confirmed.path.replace(/\/confirmed$/, '');
  await see('appointment', client.get(manage));
  await see('device', client.get(`${manage}/device`));
  await see('change', client.get(`${manage}/change`));
  await see('change: to the telephone', client.get(`${manage}/change?channel=phone`));
  await see('change: errors', client.post(`${manage}/change`, {}));
  await see('change: time lost', client.post(`${manage}/change`, { start: MORNING }));
  await see('appointment: moved', client.get(`${manage}?done=moved`));
  await see('contact', client.get(`${manage}/contact`));
  await see('contact: errors', client.post(`${manage}/contact`, { name: '', email: '' }));
  await see('survey: too early', client.get(`${manage}/survey`));
  await see('earlier: no day left', client.get(`${manage}/earlier`));
  const later = startsIn((await client.get(`${manage}/change`)).html).at(-1) ?? '';
  await client.post(`${manage}/change`, { start: later });
  await see('earlier', client.get(`${manage}/earlier`));
  await see('earlier: errors', client.post(`${manage}/earlier`, { 'day-day': '40' }));
  await see('waiting', client.post(`${manage}/earlier`, {}));
  await see('cancel', client.get(`${manage}/cancel`));
  await see('cancel: errors', client.post(`${manage}/cancel`, { reason: 'a'.repeat(501) }));
  await see('appointment: cancelled', client.post(`${manage}/cancel`, { reason: 'Ja no cal' }));
  await see('survey', client.get(`${manage}/survey`));
  await see('survey: errors', client.post(`${manage}/survey`, {}));
  const answer = { score: '9', solved: 'partly', comment: 'Bé' };
  await see('thanks', client.post(`${manage}/survey`, answer));
  await see('survey: answered', client.get(`${manage}/survey`));
}

/** A citizen who uploads documents. */
async function handingOver(see: See, client: Client, language: Language, town: Town) {
  const phone = `612 345 70${LANGUAGES.indexOf(language)}`;
  const { details } = await take(client, language, 'phone');
  const check = await client.post(details.path, { ...maria(language, 'papers'), phone });
  const confirmed = await client.post(check.path, {});
  const manage = confirmed.path.replace(/\/confirmed$/, '');
  await documentStates(see, client, { town, manage, phone: phone.slice(-3) });
}

/** A citizen for whom an official carries out an act. */
async function consenting(see: See, client: Client, language: Language, town: Town) {
  const { details } = await take(client, language, 'phone');
  const check = await client.post(details.path, maria(language, 'acts'));
  const manage = (await client.post(check.path, {})).path.replace(/\/confirmed$/, '');
  await actStates(see, client, { town, language, manage });
  await frozenStates(see, client, { town, language, manage });
}

/** A citizen without an e-mail, who prefers a video call; and one who has lost the link. */
async function reaching(see: See, client: Client, language: Language): Promise<void> {
  const { details } = await take(client, language);
  const check = await client.post(details.path, { ...maria(language), email: '' });
  const manage = (await client.post(check.path, {})).path.replace(/\/confirmed$/, '');
  const change = `${manage}/change?channel=video`;
  await see('change: to video', client.get(change));
  await see('change: to video, errors', client.post(change, { email: 'maria@' }));
  await see('change: to video at another time', client.get(`${change}&other=1`));
  await client.post(`${manage}/cancel`, {});
  const lost = `/${language}/lost-link`;
  await see('lost link', client.get(lost));
  await see('lost link: errors', client.post(lost, { contact: 'maria@' }));
  await see('lost link: sent', client.post(lost, { contact: maria(language).email }));
}

/** What goes wrong, and forms on-line. */
async function problems(see: See, client: Client, language: Language, town: Town): Promise<void> {
  await formStates(see, client, { town, language });
  await certificateStates(see, client, language);
  await identifyStates(see, client, language);
  await chatStates(see, client, { town, language });
  await tellingStates(see, client, { town, language });
  const at = `/${language}`;
  await see('not found', client.get(`${at}/oac/no-such-procedure`));
  await see('no such booking', client.get(`${at}/oac/booking/unknown/details`));
  await see('no such appointment', client.get(`${at}/appointment/unknown`));
  const foreign = { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' };
  await see('from elsewhere', client.post(timesIn(language, 'phone'), {}, foreign));
  const huge = { start: 'x'.repeat(300_000) };
  await see('unreadable form', client.post(timesIn(language, 'phone'), huge));
}

export interface Someone {
  language: Language;
  see: See;
  client: Client;
}

const PASSWORD = 'quatre finestres obertes avui';

/** The way in for staff, who are not signed in yet. */
async function signingIn(people: readonly Someone[], town: Town): Promise<void> {
  await chatDeskStates(people, town);
  const access = await town.server.access();
  const agent = access.staff.find((each) => each.email.startsWith('pere.vidal'));
  for (const { language, see, client } of people) {
    await see('staff sign-in', client.get('/staff/sign-in'));
    await see('staff sign-in: again', client.get('/staff/sign-in?again'));
    await see('staff sign-in: refused', client.post('/staff/sign-in', { email: 'x@y.cat' }));
    const { email = '', password = '' } = agent ?? {};
    await see('staff code', client.post('/staff/sign-in', { email, password }));
    await see('staff code: wrong', client.post('/staff/code', { code: '000000' }));
    await see(
      'staff session over',
      client.post('/console/oac/appointment/x/save', { notes: 'Una nota llarga' }),
    );

    const setup = await invite(town, `new-${language}@vilaclara.example`);
    await see('staff setup', client.get(setup));
    await see('staff setup: errors', client.post(setup, { password: 'x', repeat: 'x' }));
    await see('staff setup: different', client.post(setup, { password: 'x', repeat: 'y' }));
    const code = await see(
      'staff setup code',
      client.post(setup, { password: PASSWORD, repeat: PASSWORD }),
    );
    await see('staff setup code: wrong', client.post(setup, { code: '000000' }));
    const secret = />([A-Z2-7 \u00a0]{20,})</.exec(code.html)?.[1]?.replaceAll(/[\s\u00a0]/g, '');
    await see('staff setup done', client.post(setup, { code: codeOf(secret ?? '') }));
    await see('staff setup gone', client.get(setup));
  }
}

async function invite(town: Town, email: string): Promise<string> {
  const invited = await town.operate(({ staff }) =>
    staff.invite(
      { email, name: 'Nova Persona', roles: [{ office: 'oac', role: 'agent', desk: 'taula-1' }] },
      Temporal.Instant.from(MORNING),
    ),
  );
  if (!invited.ok) throw new Error(invited.reason);
  return new URL(invited.url).pathname;
}

/** The console in the hour of the first appointments: the same session, seen in each language. */
async function working(people: readonly Someone[], town: Town): Promise<void> {
  const access = await town.server.access();
  const staff = await signedIn(town, access, 'nuria.roca@vilaclara.example');
  type Ask = (client: Client, language: Language) => Promise<Sent>;
  const every = async (name: string, ask: Ask) => {
    for (const { language, see } of people) {
      staff.cookies.set('staff_language', language);
      await see(name, ask(staff, language));
    }
  };
  const day = await staff.get('/console/oac');
  const ids = [
    ...new Set([...day.html.matchAll(/appointment\/([\w-]{36})/g)].map((each) => each[1])),
  ];
  const attended = await attendedFor(town);
  const [one, two, three] = ids
    .filter((id) => !attended.has(id))
    .map((id) => `/console/oac/appointment/${id}`);
  if (!one || !two || !three) throw new Error(`${ids.length} appointments are not enough`);
  const many = await signedIn(town, access, 'laia.ferrer@vilaclara.example');
  for (const { language, see } of people) {
    many.cookies.set('staff_language', language);
    await see('console: which office', many.get('/console'));
    await see('console day: my desk', many.get('/console/oac'));
  }
  await every('console day', (client) => client.get('/console/oac'));
  await every('console day: empty', (client) => client.get('/console/oac?day=2027-01-06'));
  await every('console appointment: booked', (client) => client.get(one));
  await deskStates(people, town, staff, one);
  await every('console cancel', (client) => client.get(`${one}/cancel`));
  await every('console cancel: errors', (client) => client.post(`${one}/cancel`, { reason: '' }));
  await every('not found: console', (client) => client.get(`/console/oac/appointment/${UNKNOWN}`));

  await staff.post(`${one}/attempt`, { number: '1', outcome: 'no_answer', anyway: '1' });
  await every('console appointment: called once', (client) => client.get(one));
  await every('console appointment: called meanwhile', (client) =>
    client.post(`${one}/attempt`, { number: '1', outcome: 'busy' }),
  );
  await staff.post(`${one}/attempt`, { number: '2', outcome: 'answered', anyway: '1' });
  await every('console appointment: encounter', (client) => client.get(one));
  const version = Number(/name="version" value="(\d+)"/.exec((await staff.get(one)).html)?.[1]);
  const draft = { version: String(version), rows: '1', 'item-0-what': `p:${PROCEDURE}` };
  await every('console appointment: encounter, a row more', (client) =>
    client.post(`${one}/save`, { ...draft, action: 'add' }),
  );
  await every('console appointment: encounter, errors', (client) =>
    client.post(`${one}/save`, { ...draft, rows: '2', notes: 'DNI 12345678Z', action: 'close' }),
  );
  await every('console appointment: encounter, saved meanwhile', (client) =>
    client.post(`${one}/save`, { ...draft, version: '0', action: 'save', notes: 'La meva nota' }),
  );
  const known = await staff.get(one);
  const whole = {
    ...draft,
    'item-0-outcome': /-outcome"[\s\S]*?<option value="([\w-]+)"/.exec(known.html)?.[1] ?? '',
    identity: 'questions',
    notes: 'Li hem enviat el volant.',
    wrapUp: /name="wrapUp" value="([\w-]+)"/.exec(known.html)?.[1] ?? '',
  };
  await every('console appointment: encounter, unticked', (client) =>
    client.post(`${one}/save`, { ...whole, 'item-0-what': `p:${CHECKED}`, action: 'close' }),
  );
  await staff.post(`${one}/save`, { ...whole, action: 'close-anyway' });
  await every('console appointment: closed', (client) => client.get(one));
  await staff.post(`${two}/cancel`, { reason: 'Tanquem abans' });
  await every('console appointment: cancelled', (client) => client.get(two));
  for (const [index, outcome] of ['no_answer', 'busy', 'wrong_number'].entries())
    await staff.post(`${three}/attempt`, { number: String(index + 1), outcome, anyway: '1' });
  await every('console appointment: not reached', (client) => client.get(three));
  await every('console day: some are over', (client) => client.get('/console/oac'));
}
