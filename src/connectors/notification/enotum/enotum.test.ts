import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { samlKeys } from '../../../../e2e/support/identity/saml-keys.ts';
import {
  type Behaviour,
  type EnotumStandIn,
  enotumServer,
  type State,
} from '../../../../e2e/support/notification/enotum.ts';
import {
  type EnotumSettings,
  townNotifications as settingsSchema,
} from '../../../domain/office/connectors/notification.ts';
import type { ToHandOver } from '../../../features/service/notifications/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { createEnotum } from './enotum.ts';

const NOW = '2026-12-01T10:00:00Z';
const keys = samlKeys('vilaclara.example');
const clock = handClock(NOW);
let stand: EnotumStandIn;

beforeAll(async () => {
  stand = await enotumServer({
    ...{ certificate: keys.certificate, organisation: '0899990001', department: '1' },
    now: () => clock.now(),
  });
});
afterAll(() => stand.close());
beforeEach(() => clock.set(NOW));
afterEach(() => {
  stand.behave();
  stand.sent.length = 0;
  stand.asked.length = 0;
  stand.specific.length = 0;
});

const enotumOf = (more: Partial<EnotumSettings> = {}) =>
  createEnotum({
    settings: settingsSchema.parse({
      ...{ kind: 'enotum', endpoint: stand.endpoint, ine10: '0899990001', purpose: 'PROVES' },
      ...{ organisation: '0899990001', department: '1', page: 'https://enotum.example/' },
      ...more,
    }),
    town: 'Vilaclara',
    key: keys,
    clock,
    timeoutSeconds: 30,
  });

/** Looks for a notification and hands it over where it is not there, as the job does. */
async function hand(of: ToHandOver, more: Partial<EnotumSettings> = {}) {
  const port = enotumOf(more);
  const found = await port.find(of.id);
  return !found.ok || found.value !== null ? found : port.hand(of, async () => true);
}

const ID = '00000000-0000-4000-8000-000000000001';
const notificationOf = (more: Partial<ToHandOver> = {}): ToHandOver => ({
  id: ID,
  reference: 'K7QF-0M3X',
  to: {
    identifier: '12345678Z',
    name: 'Rosa Soler Vidal',
    parts: { given: 'Rosa', first: 'Soler', second: 'Vidal' },
  },
  title: 'Llicència de terrassa & taules',
  language: 'ca',
  level: 'substantial',
  days: 10,
  notice: { email: 'rosa@example.cat', phone: '+34612345678' },
  document: Buffer.from('%PDF-1.7 …'),
  ...more,
});

describe('a notification', () => {
  test('is handed over with its document, its receiver and its level', async () => {
    expect(await hand(notificationOf())).toEqual({ ok: true, value: '4000001' });
    expect(stand.sent).toEqual([
      expect.objectContaining({
        ...{ reference: ID, title: 'Llicència de terrassa & taules', identifier: '12345678Z' },
        ...{ level: 'SUBSTANCIAL', days: '10', document: Buffer.from('%PDF-1.7 …') },
      }),
    ]);
    expect(stand.asked).toEqual(['PeticioCerca', 'PeticioProcessarTramesa']);
  });

  test('of an organisation needs no address', async () => {
    const to = { identifier: 'B08000002', name: 'Forn Pi, SL', parts: null };
    const notice = { email: null, phone: null };
    await hand(notificationOf({ to, notice }), { backOffice: 'FINESTRETA' });
    expect(stand.sent[0]?.identifier).toBe('B08000002');
    expect(stand.specific.at(-1)).toContain('<RaoSocial>Forn Pi, SL</RaoSocial>');
    expect(stand.specific.at(-1)).toContain('<BackOffice>FINESTRETA</BackOffice>');
  });

  test('is not sent twice when the answer was lost', async () => {
    stand.behave('right', 'lost');
    expect(await hand(notificationOf())).toMatchObject({ ok: false, reason: 'away' });
    expect(await hand(notificationOf())).toEqual({ ok: true, value: '4000001' });
    expect(stand.sent).toHaveLength(1);
    // What begins alike is another one.
    const other = await hand(notificationOf({ id: `${ID.slice(0, -1)}2` }));
    expect(other).toEqual({ ok: true, value: '4000002' });
  });

  test.each<[Behaviour, string, string]>([
    ['away', 'away', 'network'],
    ['page', 'away', 'http_503'],
    ['pending', 'away', 'under_way'],
    ['fault', 'refused', 'fault'],
    [{ error: '103', words: 'Error executant l’operació' }, 'away', 'enotum_103'],
    [{ error: '104', words: 'Sense permisos' }, 'refused', 'enotum_104'],
    [{ error: '720', words: 'No es permet' }, 'refused', 'enotum_720'],
  ])('tells why it could not be handed over: %j', async (behaviour, reason, code) => {
    for (const before of [[], ['right'] as const]) {
      stand.behave(...before, behaviour);
      expect(await hand(notificationOf())).toMatchObject({ ok: false, reason, code });
    }
    expect(stand.sent).toEqual([]);
  });

  test('of a person without an address, or too large, is refused', async () => {
    const notice = { email: null, phone: null };
    expect(await hand(notificationOf({ notice }))).toMatchObject({
      ...{ reason: 'refused', code: 'enotum_701' },
    });
    const document = Buffer.alloc(1_000_001);
    expect(await hand(notificationOf({ document }))).toMatchObject({
      ...{ reason: 'refused', code: 'document_too_large' },
    });
    expect(await hand(notificationOf(), { department: '9' })).toMatchObject({ code: 'enotum_504' });
  });
});

test('nothing is sent where it may not be any more', async () => {
  expect(await enotumOf().hand(notificationOf(), async () => false)).toBeNull();
  expect(stand.asked).toEqual([]);
});

describe('what became of it', () => {
  const since = Temporal.Instant.from('2026-11-29T09:00:00Z');
  const told = async () => {
    const found = await enotumOf().news(since, clock.now());
    return found.ok ? found.value : [];
  };
  const proof = async () => {
    const found = await enotumOf().evidence('4000001');
    return found.ok ? found.value.toString() : '';
  };
  const stands = async (state: State, at: string, more: object = {}) => {
    await hand(notificationOf());
    Object.assign(stand.sent[0]!, { state, at, ...more });
  };

  test.each<[State, string]>([
    ['DIPOSITADA', 'available'],
    ['ACCEPTADA', 'accepted'],
    ['REBUTJADA', 'rejected'],
    ['EXPIRADA', 'expired'],
  ])('is told by the reports of the days since: %s', async (state, as) => {
    await stands(state, '2026-11-30T12:00:00+01:00');
    const [news, ...others] = await told();
    expect(others).toEqual([]);
    expect(news).toMatchObject({ number: '4000001', state: as, by: null });
    expect(news?.at.toString()).toBe('2026-11-30T11:00:00Z');
    expect(await proof()).toContain('tipus="DIPOSIT"');
  });

  test('tells who opened it, and has the evidence of that', async () => {
    const signer = { nif: '12345678Z', given: 'ROSA', first: 'SOLER', second: 'VIDAL' };
    await stands('ACCEPTADA', '2026-12-01T09:30:00Z', { signer });
    const [news] = await told();
    expect(news?.by).toEqual({ identifier: '12345678Z', name: 'ROSA SOLER VIDAL' });
    expect(await proof()).toContain('tipus="ACCEPTADA"');
  });

  test.each<[State, string]>([
    ['ERROR', 'failed'],
    ['ANUL·LADA', 'cancelled'],
  ])('is told when it is stopped: %s', async (state, told_) => {
    await stands(state, '2026-12-01T09:30:00Z');
    expect(await told()).toMatchObject([{ state: told_ }]);
  });

  test.each<State>(['PENDENT', 'REGISTRADA'])('is not told while it is %s', async (state) => {
    await stands(state, '2026-12-01T09:30:00Z');
    expect(await told()).toEqual([]);
  });

  test('is not told twice, and not of what was before', async () => {
    await stands('DIPOSITADA', '2026-11-29T08:59:59Z');
    expect(await told()).toEqual([]);
    stand.behave('away');
    expect(await enotumOf().news(since, clock.now())).toMatchObject({ ok: false, reason: 'away' });
  });
});
