import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Webhook as Verifier } from 'standardwebhooks';
import { freePort } from '../../../../e2e/support/processes.ts';
import type { Appointment, Status } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import { testOffice } from '../../foundation/offices/testing.ts';
import { type Appointments, changeStatus } from '../appointments/service.ts';
import { testAppointments } from '../appointments/testing.ts';
import { readForUpdate } from '../appointments/views.ts';
import { createWebhookWorker, type WebhookWorkerDeps } from './jobs.ts';
import { createWebhooks, type WebhookDraft, type Webhooks } from './service.ts';
import { WEBHOOK_KINDS } from './types.ts';

export interface Received {
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  json: any;
}

/** Another system's server, which notes what it is sent and answers as it is told. */
export interface Receiver {
  url: string;
  received: Received[];
  /** Takes everything (204) unless set. */
  answer: (response: ServerResponse, received: Received) => void;
  open(): Promise<void>;
  close(): Promise<void>;
}

export function receiver(): Receiver {
  let server: Server | null = null;
  let port = 0;
  const made: Receiver = {
    get url() {
      return `http://127.0.0.1:${port}/hook`;
    },
    received: [],
    answer: takes,
    open: async () => {
      port ||= await freePort();
      await new Promise<void>((resolve, reject) => {
        const opened = createServer((request, response) => {
          const chunks: Buffer[] = [];
          request.on('data', (chunk: Buffer) => chunks.push(chunk));
          request.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const received = { headers: request.headers, text, json: JSON.parse(text) };
            made.received.push(received);
            made.answer(response, received);
          });
        });
        server = opened;
        opened.once('error', reject).listen(port, '127.0.0.1', resolve);
      });
    },
    close: () =>
      new Promise((resolve) => {
        if (!server) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
        server = null;
      }),
  };
  return made;
}

export const takes = (response: ServerResponse): void => answers(204)(response);
export const answers =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers).end();
  };

/** Whether the standard's own library believes what was received. */
export function isBelieved(secret: string, { headers, text }: Received): boolean {
  try {
    new Verifier(secret).verify(text, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

export interface HookWorld {
  database: TestDatabase;
  clock: ReturnType<typeof handClock>;
  office: Office;
  appointments: Appointments;
  webhooks: Webhooks;
  viewer(role: StaffRole, office?: number): StaffViewer;
  /** Adds a webhook to the office. Answers its id. */
  add(url: string, more?: Partial<WebhookDraft>): Promise<string>;
  book(externalId?: string): Promise<Appointment>;
  become(appointment: Appointment, ...statuses: Status[]): Promise<void>;
  worker(more?: Partial<WebhookWorkerDeps>): ReturnType<typeof createWebhookWorker>;
}

/** An office on a Monday morning, whose webhooks may lead to this machine. */
export async function hookWorld(say: WebhookWorkerDeps['say']): Promise<HookWorld> {
  const clock = handClock('2026-11-30T07:00:00+01:00');
  const database = await testDatabase();
  const db = database.kysely;
  const { offices, slots, appointments, key, unit } = testAppointments(database, clock);
  const office = await offices.byId(await testOffice(db, { code: 'oac' }));
  const reach = { privately: false, loopback: true };
  const webhooks = createWebhooks({ db, key, reach, unit });
  const viewer: HookWorld['viewer'] = (role, of = office.id) => ({
    ...{ kind: 'staff', staff: 1, name: 'Albert', office: of, role, desk: null },
  });
  const log = { warn: () => {}, error: () => {} };
  return {
    ...{ database, clock, office, appointments, webhooks, viewer },
    async add(url, more = {}) {
      const draft = { url, kinds: WEBHOOK_KINDS, personal: false, ...more };
      const added = await webhooks.add(viewer('administrator'), draft);
      if (!added.ok) throw new Error(added.reason);
      return added.id;
    },
    async book(externalId) {
      const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;
      const found = await slots.search(office, choice, { from: '2026-11-30', to: '2026-12-23' });
      if (!found.ok || !found.slots[0]) throw new Error('no free time');
      const details = {
        citizen: { name: 'Rosa Soler', email: 'rosa@example.cat', phone: '+34600000001' },
        ...{
          onBehalfOf: null,
          needs: [],
          comment: 'Vaig amb crosses',
          noticeLanguage: 'ca' as const,
        },
      };
      const request = { ...choice, ...details, start: found.slots[0].start };
      const repetition = externalId === undefined ? {} : { externalId };
      const booked = await appointments.book(
        { kind: 'system', why: '' },
        office,
        request,
        repetition,
      );
      if (!booked.ok) throw new Error(booked.reason);
      return booked.appointment;
    },
    become: ({ id }, ...statuses) =>
      unit({ kind: 'system', why: 'test' }, office.id, async (each) => {
        for (const status of statuses) {
          const old = await readForUpdate(each.tx, id);
          if (old) await changeStatus(each, old, status);
        }
      }),
    worker: (more = {}) =>
      createWebhookWorker({
        ...{ db, offices, key, clock, unit, log, say, reach, random: () => 0 },
        ...more,
      }),
  };
}
