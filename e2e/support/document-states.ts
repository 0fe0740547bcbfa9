import type { Language } from '../../src/lib/i18n/languages.ts';
import type { Client, Sent } from './client.ts';
import { until } from './processes.ts';
import type { Town } from './town.ts';

type See = (name: string, page: Sent | Promise<Sent>) => Promise<Sent>;

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
}

/** As a form without scripts does it. */
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
      .executeTakeFirstOrThrow(),
  );
  const page = `/console/oac/appointment/${found.appointment_id}`;
  const paper = `${page}/documents/${found.id}`;
  await every('appointment: with papers', (client) => client.get(page));
  await every('document', (client) => client.get(paper));
  await every('document: no reason', (client) => client.post(paper, { act: 'again' }));
}
