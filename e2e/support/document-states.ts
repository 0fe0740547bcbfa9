import { newCode } from '../../src/features/service/verification/service.ts';
import type { Language } from '../../src/lib/i18n/languages.ts';
import type { StaffViewer } from '../../src/lib/viewer.ts';
import { type Client, openClient, type See, type Sent, startsIn } from './client.ts';
import { anotherDeviceStates } from './identity/states.ts';
import { until } from './processes.ts';
import { caseDeskStates } from './scanning/case-states.ts';
import { folderStates } from './scanning/folder-states.ts';
import { archiveStates, toNotifyStates } from './scanning/notification-states.ts';
import { reportStates } from './scanning/report-states.ts';
import {
  deskRepresentationStates,
  representationStates,
} from './scanning/representation-states.ts';
import type { Town } from './town.ts';

const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';

/** Books the first free time; answers the address of its papers. */
export const bookDocuments = (origin: string, phone?: string, email?: string): Promise<string> =>
  bookDocumentsAs(openClient(origin, 'ca'), phone, email);

/** The same in this browser. */
export async function bookDocumentsAs(
  client: Client,
  phone = '612 345 678',
  email = 'maria@example.cat',
): Promise<string> {
  const start = startsIn((await client.get(TIMES)).html)[0] ?? '';
  const details = await client.post(TIMES, { start });
  const maria = { name: 'Maria Puig', phone, email, whom: 'self', anything: 'no' };
  const check = await client.post(details.path, maria);
  const confirmed = await client.post(check.path, {});
  return confirmed.path.replace('/confirmed', '/documents');
}

/** The papers of an appointment, before and after some were handed over, with the link alone and with the code. */
export async function documentStates(
  see: See,
  client: Client,
  { town, manage, phone }: { town: Town; manage: string; phone: string },
): Promise<void> {
  const papers = `${manage}/documents`;
  await see('documents', client.get(papers));
  await handOver(town, papers, 'identitat', 'DNI.txt', 'Maria Puig\n');
  await handOver(town, papers, '', 'full.html', '<!doctype html><p>Maria</p>');
  await until('they were looked into', async () => {
    const states = await town.look((tx) => tx.selectFrom('document').select('state').execute());
    return states.every((each) => each.state !== 'checking');
  });
  await see('documents: handed over', client.get(`${papers}?done=sent`));
  await see('documents: code', client.get(`${papers}/code`));
  await see('documents: code sent', client.post(`${papers}/code`, { next: 'documents' }));
  const sms = await until('the code has come', async () =>
    (await town.server.outbox()).find((each) => each.to.endsWith(phone) && !/http/.test(each.text)),
  );
  const code = /\d{6}/.exec(sms.text)?.[0] ?? '';
  const wrong = code === '000000' ? '000001' : '000000';
  await see('documents: code wrong', client.post(`${papers}/code`, { code: wrong }));
  await see('documents: unlocked', client.post(`${papers}/code`, { code }));
  await see('documents: who has opened them', client.get(`${papers}/seen`));
  const secret = manage.split('/').at(-1) ?? '';
  const result = await giveResult(town, secret);
  await see('documents: a result with a code', client.get(papers));
  await verificationStates(see, client, { town, at: manage.split('/')[1] ?? '', secret, result });
  await see('documents: who has verified them', client.get(`${papers}/seen`));
  await see('appointment: how we write', client.get(`${manage}/notices`));
  await see('appointment: how we write, saved', client.post(`${manage}/notices`, { by: 'sms' }));
  await client.post(`${manage}/notices`, { by: 'email' });
  await anotherDeviceStates(see, client, manage);
  await folderStates(see, client, { town, manage });
  await representationStates(see, client, { town, manage });
}

interface Result {
  id: string;
  code: string;
}

/** Gives whoever has this link a result with a verification code, as a coordinator. */
function giveResult(town: Town, secret: string, bytes = Buffer.from('Consta\n')) {
  return town.operate(async ({ documents, offices, appointments }): Promise<Result> => {
    const { id: of, office: at } = (await appointments.bySecret(secret))!;
    const office = await offices.byId(at);
    const viewer = coordinatorOf(at);
    const result = { kind: 'outbox', requested: null, code: newCode() } as const;
    const file = { name: 'volant.txt', type: 'text/plain' };
    const kept = await documents.keep(viewer, office, of, { ...result, ...file }, bytes);
    if (!kept.ok || !('id' in kept)) throw new Error('not kept');
    await documents.pass();
    const entries = await documents.list(viewer, office, of);
    return { id: kept.id, code: entries?.find(({ id }) => id === kept.id)?.code ?? '' };
  });
}

const coordinatorOf = (office: number): StaffViewer => ({
  kind: 'staff',
  staff: 0,
  name: '',
  office,
  role: 'coordinator',
  desk: null,
});

/** Another person, who was shown a document's code; in the end it is withdrawn. */
async function verificationStates(
  see: See,
  client: Client,
  on: { town: Town; at: string; secret: string; result: Result },
): Promise<void> {
  const { town, at, secret, result } = on;
  const page = `/${at}/verify`;
  const check = (code: string) => client.post(page, { code });
  await see('verify', client.get(page));
  await see('verify: by a link', client.get(`${page}?code=${result.code}`));
  await see('verify: nothing typed', check(''));
  await see('verify: too short', check(result.code.slice(1)));
  await see(
    'verify: mistyped',
    check(result.code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))),
  );
  await see('verify: unknown', check('0'.repeat(28)));
  await see('verify: found', check(result.code));
  await town.operate(async ({ documents, offices, appointments }) => {
    const { id: of, office } = (await appointments.bySecret(secret))!;
    await documents.withdraw(coordinatorOf(office), await offices.byId(office), of, result.id);
  });
  await see('verify: taken back', check(result.code));
}

/** Uploads as a form without scripts does. */
async function handOver(town: Town, papers: string, line: string, name: string, text: string) {
  const body = new FormData();
  body.set('file', new File([text], name, { type: 'text/plain' }));
  const answer = await fetch(`${town.origin}${papers}?for=${line}`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
}

/** One at the desk. */
export async function deskDocumentStates(
  every: (
    name: string,
    ask: (client: Client, language: Language) => Promise<Sent>,
  ) => Promise<void>,
  town: Town,
): Promise<void> {
  const found = await town.look((tx) =>
    tx
      .selectFrom('document')
      .select(['id', 'appointment_id'])
      .where('state', '=', 'clean')
      .where('kind', '=', 'inbox')
      .where('appointment_id', 'is not', null)
      .orderBy('made_at')
      .orderBy('id')
      .executeTakeFirstOrThrow(),
  );
  const page = `/console/oac/appointment/${found.appointment_id}`;
  const paper = `${page}/documents/${found.id}`;
  await every('appointment: with papers', (client) => client.get(page));
  await every('document', (client) => client.get(paper));
  await every('document: no reason', (client) => client.post(paper, { act: 'again' }));
  await deskRepresentationStates(every, town);
  const { decided, open } = await caseDeskStates(every, town);
  await reportStates(every, town, open);
  await toNotifyStates(every, town, decided);
  await archiveStates(every, town, decided);
}
