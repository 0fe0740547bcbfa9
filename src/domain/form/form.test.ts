import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { canonicalJson } from '../../lib/envelope/canonical-json.ts';
import type { FormContext } from './applied.ts';
import { differenceOf } from './difference.ts';
import { feeBefore, feeOf } from './fee.ts';
import { levelOf, obstaclesTo } from './online.ts';
import { nextPage, pagesOf, previousPage, progressOf, resumePage } from './pages.ts';
import { prefilled } from './prefilled.ts';
import { bindingsOf } from './rules/binding.ts';
import { type Form, formSchema } from './schema.ts';
import { DEFAULT_STATES, namesOfStates } from './states.ts';
import { validate } from './validate.ts';
import { versionOf } from './version.ts';

const read = (name: string) =>
  parse(readFileSync(`towns/vilaclara/forms/${name}.yaml`, 'utf8')) as Record<string, unknown>;
const formOf = (name: string, change: object = {}): Form =>
  formSchema.parse({ ...read(name), ...change });

const TODAY = Temporal.PlainDate.from('2026-11-29');
const context: FormContext = { today: TODAY, language: 'ca' };
const FILE = [
  { document: 'd1', name: 'rebut.pdf', kind: 'pdf', bytes: 100, sha256: 'a'.repeat(64) },
];

/** A terrace that is renewed as it was: no plan is asked. */
const RENEWED = {
  local: {
    rotul: 'Bar Pi',
    titular: '12345678Z',
    activitat: 'LA-2019/44',
    adreca: { street: 'Carrer Major', number: '3', postalCode: '08191' },
    renova: true,
    canvis: false,
    anterior: 'T-2025/12',
  },
  espai: {
    on: 'placa',
    zones: [
      { llarg: 5.5, ample: 2.2 },
      { llarg: 3, ample: 1.35 },
    ],
  },
  mobiliari: { taules: 6, cadires: 24, elements: ['estufes'] },
  estufes: { quantes: 2, energia: 'electrica' },
  calendari: { durada: 'temporada', mesos: 7, 'des-de': '2027-03-01' },
  asseguranca: { companyia: 'Mútua', cobertura: '150000', venciment: '2027-12-31', rebut: FILE },
  import: { compte: 'ES91 2100 0418 4502 0005 1332' },
  declarations: { veritat: true, pas: true },
};

describe('the terrace licence of the demo town', () => {
  const form = formOf('terrassa');

  test('can be handed in, with what was calculated', () => {
    const { ok, mistakes, answers } = validate(form, RENEWED, context);
    expect(mistakes).toEqual([]);
    expect(ok).toBe(true);
    expect(answers['espai']).toMatchObject({ superficie: 16.15 });
    expect(answers['import']).toEqual({
      tarifa: '4.35',
      mesos: 7,
      fianca: '193.80',
      compte: 'ES9121000418450200051332',
    });
  });

  test('costs what somebody reckons by hand, to the cent', () => {
    // 48.50 + 16.15 m² × 4.35 × 7 months + 2 heaters × 15 = 48.50 + 491.7675 + 30
    expect(feeOf(form, RENEWED, context)).toEqual({ cents: 57027, isKnown: true });
    const year = { ...RENEWED, calendari: { durada: 'any' } };
    // 48.50 + 16.15 × 4.35 × 12 + 30 = 921.53
    expect(feeOf(form, year, context)).toEqual({ cents: 92153, isKnown: true });
    expect(feeOf(formOf('volant-padro'), {}, context)).toBeNull();
  });

  test('asks for a plan where the terrace is new or changes', () => {
    const changed = { ...RENEWED, local: { ...RENEWED.local, canvis: true } };
    const names = validate(form, changed, context).mistakes.map(({ name }) => name);
    expect(names).toEqual(['espai.dibuix', 'espai.croquis']);
  });

  test('leaves out answers of what is not asked', () => {
    const before = { ...RENEWED, estufes: { quantes: 2, energia: 'gas', certificat: FILE } };
    const gas = { ...before, declarations: { veritat: true, pas: true, gas: true } };
    expect(validate(form, gas, context).ok).toBe(true);
    const without = { ...gas, mobiliari: { ...RENEWED.mobiliari, elements: ['tendal'] } };
    const { ok, answers } = validate(form, without, context);
    expect(ok).toBe(true);
    expect(answers).not.toHaveProperty('estufes');
    expect(answers['declarations']).toEqual({ veritat: true, pas: true });
    expect(feeOf(form, without, context)?.cents).toBe(54027);
  });

  test('goes page by page, one thing on each, and keeps together what the form says', () => {
    const ids = pagesOf(form, RENEWED, context).map(({ id }) => id);
    expect(ids.slice(0, 3)).toEqual(['start', 'local/rotul', 'local/titular']);
    expect(ids).toContain('mobiliari');
    expect(ids).not.toContain('espai/dibuix');
    expect(ids.slice(-4)).toEqual(['declarations', 'check', 'sign', 'pay']);
    const zones = ids.filter((each) => each.startsWith('espai/zones'));
    expect(zones).toEqual(['espai/zones/1', 'espai/zones/2', 'espai/zones']);
  });

  test('goes on where it was left, and from a page that no longer applies', () => {
    const begun = { local: RENEWED.local };
    const resume = resumePage(form, begun, context, validate(form, begun, context));
    expect(resume.id).toBe('espai/on');
    expect(nextPage(form, RENEWED, context, 'espai/dibuix')?.id).toBe('mobiliari');
    expect(previousPage(form, RENEWED, context, 'espai/dibuix')?.id).toBe('espai/superficie');
    expect(nextPage(form, RENEWED, context, 'estufes/certificat')?.id).toBe('calendari/durada');
    expect(nextPage(form, RENEWED, context, 'espai/zones/9')?.id).toBe('espai/zones');
    expect(nextPage(form, RENEWED, context, 'pay')).toBeNull();
    expect(previousPage(form, RENEWED, context, 'start')).toBeNull();
    expect(progressOf(form, begun, context)).toMatchObject({ answered: 7 });
  });

  test('says at which item of a group something is wrong, and goes on there', () => {
    const [first] = RENEWED.espai.zones;
    const zones = [first, { llarg: 3, ample: 40 }];
    const answers = { ...RENEWED, espai: { on: 'placa', zones } };
    const result = validate(form, answers, context);
    expect(result.mistakes).toEqual([
      {
        name: 'espai.zones.ample',
        path: ['espai', 'zones', 1, 'ample'],
        key: 'form.error.most',
        values: { max: '20' },
      },
    ]);
    expect(resumePage(form, answers, context, result).id).toBe('espai/zones/2');
  });
});

test('each rule of a form is bound to the step that it needs', () => {
  const bound = bindingsOf(formOf('terrassa')).map(
    ({ of, part, needs, step }) => `${of} ${part}: ${needs.join(' ')} (${step})`,
  );
  expect(bound).toEqual([
    'local.canvis when: local.renova (local)',
    'local.anterior when: local.renova (local)',
    'local.cal-planol value: local.renova local.canvis (local)',
    'espai.superficie value: espai.zones espai.zones.llarg espai.zones.ample (espai)',
    'espai.dibuix when: local.cal-planol (local)',
    'espai.croquis when: local.cal-planol (local)',
    'estufes when: mobiliari.elements (mobiliari)',
    'estufes.certificat when: estufes.energia (estufes)',
    'calendari.mesos when: calendari.durada (calendari)',
    'import.tarifa value: espai.on (espai)',
    'import.mesos value: calendari.mesos (calendari)',
    'import.fianca value: espai.superficie (espai)',
    'declarations.gas when: estufes.energia (estufes)',
    'fee fee: espai.superficie import.tarifa import.mesos estufes.quantes (import)',
  ]);
  expect(bindingsOf(formOf('instancia-generica'))[0]).toMatchObject({ step: null });
});

describe('the general application of the demo town', () => {
  const form = formOf('instancia-generica');

  test('asks for whom one acts only where one acts for somebody', () => {
    const pages = (onBehalf: boolean) =>
      pagesOf(form, {}, { ...context, applicant: { onBehalf, organisation: false } }).map(
        ({ id }) => id,
      );
    expect(pages(true)).toContain('representacio/nif');
    expect(pages(false)).not.toContain('representacio/nif');
  });

  test('is filled in with what is known, which can be seen', () => {
    const known = {
      'represented.name': 'Ajuntament de Vilaclara',
      'represented.nif': 'P0800000B',
      'contact.email': 'Rosa@Exemple.cat',
      'contact.phone': 'none',
      'padro.address': { street: 'Carrer Major' },
    };
    const answers = { representacio: { nom: 'AV Les Eres' } };
    expect(prefilled(form, answers, known, context)).toEqual({
      answers: {
        representacio: { nom: 'AV Les Eres', nif: 'P0800000B' },
        avisos: { correu: 'rosa@exemple.cat' },
      },
      from: { 'representacio.nif': 'represented.nif', 'avisos.correu': 'contact.email' },
    });
  });
});

test('a fee is never below zero, and nothing where its rule gives none', () => {
  const fee = (rule: unknown) => feeOf(formOf('volant-padro', { fee: rule }), {}, context);
  expect(fee({ '-': [3, 10] })).toEqual({ cents: 0, isKnown: true });
  expect(fee({ '/': [3, 0] })).toEqual({ cents: 0, isKnown: false });
  expect(fee(7.255)).toEqual({ cents: 726, isKnown: true });
  expect(fee(0)).toEqual({ cents: 0, isKnown: true });
});

describe('a version', () => {
  test('has the same hash whatever the order of keys, and another for each change', () => {
    const written = read('terrassa');
    const turned = Object.fromEntries(Object.entries(written).reverse());
    const { sha256, content, procedure } = versionOf(formSchema.parse(written));
    expect(versionOf(formSchema.parse(turned)).sha256).toBe(sha256);
    expect(versionOf(formOf('terrassa', { minutes: 26 })).sha256).not.toBe(sha256);
    expect(procedure).toBe('terrassa');
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(content)).toEqual(formSchema.parse(written));
    const general = versionOf(formOf('instancia-generica')).content;
    expect(JSON.parse(general).states).toEqual(DEFAULT_STATES);
  });

  test('is canonical JSON: the examples of RFC 8785', () => {
    expect(canonicalJson({ '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude02': 4, '\u00f6': 5 })).toBe(
      '{"\\r":2,"1":3,"ö":5,"€":1,"😂":4}',
    );
    expect(canonicalJson([56.0, 1e-7, { b: null, a: undefined }])).toBe('[56,1e-7,{"b":null}]');
  });
});

describe('the difference between two versions', () => {
  const before = formOf('volant-padro');
  const change = (edit: (form: Form) => void) => {
    const after = structuredClone(before);
    edit(after);
    return differenceOf(before, after);
  };

  test('is nothing for the same form', () => {
    expect(differenceOf(before, before)).toEqual([]);
  });

  test('has texts by language, rules and settings', () => {
    const differences = change((form) => {
      const [motiu, quina] = form.steps[0]!.questions;
      motiu!.label = { ...motiu!.label, ca: 'Per a què el vols?' };
      delete motiu!.label.eu;
      quina!.when = { answered: 'document.motiu' };
      Object.assign(quina!, { max: 60 });
      form.minutes = 4;
      form.fee = 3;
    });
    expect(differences).toEqual([
      { kind: 'setting', thing: 'form', name: '', part: 'minutes', before: 2, after: 4 },
      { kind: 'rule', thing: 'form', name: '', part: 'fee', before: undefined, after: 3 },
      {
        ...{ kind: 'text', thing: 'question', name: 'document.motiu', part: 'label' },
        ...{ language: 'ca', before: 'Per a què el necessites?', after: 'Per a què el vols?' },
      },
      {
        ...{ kind: 'text', thing: 'question', name: 'document.motiu', part: 'label' },
        ...{ language: 'eu', before: 'Zertarako behar duzu?', after: undefined },
      },
      expect.objectContaining({ kind: 'rule', name: 'document.quina-cosa', part: 'when' }),
      {
        ...{ kind: 'setting', thing: 'question', name: 'document.quina-cosa', part: 'max' },
        ...{ before: 120, after: 60 },
      },
    ]);
  });

  test('has what was added, removed and moved, each once', () => {
    const differences = change((form) => {
      const { questions } = form.steps[0]!;
      const [first] = questions.splice(0, 1);
      questions.push(first!);
      form.steps.splice(1, 1);
      form.declarations.push({ id: 'veritat', required: true });
      const choice = questions.find(({ id }) => id === 'qui');
      if (choice?.type === 'choice') choice.options.push({ id: 'pares' });
    });
    expect(differences.map(({ kind, thing, name }) => `${kind} ${thing} ${name}`)).toEqual([
      'removed step avis',
      'added option document.qui.pares',
      'moved question document.motiu',
      'added declaration declarations.veritat',
    ]);
  });
});

test('the default states begin registered and know each state', () => {
  expect(namesOfStates(DEFAULT_STATES)[0]).toBe('registered');
  expect(namesOfStates(DEFAULT_STATES)).toHaveLength(7);
});

test('a question may be called as what every object inherits', () => {
  const form = formSchema.parse({
    procedure: 'p',
    steps: [
      { id: 'constructor', questions: [{ id: 'constructor', type: 'text', required: true }] },
    ],
  });
  expect(validate(form, {}, context).mistakes).toHaveLength(1);
  const answers = { constructor: { constructor: 'sí' } };
  expect(validate(form, answers, context)).toMatchObject({ ok: true, answers });
});

test('a form with a fee can be finished on-line where the town takes payments', () => {
  const form = formOf('volant-padro', { fee: 12 });
  expect(obstaclesTo(form, { takesPayments: false, signs: [] })).toEqual(['payment']);
  expect(obstaclesTo(form, { takesPayments: true, signs: [] })).toEqual([]);
});

test('a fee is told before a form is begun as it is charged, and one of nothing is none', () => {
  const told = (fee: unknown) => feeBefore(formOf('volant-padro', { fee }));
  const charged = (fee: unknown) => feeOf(formOf('volant-padro', { fee }), {}, context)?.cents;
  // 1.005 × 100 is 100.49… in binary.
  expect(told(1.005)).toEqual({ kind: 'fixed', cents: 101 });
  expect(charged(1.005)).toBe(101);
  expect([told(0).kind, told({ '*': [2, 3] }).kind]).toEqual(['none', 'varies']);
  expect(feeBefore({})).toEqual({ kind: 'none' });
  const free = formOf('volant-padro', { fee: 0 });
  expect(obstaclesTo(free, { takesPayments: false, signs: [] })).toEqual([]);
});

test('a form that is signed can be finished on-line where the town has its way to sign', () => {
  const form = formOf('volant-padro', { sign: 'valid' });
  expect(obstaclesTo(form, { takesPayments: false, signs: [] })).toEqual(['signature']);
  // A certificate is more than the ordinary signature, and not the other way round.
  expect(obstaclesTo(form, { takesPayments: false, signs: ['autofirma'] })).toEqual([]);
  const strict = { ...form, sign: 'autofirma' } as const;
  expect(obstaclesTo(strict, { takesPayments: false, signs: ['valid'] })).toEqual(['signature']);
  expect(obstaclesTo(strict, { takesPayments: false, signs: ['autofirma'] })).toEqual([]);
  expect(obstaclesTo(form, { takesPayments: false, signs: ['valid'] })).toEqual([]);
  expect(levelOf({ identity: 'none', sign: 'valid' })).toBe('low');
});
