import fc from 'fast-check';
import type { z } from 'zod';
import { isTexts, WEEKDAYS } from '../../domain/office/fields.ts';
import { townFileSchema } from '../../domain/office/schema.ts';
import { defOf, unwrapped } from './reading/words.ts';
import type { Writing } from './writing/written.ts';

type Schema = z.core.$ZodType;
type Any = fc.Arbitrary<unknown>;

const text = fc.constantFrom(
  'Taula',
  'a: b',
  '# 1',
  '010',
  'yes',
  '- x',
  'L’“hora”',
  'u\n\ndos\n',
  '{a}',
);
const code = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const date = fc.integer({ min: 0, max: 900 }).map((days) => plus('2026-01-01', days));
const plus = (day: string, days: number) => Temporal.PlainDate.from(day).add({ days }).toString();
const texts = fc.record({ ca: text, es: text, en: text }, { requiredKeys: ['ca'] });
const languages = fc.subarray(['es', 'en', 'eu']).map((some) => ['ca', ...some]);
const days = (from: string, more: number) => ({ from, to: plus(from, more) });
const closure = fc
  .tuple(
    fc.oneof(
      fc.record({ date }),
      fc.tuple(date, fc.nat(9)).map(([from, more]) => days(from, more)),
    ),
    fc.option(texts),
  )
  .map(([when, why]) => ({ ...when, ...(why && { why }) }));

/** Generators for keys whose rules go beyond the schema, by the name of the key. */
const BY_KEY: Record<string, Any> = {
  languages,
  timeZone: fc.constantFrom('Europe/Madrid', 'Atlantic/Canary'),
  holidays: fc.constantFrom('ES-CT', 'ES', 'none'),
  country: fc.constantFrom('ES', 'FR'),
  feastDays: fc.array(closure, { maxLength: 3 }),
  closures: fc.array(closure, { maxLength: 3 }),
  openDays: fc.uniqueArray(date, { maxLength: 2 }),
  prepared: fc.constant('2026-01-02'),
  reviewed: fc.constant('2026-02-02'),
  attempts: fc.constantFrom({}, { max: 1 }, { max: 2, windowMinutes: 40, spacingMinutes: 20 }),
  look: fc.constantFrom(
    {},
    { accent: { light: '#1d4f91', dark: '#6cc5cf' } },
    { logo: { url: 'https://vilaclara.example/l.svg', alt: { ca: 'Escut' } } },
  ),
  wording: fc.constantFrom(
    {},
    { late: { phone: { ca: 'Et truquem a les {time}.' }, note: { es: 'Son {minutes}.' } } },
    {
      cancellation: {
        byOffice: { ca: 'No hi serem.' },
        sms: { byOffice: { ca: '{day} {time}: no.' } },
      },
    },
  ),
  engines: fc.constantFrom(
    { ca: 'wss://parla.vilaclara.example/ca' },
    { es: 'wss://parla.vilaclara.example/es', ca: 'ws://localhost:2700' },
  ),
  signClips: fc.constantFrom(
    {},
    { home: { csc: { video: 'https://vilaclara.example/inici.mp4', seconds: 40 } } },
  ),
  areas: fc.constant('areas.geojson'),
  requests: fc.constantFrom(
    { types: {} },
    {
      reopenDays: 10,
      similar: { metres: 90 },
      reasons: { b: { name: { ca: 'No és nostre' } }, a: { name: { ca: 'Ja hi és' } } },
      templates: { fet: { name: { ca: 'Fet' }, text: { ca: 'Hola {name}:\n\n{reference}' } } },
      types: {
        z: { kind: 'thanks', name: { ca: 'Gràcies' }, place: 'none' },
        fanal: {
          ...{
            kind: 'incident',
            name: { ca: 'Fanal' },
            place: 'required',
            anonymous: true,
            days: 5,
          },
          keywords: { ca: ['llum'] },
          questions: [
            { id: 'quants', type: 'number', label: { ca: 'Quants?' } },
            {
              ...{ id: 'com', type: 'choice', label: { ca: 'Com?' }, required: true },
              options: ['off', 'pampallugues'].map((id) => ({ id, label: { ca: id } })),
            },
          ],
        },
      },
    },
  ),
  keywords: fc.constantFrom({}, { ca: ['viure', '112'] }),
  with: fc.constant([]),
  number: fc.constant('+34 930 000 010'),
  dir3: fc.constant('L01089999'),
  payment: fc.constantFrom(
    { kind: 'demo' },
    { kind: 'redsys', merchant: '999008881', environment: 'test' },
    { kind: 'redsys', merchant: '123456789', terminal: 2, signature: 'HMAC_SHA256_V1' },
  ),
  signature: fc.constantFrom(
    { kind: 'demo' },
    { kind: 'valid', clientId: '0123456789.serveis.aoc.cat' },
    {
      kind: 'valid',
      clientId: 'vilaclara.cat',
      endpoint: 'https://valid-pre.aoc.cat',
      levels: { substantial: 'substantial' },
      certificates: ['MIIB'],
    },
  ),
  autofirma: fc.constantFrom({}, { name: 'Ajuntament de Vila', revocation: 'required' }),
  folder: fc.constantFrom(
    { kind: 'hub', ine10: '0899990001', isTrial: true },
    {
      ...{
        kind: 'hub',
        ine10: '0899990001',
        dir3: 'L01089999',
        addresses: ['157.97.64.126', '::1'],
      },
      certificates: ['A7'.repeat(32), Array(32).fill('0f').join(':')],
    },
  ),
  registry: fc.constantFrom(
    { kind: 'internal' },
    { kind: 'mux', ine10: '0899990001', purpose: 'REGISTRE', modality: 'ASSENTAMENT' },
    {
      ...{ kind: 'mux', ine10: '0899990001', purpose: 'REGISTRE', modality: 'ASSENTAMENT' },
      ...{ endpoint: 'http://localhost:4000/Sincron', requester: '800180001', office: '7' },
      application: 'CITES',
    },
  ),
  residents: fc.constantFrom(
    { kind: 'list' },
    { kind: 'padro', ine10: '0899990001', purpose: 'PADRO', leavesOutProtected: false },
    { kind: 'padro', ine10: '0899990001', purpose: 'PADRO', leavesOutProtected: true },
  ),
  notifications: fc.constantFrom(
    {
      ...{ kind: 'enotum', ine10: '0899990001', purpose: 'NOTIFICACIONS' },
      ...{ organisation: '0899990001', department: '1', page: 'https://enotum.example/' },
    },
    {
      ...{ kind: 'enotum', ine10: '0899990001', purpose: 'NOTIFICACIONS', requester: '800180001' },
      ...{ organisation: '0899990001', department: '1', page: 'https://enotum.example/' },
      ...{ endpoint: 'http://localhost:4000/Sincron', backOffice: 'FINESTRETA' },
    },
  ),
};
/** Providers of identities. A procedure's `identity` is another key. */
const PROVIDERS = fc.constantFrom(
  [],
  [{ kind: 'demo', code: 'prova', name: { ca: 'Prova' } }],
  [{ kind: 'valid', code: 'valid', name: { ca: 'VÀLid' }, clientId: '1.aoc.cat' }],
);
/** Keys left out here: most of them refer to another part of the file, and `randomOffice` adds those. */
const LEFT_OUT = new Set([
  'theme',
  'exchange',
  'acts',
  'teams',
  'chat',
  'habilitated',
  'desks',
  'shifts',
  'absences',
  'staff',
  'uploads',
]);

function anyOf(schema: Schema, key = ''): Any {
  if (isTexts(unwrapped(schema)) || isTexts(schema)) return texts;
  const known = BY_KEY[key];
  if (known) return known;
  const def = defOf(unwrapped(schema));
  if (def.type === 'object') {
    const keys = Object.entries(def.shape).filter(([name]) => !LEFT_OUT.has(name));
    const required = keys.filter(([, inner]) => !isOptional(inner)).map(([name]) => name);
    const model = Object.fromEntries(keys.map(([name, inner]) => [name, anyOf(inner, name)]));
    return fc.record(model, { requiredKeys: required });
  }
  if (def.type === 'record')
    return fc
      .uniqueArray(fc.tuple(code, anyOf(def.valueType)), {
        minLength: 1,
        maxLength: 3,
        selector: ([each]) => each,
      })
      .map((each) => Object.fromEntries(each));
  if (def.type === 'array' && defOf(unwrapped(def.element)).type === 'union') return PROVIDERS;
  if (def.type === 'array')
    return fc.uniqueArray(anyOf(def.element), { maxLength: 2, selector: codeOrSelf });
  if (def.type === 'enum') return fc.constantFrom(...Object.values(def.entries));
  if (def.type === 'boolean') return fc.boolean();
  if (def.type === 'number') {
    const bounds = (def.checks ?? []).map(
      (each) => (each._zod.def as { value?: number }).value ?? 0,
    );
    return fc.integer({ min: Math.min(...bounds), max: Math.max(...bounds) });
  }
  return sampleOf(key);
}

const codeOrSelf = (each: unknown): unknown =>
  (each as { code?: string }).code ?? JSON.stringify(each);

function isOptional(schema: Schema): boolean {
  const { type } = defOf(schema);
  return type === 'optional' || type === 'default' || type === 'prefault';
}

function sampleOf(key: string): Any {
  if (key === 'code') return code;
  if (key === 'email') return fc.constantFrom('oac@vilaclara.example', 'a.b@c.example');
  if (key === 'phone' || key === 'caller') return fc.constantFrom('010', '+34 930 000 010');
  if (key === 'location') return fc.constantFrom('41.5463, 2.1086', '-33.9,18.4');
  if (key === 'prefix') return fc.constantFrom('', '0');
  if (['url', 'source', 'complaints', 'form', 'relay'].includes(key))
    return fc.constant('https://vilaclara.example/a?b=1');
  return text.map((each) => each.slice(0, 60));
}

const { town, offices } = townFileSchema.shape;
const office = defOf(unwrapped(offices)) as { valueType: Schema };

/** An office with consistent desks, shifts and absences. */
export const randomOffice: fc.Arbitrary<Writing> = fc
  .record({
    said: anyOf(office.valueType) as fc.Arbitrary<Writing>,
    desks: fc.uniqueArray(code, { minLength: 1, maxLength: 3 }),
    shifts: fc.array(
      fc.tuple(fc.nat(2), fc.subarray([...WEEKDAYS], { minLength: 1 }), date, fc.boolean()),
    ),
    absences: fc.array(fc.tuple(fc.nat(2), date, fc.nat(3), fc.boolean())),
  })
  .map(({ said, desks, shifts, absences }): Writing => {
    const desk = (n: number) => desks[n % desks.length];
    const [site] = Object.keys((said.sites as Writing | undefined) ?? {});
    return {
      ...said,
      procedures: withChannels(said.procedures as Record<string, Writing> | undefined),
      desks: Object.fromEntries(
        desks.map((each, n) => [
          each,
          {
            name: `Taula ${n}`,
            skills: n === 0 ? 'all' : [],
            languages: ['ca'],
            channels: ['phone'],
            ...(n === 0 && site && { site }),
          },
        ]),
      ),
      shifts: shifts.map(([n, weekdays, since, ends]) => ({
        ...{ desk: desk(n), weekdays, from: '08:30', to: '24:00', since },
        ...(ends && { until: plus(since, 30) }),
      })),
      absences: absences.map(([n, from, more, whole]) => {
        const to = plus(from, more);
        return {
          desk: desk(n),
          ...(whole ? { from, to } : { from: `${from}T09:00`, to: `${to}T11:00` }),
        };
      }),
    };
  });

const withChannels = (procedures: Record<string, Writing> = {}): Writing =>
  Object.fromEntries(
    Object.entries(procedures).map(([each, said]) => [
      each,
      { ...said, channels: { phone: 15, ...(said.channels as Writing) } },
    ]),
  );

const person = fc.record({ name: fc.constantFrom('Anna Puig', 'Pau'), operator: fc.boolean() });

/** Random valid town files with every possible key. */
export const randomTownFile: fc.Arbitrary<Writing> = fc
  .record({
    town: anyOf(town),
    offices: fc.uniqueArray(fc.tuple(code, randomOffice), {
      ...{ minLength: 1, maxLength: 2, selector: ([each]: [string, Writing]) => each },
    }),
    people: fc.array(person, { maxLength: 2 }),
  })
  .map(({ town, offices, people }) => {
    const [first] = offices;
    const desk = Object.keys(first?.[1].desks ?? {})[0];
    return {
      town,
      offices: Object.fromEntries(offices),
      staff: people.map((each, n) => ({
        ...each,
        email: `p${n}@vilaclara.example`,
        offices: {
          [first?.[0] ?? '']: {
            roles: n === 0 ? ['agent', 'coordinator'] : ['administrator'],
            ...(n === 0 && { desk }),
          },
        },
      })),
    };
  });

/** A red point, as a PNG. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGM4oKAAAAKkAQHjTKctAAAAAElFTkSuQmCC',
  'base64',
);

/** A coat of arms, as an SVG. */
export const SHIELD =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 44"><path d="M2 2h36v22c0 10-8 15-18 18C10 39 2 34 2 24z" fill="#f2b84b"/><path d="M8 4v28M16 4v35M24 4v35M32 4v28" stroke="#a3211b" stroke-width="4"/></svg>';
